"""Cases of RFC 9113 sections 3, 4, 6.1 to 6.8 and 6.10: the layout of frames and their types."""

import struct

from hyperframe.frame import GoAwayFrame, PingFrame, SettingsFrame

from http2_case import table
from http2_peer import (
    ACK, COMPRESSION_ERROR, DATA, ENABLE_PUSH, END_HEADERS, END_STREAM,
    FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, GOAWAY, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE,
    PADDED, PING, PREFACE, PRIORITY, PROTOCOL_ERROR, RST_STREAM, SETTINGS,
    STREAM_CLOSED, dummy_fields)

CASES, case = table()

UNKNOWN_TYPE, UNDEFINED_FLAGS, RESERVED_BIT = 0x16, 0x16, 0x80000000


@case("http2/3.5/1", "the first frame of the server is SETTINGS", handshake=False)
def _(peer):
    peer.send(PREFACE)
    peer.configure((INITIAL_WINDOW_SIZE, 65535))
    first = peer.next()
    if not isinstance(first, SettingsFrame) or "ACK" in first.flags:
        peer.fail("SETTINGS first")


@case("http2/3.5/2", "an invalid preface closes the connection", handshake=False)
def _(peer):
    peer.send(b"INVALID CONNECTION PREFACE\r\n\r\n")
    peer.wants_close()


@case("http2/4.1/1", "a frame of unknown type is ignored")
def _(peer):
    peer.send_frame(UNKNOWN_TYPE, 0, 0, b"\0" * 8)
    peer.ping()
    peer.wants_pong()


@case("http2/4.1/2", "undefined flags are ignored")
def _(peer):
    peer.ping(flags=UNDEFINED_FLAGS)
    peer.wants_pong()


@case("http2/4.1/3", "the reserved bit is ignored")
def _(peer):
    peer.send_frame(PING, UNDEFINED_FLAGS, RESERVED_BIT, b"\0" * 8)
    peer.wants_pong()


@case("http2/4.2/1", "DATA of 2^14 octets is taken")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=END_HEADERS)
    peer.data(payload=b"x" * peer.max_frame_size())
    peer.wants_response()


@case("http2/4.2/2", "DATA above the maximum frame size")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=END_HEADERS)
    peer.data(payload=b"x" * (peer.max_frame_size() + 1))
    peer.wants_stream_error(FRAME_SIZE_ERROR)


@case("http2/4.2/3", "HEADERS above the maximum frame size")
def _(peer):
    number = peer.max_frame_size() // 1000 + 1
    peer.headers(fields=[*peer.request(), *dummy_fields(number)])
    peer.wants_connection_error(FRAME_SIZE_ERROR)


@case("http2/4.3/1", "a header block that cannot be decoded")
def _(peer):
    # Literal with incremental indexing, and then nothing: name and value are missing.
    peer.headers(block=b"\x40")
    peer.wants_connection_error(COMPRESSION_ERROR)


def priority_inside_block(peer):
    peer.headers(flags=0)
    peer.priority(1)
    peer.continuation()
    peer.wants_connection_error(PROTOCOL_ERROR)


def other_stream_inside_block(peer):
    peer.headers(flags=0)
    peer.headers(stream=3)
    peer.continuation()
    peer.wants_connection_error(PROTOCOL_ERROR)


case("http2/4.3/2", "PRIORITY inside a header block")(priority_inside_block)
case("http2/4.3/3", "HEADERS of another stream inside a header block")(other_stream_inside_block)


@case("http2/5.4.1/1", "the connection is closed after a connection error")
def _(peer):
    peer.send_frame(PING, 0, 3, b"\0" * 8)
    peer.wants_close()


@case("http2/5.4.1/2", "GOAWAY precedes the close (strict)")
def _(peer):
    peer.send_frame(PING, 0, 3, b"\0" * 8)
    peer.wants(GoAwayFrame, "GOAWAY", lambda f: f.error_code == PROTOCOL_ERROR)


@case("http2/5.5/1", "an extension frame is ignored")
def _(peer):
    peer.send_frame(UNKNOWN_TYPE, 0, 0, b"\0" * 8)
    peer.ping()
    peer.wants_pong()


@case("http2/5.5/2", "an extension frame inside a header block")
def _(peer):
    peer.headers(flags=END_STREAM)
    peer.send_frame(UNKNOWN_TYPE, 0, 0, b"\0" * 8)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.1/1", "DATA on stream 0")
