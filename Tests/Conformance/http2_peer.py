"""A client's end of one HTTP/2 connection that may break every rule of RFC 9113 on purpose."""

import socket
import ssl
import struct
import time

import hpack
from hyperframe.frame import (
    DataFrame, ExtensionFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame,
    SettingsFrame)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

# Frame types, RFC 9113 section 6.
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0x0, 0x1, 0x2, 0x3, 0x4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0x5, 0x6, 0x7, 0x8, 0x9

# Flags.
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITIZED = 0x1, 0x1, 0x4, 0x8, 0x20

# Settings, RFC 9113 section 6.5.2.
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS = 0x1, 0x2, 0x3
INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = 0x4, 0x5, 0x6

# Error codes, RFC 9113 section 7.
NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR = 0x0, 0x1, 0x3
STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM = 0x5, 0x6, 0x7
CANCEL, COMPRESSION_ERROR = 0x8, 0x9

CLOSED = "connection closed"
TIMED_OUT = "nothing more until the timeout"

# Bytes of a field value in cases that need a header block of some size.
LONG_VALUE_BYTES = 3000


class Failed(Exception):
    """The peer did something else than the case wants."""


class Target:
    """Where the server is, and how to reach it."""

    def __init__(self, host, port, tls, path="/", timeout=2.0, lenient=False, pause=0.0):
        self.host, self.port, self.tls = host, port, tls
        self.path, self.timeout, self.lenient, self.pause = path, timeout, lenient, pause

    def connect(self):
        raw = socket.create_connection((self.host, self.port), timeout=self.timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is None:
            return raw
        wrapped = self.tls.wrap_socket(raw, server_hostname=self.host)
        if wrapped.selected_alpn_protocol() != "h2":
            raise Failed(f"ALPN gave {wrapped.selected_alpn_protocol()!r}, not h2")
        return wrapped


def frame(kind, flags, stream, payload=b"", length=None):
    """The bytes of a frame; `length` may lie."""
    size = len(payload) if length is None else length
    return struct.pack(">I", size)[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


class Peer:
    """One connection: sends what it is told, and remembers what came back."""

    def __init__(self, target):
        self.target = target
        self.encoder = hpack.Encoder()
        self.settings = {}
        self.received = b""
        self.seen = []
        self.socket = target.connect()

    def close(self):
        self.socket.close()

    # Sending

    def send(self, data):
        """A server that has already hung up may refuse the rest: what it said before counts."""
        try:
            self.socket.sendall(data)
            time.sleep(self.target.pause)
        except (ConnectionError, ssl.SSLError, socket.timeout):
            self.seen.append("(sending failed)")

    def send_frame(self, kind, flags, stream, payload=b"", length=None):
        self.send(frame(kind, flags, stream, payload, length))

    def request(self, method="GET", extra=()):
        """The fields of an ordinary request."""
        scheme = "http" if self.target.tls is None else "https"
        authority = f"{self.target.host}:{self.target.port}"
        return [(":method", method), (":scheme", scheme), (":path", self.target.path),
                (":authority", authority), *extra]

    def encode(self, fields):
        return self.encoder.encode(fields)

    def headers(self, stream=1, fields=None, flags=END_STREAM | END_HEADERS, block=None,
                prefix=b"", suffix=b""):
        """A HEADERS frame; `prefix` and `suffix` stand around the block inside the payload."""
        if block is None:
            block = self.encode(self.request() if fields is None else fields)
        self.send_frame(HEADERS, flags, stream, prefix + block + suffix)

    def continuation(self, stream=1, flags=END_HEADERS, number=1):
        self.send_frame(CONTINUATION, flags, stream, self.encode(dummy_fields(number)))

    def data(self, stream=1, payload=b"test", flags=END_STREAM):
        self.send_frame(DATA, flags, stream, payload)

    def priority(self, stream, dependency=0, exclusive=False, weight=255):
        self.send_frame(PRIORITY, 0, stream, priority_fields(dependency, exclusive, weight))

    def reset(self, stream=1, code=CANCEL):
        self.send_frame(RST_STREAM, 0, stream, struct.pack(">I", code))

    def configure(self, *pairs):
        body = b"".join(struct.pack(">HI", key, value) for key, value in pairs)
        self.send_frame(SETTINGS, 0, 0, body)

    def ping(self, payload=b"\0" * 8, flags=0):
        self.send_frame(PING, flags, 0, payload)

    def window_update(self, stream, increment):
        self.send_frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))

    # Receiving

    def next(self, deadline=None):
        """The next frame, CLOSED or TIMED_OUT. The server's own pings are answered here."""
        deadline = deadline or time.monotonic() + self.target.timeout
        while True:
            found = self._parsed()
            if found is None:
                ending = self._read(deadline)
                if ending is None:
                    continue
                self.seen.append(ending)
                return ending
            self.seen.append(described(found))
            if isinstance(found, PingFrame) and "ACK" not in found.flags:
                self.ping(found.opaque_data, ACK)
                continue
            return found

    def _read(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            return TIMED_OUT
        self.socket.settimeout(left)
        try:
            more = self.socket.recv(65536)
        except socket.timeout:
            return TIMED_OUT
        except (ConnectionError, ssl.SSLError):
            return CLOSED
        if not more:
            return CLOSED
        self.received += more
        return None

    def _parsed(self):
        if len(self.received) < 9:
            return None
        found, length = Frame.parse_frame_header(memoryview(self.received[:9]))
        if len(self.received) < 9 + length:
            return None
        found.parse_body(memoryview(self.received[9:9 + length]))
        found.wire_length = length
        self.received = self.received[9 + length:]
        return found

    def events(self):
        """What arrives until the connection is closed or nothing comes; the ending is the last."""
        while True:
            event = self.next()
            yield event
            if event in (CLOSED, TIMED_OUT):
                return

    def handshake(self):
        """Prefaces and settings of both sides, acknowledged both ways."""
        self.send(PREFACE)
        self.configure((INITIAL_WINDOW_SIZE, 65535))
        theirs = ours = False
        for event in self.events():
            if not isinstance(event, SettingsFrame):
                continue
            if "ACK" in event.flags:
                ours = True
            else:
                theirs = True
                self.settings.update(event.settings)
                self.send_frame(SETTINGS, ACK, 0)
            if theirs and ours:
                self.seen.clear()
                return
        raise Failed(f"no handshake; saw {self.seen}")

    def max_frame_size(self):
        return self.settings.get(MAX_FRAME_SIZE, 16384)

    # What a case wants

    def fail(self, wanted):
        raise Failed(f"wanted {wanted}; saw {', '.join(self.seen) or 'nothing'}")

    def wants_error(self, codes, stream_error_too):
        """GOAWAY (or RST_STREAM) with one of the codes, or a closed connection."""
        wanted = f"error {codes}" + (" of stream or connection" if stream_error_too else "")
        for event in self.events():
            if event == CLOSED:
                return
            is_reset = stream_error_too and isinstance(event, RstStreamFrame)
            if is_reset or isinstance(event, GoAwayFrame):
                if event.error_code in codes:
                    return
                # A graceful GOAWAY may come before the one that tells the error.
                if event.error_code != NO_ERROR and not self.target.lenient:
                    self.fail(wanted)
        self.fail(wanted)

    def wants_connection_error(self, *codes):
        self.wants_error(codes, stream_error_too=False)

    def wants_stream_error(self, *codes):
        self.wants_error(codes, stream_error_too=True)

    def wants_close(self):
        for event in self.events():
            if event == CLOSED:
                return
        self.fail("the connection to be closed")

    def wants(self, kind, wanted, accept=lambda event: True):
        """A frame of the kind that is accepted; a frame of the kind that is not fails."""
        for event in self.events():
            if isinstance(event, kind):
                if not accept(event):
                    self.fail(wanted)
                return event
        self.fail(wanted)

    def wants_response(self, stream=1):
        self.wants(HeadersFrame, f"HEADERS on stream {stream}", lambda f: f.stream_id == stream)

    def wants_data(self, length=None):
        wanted = "DATA" if length is None else f"DATA of {length}"
        return self.wants(DataFrame, wanted, lambda f: length is None or f.wire_length == length)

    def wants_settings_ack(self):
        self.wants(SettingsFrame, "SETTINGS with ACK", lambda f: "ACK" in f.flags)

    def wants_pong(self, payload=b"\0" * 8, or_close=False):
        for event in self.events():
            if isinstance(event, PingFrame) and event.opaque_data == payload:
                return
            if or_close and event == CLOSED:
                return
        self.fail(f"PING with ACK and {payload!r}")

    def wants_stream_end(self):
        for event in self.events():
            if isinstance(event, (DataFrame, HeadersFrame)) and "END_STREAM" in event.flags:
                return
        self.fail("the end of the response")


def dummy_fields(number):
    return [(f"x-dummy{index}", "x" * LONG_VALUE_BYTES) for index in range(number)]


def priority_fields(dependency, exclusive=False, weight=255):
    """The five octets of a priority, RFC 9113 section 6.3."""
    return struct.pack(">IB", dependency | (0x80000000 if exclusive else 0), weight)


def described(found):
    """One frame in a few words, for the line of a failure."""
    if isinstance(found, ExtensionFrame):
        return f"type {found.type}"
    name = type(found).__name__.removesuffix("Frame").upper()
    detail = [f"stream {found.stream_id}"] if found.stream_id else []
    if isinstance(found, (GoAwayFrame, RstStreamFrame)):
        detail.append(f"code {found.error_code}")
    if isinstance(found, DataFrame):
        detail.append(f"{found.flow_controlled_length} bytes")
    detail += sorted(found.flags)
    return f"{name}({', '.join(detail)})"
