// The room Launch.
