"""Cases of RFC 9113 sections 5.1, 5.3 and 6.9: the states of streams, and flow control."""

from hyperframe.frame import GoAwayFrame, RstStreamFrame

from http2_case import table
from http2_peer import (
    END_HEADERS, END_STREAM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, HEADERS, INITIAL_WINDOW_SIZE,
    MAX_CONCURRENT_STREAMS, PRIORITIZED, PROTOCOL_ERROR, REFUSED_STREAM, STREAM_CLOSED,
    WINDOW_UPDATE, Failed, frame, priority_fields)

CASES, case = table()

LARGEST_WINDOW = (1 << 31) - 1


@case("http2/5.1/1", "idle: DATA")
def _(peer):
    peer.data()
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/5.1/2", "idle: RST_STREAM")
def _(peer):
    peer.reset()
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/5.1/3", "idle: WINDOW_UPDATE")
def _(peer):
    peer.window_update(1, 100)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/5.1/4", "idle: CONTINUATION")
def _(peer):
    peer.continuation()
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/5.1/5", "half-closed (remote): DATA")
def _(peer):
    peer.headers()
    peer.data()
    peer.wants_stream_error(STREAM_CLOSED)


@case("http2/5.1/6", "half-closed (remote): HEADERS")
def _(peer):
    peer.headers()
    peer.headers()
    peer.wants_stream_error(STREAM_CLOSED)


@case("http2/5.1/7", "half-closed (remote): CONTINUATION")
def _(peer):
    peer.headers()
    peer.continuation()
    peer.wants_stream_error(STREAM_CLOSED, PROTOCOL_ERROR)


@case("http2/5.1/8", "closed by RST_STREAM: DATA")
def _(peer):
    peer.headers(flags=END_HEADERS)
    peer.reset()
    peer.data()
    peer.wants_stream_error(STREAM_CLOSED)


@case("http2/5.1/9", "closed by RST_STREAM: HEADERS")
def _(peer):
    peer.headers(flags=END_HEADERS)
    peer.reset()
    peer.headers()
    peer.wants_stream_error(STREAM_CLOSED)


@case("http2/5.1/10", "closed by RST_STREAM: CONTINUATION")
def _(peer):
    peer.headers(flags=END_HEADERS)
    peer.reset()
    peer.continuation()
    peer.wants_stream_error(STREAM_CLOSED, PROTOCOL_ERROR)


@case("http2/5.1/11", "closed: DATA")
def _(peer):
    peer.headers()
    peer.wants_stream_end()
    peer.data()
    peer.wants_connection_error(STREAM_CLOSED)


@case("http2/5.1/12", "closed: HEADERS")
def _(peer):
    peer.headers()
    peer.wants_stream_end()
    peer.headers()
    peer.wants_connection_error(STREAM_CLOSED)


@case("http2/5.1/13", "closed: CONTINUATION")
def _(peer):
    peer.headers()
    peer.wants_stream_end()
    peer.continuation()
    peer.wants_connection_error(STREAM_CLOSED, PROTOCOL_ERROR)


@case("http2/5.1.1/1", "HEADERS on an even stream")
def _(peer):
    peer.headers(stream=2)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/5.1.1/2", "HEADERS on a stream lower than one before")
def _(peer):
    peer.headers(stream=5)
    peer.headers(stream=3)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/5.1.1/3", "HEADERS again on a stream that is half-closed")
def _(peer):
    peer.headers(stream=5)
    peer.headers(stream=5)
    peer.wants_stream_error(STREAM_CLOSED)


@case("http2/5.1.2/1", "more streams than MAX_CONCURRENT_STREAMS")
def _(peer):
    limit = peer.settings.get(MAX_CONCURRENT_STREAMS)
    if limit is None:
        raise Failed("the server names no MAX_CONCURRENT_STREAMS")
    # With no window the answers cannot end, so the streams stay open.
    peer.configure((INITIAL_WINDOW_SIZE, 0))
    # Many together: with a pause behind each, a server that allows many would have given up the
    # first ones, whose answers nobody takes, before the last one comes.
    requests = [
        frame(HEADERS, END_STREAM | END_HEADERS, 1 + 2 * index, peer.encode(peer.request()))
        for index in range(limit)]
    for start in range(0, limit, 500):
        peer.send(b"".join(requests[start:start + 500]))
    peer.headers(stream=1 + 2 * limit)
    peer.wants_stream_error(PROTOCOL_ERROR, REFUSED_STREAM)


@case("http2/5.3.1/1", "HEADERS whose priority depends on its own stream")
def _(peer):
    peer.headers(flags=END_STREAM | END_HEADERS | PRIORITIZED, prefix=priority_fields(1))
    peer.wants_stream_error(PROTOCOL_ERROR)


@case("http2/5.3.1/2", "PRIORITY that depends on its own stream")
def _(peer):
    peer.priority(1, dependency=1)
    peer.wants_stream_error(PROTOCOL_ERROR)


@case("http2/6.9/1", "WINDOW_UPDATE of 0 on the connection")
def _(peer):
    peer.window_update(0, 0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.9/2", "WINDOW_UPDATE of 0 on a stream")
def _(peer):
    peer.headers(flags=END_HEADERS)
    peer.window_update(1, 0)
    peer.wants_stream_error(PROTOCOL_ERROR)


@case("http2/6.9/3", "WINDOW_UPDATE of a length other than 4")
def _(peer):
    peer.send_frame(WINDOW_UPDATE, 0, 0, b"\0\0\x01")
    peer.wants_connection_error(FRAME_SIZE_ERROR)


@case("http2/6.9.1/1", "a window of 1 is kept")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 1))
    peer.wants_settings_ack()
    peer.headers()
    peer.wants_data(length=1)


@case("http2/6.9.1/2", "the window of the connection above 2^31 - 1")
def _(peer):
    peer.window_update(0, LARGEST_WINDOW)
    peer.window_update(0, LARGEST_WINDOW)
    peer.wants(GoAwayFrame, "GOAWAY with FLOW_CONTROL_ERROR",
               lambda f: f.error_code == FLOW_CONTROL_ERROR)


@case("http2/6.9.1/3", "the window of a stream above 2^31 - 1")
def _(peer):
    peer.headers(flags=END_HEADERS)
    peer.window_update(1, LARGEST_WINDOW)
    peer.window_update(1, LARGEST_WINDOW)
    peer.wants(RstStreamFrame, "RST_STREAM with FLOW_CONTROL_ERROR",
               lambda f: f.stream_id == 1 and f.error_code == FLOW_CONTROL_ERROR)


@case("http2/6.9.2/1", "a larger INITIAL_WINDOW_SIZE opens the windows of open streams")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 0))
    peer.wants_settings_ack()
    peer.headers()
    peer.configure((INITIAL_WINDOW_SIZE, 1))
    peer.wants_settings_ack()
    peer.wants_data(length=1)


@case("http2/6.9.2/2", "a window may become negative")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 3))
    peer.wants_settings_ack()
    peer.headers()
    peer.wants_data(length=3)
    peer.configure((INITIAL_WINDOW_SIZE, 2))
    peer.wants_settings_ack()
    peer.window_update(1, 2)
    peer.wants_data(length=1)


@case("http2/6.9.2/3", "INITIAL_WINDOW_SIZE above 2^31 - 1")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 1 << 31))
    peer.wants_connection_error(FLOW_CONTROL_ERROR)