def _(peer):
    peer.data(stream=0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.1/2", "DATA on a stream that is half-closed")
def _(peer):
    peer.headers(fields=peer.request("POST"))
    peer.data()
    peer.wants_stream_error(STREAM_CLOSED)


@case("http2/6.1/3", "DATA whose padding is as long as the payload")
def _(peer):
    fields = peer.request("POST", [("content-length", "4")])
    peer.headers(fields=fields, flags=END_HEADERS)
    peer.send_frame(DATA, PADDED | END_STREAM, 1, b"\x06test")
    peer.wants_connection_error(PROTOCOL_ERROR)


case("http2/6.2/1", "HEADERS without END_HEADERS, then PRIORITY")(priority_inside_block)
case("http2/6.2/2", "HEADERS without END_HEADERS, then another stream")(other_stream_inside_block)


@case("http2/6.2/3", "HEADERS on stream 0")
def _(peer):
    peer.headers(stream=0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.2/4", "HEADERS whose padding is longer than the payload")
def _(peer):
    block = peer.encode(peer.request())
    peer.headers(block=bytes([len(block) + 2]) + block, flags=END_STREAM | END_HEADERS | PADDED)
    peer.wants_stream_error(PROTOCOL_ERROR)


@case("http2/6.3/1", "PRIORITY on stream 0")
def _(peer):
    peer.priority(0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.3/2", "PRIORITY of a length other than 5")
def _(peer):
    peer.headers()
    peer.send_frame(PRIORITY, 0, 1, b"\x80\0\0\x01")
    peer.wants_stream_error(FRAME_SIZE_ERROR)


@case("http2/6.3/3", "PRIORITY on an idle stream, then HEADERS on a lower one (strict)")
def _(peer):
    peer.priority(3)
    peer.headers(stream=1)
    peer.wants_response()


@case("http2/6.4/1", "RST_STREAM on stream 0")
def _(peer):
    peer.reset(0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.4/2", "RST_STREAM on an idle stream")
def _(peer):
    peer.reset(1)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.4/3", "RST_STREAM of a length other than 4")
def _(peer):
    peer.headers()
    peer.send_frame(RST_STREAM, 0, 1, b"\0\0\0")
    peer.wants_stream_error(FRAME_SIZE_ERROR)


@case("http2/6.5/1", "SETTINGS with ACK and a payload")
def _(peer):
    peer.send_frame(SETTINGS, ACK, 0, b"\0")
    peer.wants_connection_error(FRAME_SIZE_ERROR)


@case("http2/6.5/2", "SETTINGS on stream 1")
def _(peer):
    peer.send_frame(SETTINGS, 0, 1, struct.pack(">HI", 0x3, 100))
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.5/3", "SETTINGS of a length that is no multiple of 6")
def _(peer):
    peer.send_frame(SETTINGS, 0, 0, b"\0\x03\0\0\0\x64\0\x02")
    peer.wants_stream_error(PROTOCOL_ERROR, FRAME_SIZE_ERROR)


def forbidden_setting(name, title, pair, code):
    @case(name, title)
    def _(peer):
        peer.configure(pair)
        peer.wants_connection_error(code)


forbidden_setting("http2/6.5.2/1", "ENABLE_PUSH of 2", (ENABLE_PUSH, 2), PROTOCOL_ERROR)
forbidden_setting("http2/6.5.2/2", "INITIAL_WINDOW_SIZE of 2^31",
                  (INITIAL_WINDOW_SIZE, 1 << 31), FLOW_CONTROL_ERROR)
forbidden_setting("http2/6.5.2/3", "MAX_FRAME_SIZE of 2^14 - 1", (MAX_FRAME_SIZE, 16383),
                  PROTOCOL_ERROR)
forbidden_setting("http2/6.5.2/4", "MAX_FRAME_SIZE of 2^24", (MAX_FRAME_SIZE, 1 << 24),
                  PROTOCOL_ERROR)


@case("http2/6.5.2/5", "an unknown setting is ignored")
def _(peer):
    peer.configure((0xFF, 1))
    peer.ping()
    peer.wants_pong()


@case("http2/6.5.3/1", "of two values of INITIAL_WINDOW_SIZE the last counts")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 100), (INITIAL_WINDOW_SIZE, 1))
    peer.wants_settings_ack()
    peer.headers()
    peer.wants_data(length=1)


@case("http2/6.5.3/2", "SETTINGS is acknowledged")
def _(peer):
    peer.configure((ENABLE_PUSH, 0))
    peer.wants_settings_ack()


@case("http2/6.7/1", "PING is answered with its payload")
def _(peer):
    peer.ping(b"h2spec\0\0")
    peer.wants_pong(b"h2spec\0\0")


@case("http2/6.7/2", "PING with ACK is not answered")
def _(peer):
    peer.ping(b"invalid\0", ACK)
    peer.ping(b"h2spec\0\0")
    for event in peer.events():
        if isinstance(event, PingFrame):
            if event.opaque_data == b"h2spec\0\0":
                return
            break
    peer.fail("only the second PING to be answered")


@case("http2/6.7/3", "PING on stream 1")
def _(peer):
    peer.send_frame(PING, 0, 1, b"\0" * 8)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.7/4", "PING of a length other than 8")
def _(peer):
    peer.send_frame(PING, 0, 0, b"\0" * 6)
    peer.wants_connection_error(FRAME_SIZE_ERROR)


@case("http2/6.8/1", "GOAWAY on stream 1")
def _(peer):
    peer.send_frame(GOAWAY, 0, 1, b"\0" * 8)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.10/1", "several CONTINUATION frames after HEADERS")
def _(peer):
    peer.headers(flags=END_STREAM)
    peer.continuation(flags=0)
    peer.continuation()
    peer.wants_response()


@case("http2/6.10/2", "CONTINUATION without END_HEADERS, then DATA")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=0)
    peer.continuation(flags=0)
    peer.data()
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.10/3", "CONTINUATION on stream 0")
def _(peer):
    peer.headers(flags=END_STREAM)
    peer.continuation(stream=0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.10/4", "CONTINUATION after HEADERS with END_HEADERS")
def _(peer):
    peer.headers()
    peer.continuation()
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.10/5", "CONTINUATION after CONTINUATION with END_HEADERS")
def _(peer):
    peer.headers(flags=END_STREAM)
    peer.continuation()
    peer.continuation()
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/6.10/6", "CONTINUATION after DATA")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=0)
    peer.data()
    peer.continuation(flags=0)
    peer.continuation(stream=0)
    peer.wants_connection_error(PROTOCOL_ERROR)


@case("http2/7/1", "GOAWAY with an unknown code")
def _(peer):
    peer.send_frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0xFF))
    peer.wants_close()


@case("http2/7/2", "RST_STREAM with an unknown code")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=END_HEADERS)
    peer.reset(code=0xFF)
    peer.ping()
    peer.wants_pong()
