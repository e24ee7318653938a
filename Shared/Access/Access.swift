// The room Access.
