// The room HTTP2.
