// Generated code stands here.
