"""Cases of what a server must accept: h2spec's generic suite."""

import struct

import hpack
from hyperframe.frame import SettingsFrame

from http2_case import table
from http2_peer import (
    CONTINUATION, DATA, ENABLE_PUSH, END_HEADERS, END_STREAM, GOAWAY, HEADER_TABLE_SIZE,
    INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE, NO_ERROR,
    PADDED, PREFACE, PRIORITIZED, priority_fields)

CASES, case = table()


@case("generic/1/1", "the preface of the server is SETTINGS", handshake=False)
def _(peer):
    peer.send(PREFACE)
    peer.configure((INITIAL_WINDOW_SIZE, 65535))
    first = peer.next()
    if not isinstance(first, SettingsFrame) or "ACK" in first.flags:
        peer.fail("SETTINGS first")


@case("generic/2/1", "PRIORITY on an idle stream")
def _(peer):
    peer.priority(1)
    peer.ping()
    peer.wants_pong()


@case("generic/2/2", "WINDOW_UPDATE on a half-closed stream")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 0))
    peer.headers()
    peer.window_update(1, 1)
    peer.wants_data()


@case("generic/2/3", "PRIORITY on a half-closed stream")
def _(peer):
    peer.configure((INITIAL_WINDOW_SIZE, 0))
    peer.headers()
    peer.priority(1)
    peer.window_update(1, 1)
    peer.wants_data()


@case("generic/2/4", "RST_STREAM on a half-closed stream")
def _(peer):
    peer.headers()
    peer.reset()
    peer.ping()
    peer.wants_pong(or_close=True)


@case("generic/2/5", "PRIORITY on a closed stream")
def _(peer):
    peer.headers()
    peer.wants_stream_end()
    peer.priority(1)
    peer.ping()
    peer.wants_pong()


def posts(name, title, *frames, trailers=None, extra=()):
    """A POST whose body is sent in the frames given as (flags, payload)."""
    @case(name, title)
    def _(peer):
        peer.headers(fields=peer.request("POST", extra), flags=END_HEADERS)
        for flags, payload in frames:
            peer.send_frame(DATA, flags, 1, payload)
        if trailers:
            peer.headers(fields=trailers)
        peer.wants_response()


posts("generic/3.1/1", "DATA", (END_STREAM, b"test"))
posts("generic/3.1/2", "several DATA", (0, b"test"), (END_STREAM, b"test"))
posts("generic/3.1/3", "DATA with padding", (END_STREAM | PADDED, b"\x06testpadded"))


def gets(name, title, method="GET", **how):
    @case(name, title)
    def _(peer):
        peer.headers(fields=peer.request(method), **how)
        peer.wants_response()


gets("generic/3.2/1", "HEADERS")
gets("generic/3.2/2", "HEADERS with padding", flags=END_STREAM | END_HEADERS | PADDED,
     prefix=b"\x08", suffix=b"\0" * 8)
gets("generic/3.2/3", "HEADERS with priority", flags=END_STREAM | END_HEADERS | PRIORITIZED,
     prefix=priority_fields(0))


def prioritizes(name, title, stream=1, **how):
    @case(name, title)
    def _(peer):
        peer.priority(stream, **how)
        peer.headers()
        peer.wants_response()


prioritizes("generic/3.3/1", "PRIORITY of weight 1", weight=0)
prioritizes("generic/3.3/2", "PRIORITY of weight 256", weight=255)
prioritizes("generic/3.3/3", "PRIORITY with a dependency", stream=3, dependency=1, weight=0)
prioritizes("generic/3.3/4", "PRIORITY that is exclusive", exclusive=True, weight=0)
prioritizes("generic/3.3/5", "PRIORITY on an idle stream, then HEADERS on a lower one", stream=3)


@case("generic/3.4/1", "RST_STREAM")
def _(peer):
    peer.headers(flags=END_HEADERS)
    peer.reset()
    peer.ping()
    peer.wants_pong(or_close=True)


@case("generic/3.5/1", "SETTINGS")
def _(peer):
    peer.configure((HEADER_TABLE_SIZE, 4096), (ENABLE_PUSH, 1), (MAX_CONCURRENT_STREAMS, 100),
                   (INITIAL_WINDOW_SIZE, 65535), (MAX_FRAME_SIZE, 16384),
                   (MAX_HEADER_LIST_SIZE, 100))
    peer.wants_settings_ack()


@case("generic/3.7/1", "PING")
def _(peer):
    peer.ping(b"h2spec\0\0")
    peer.wants_pong(b"h2spec\0\0")


@case("generic/3.8/1", "GOAWAY")
def _(peer):
    peer.send_frame(GOAWAY, 0, 0, struct.pack(">II", 0, NO_ERROR) + b"h2spec")
    peer.wants_close()


@case("generic/3.9/1", "WINDOW_UPDATE on the connection")
def _(peer):
    peer.window_update(0, 1)
    peer.ping()
    peer.wants_pong()


@case("generic/3.9/2", "WINDOW_UPDATE on a stream")
def _(peer):
    peer.headers()
    peer.window_update(1, 1)
    peer.wants_response()


def continues(name, title, *cuts):
    """A header block cut into HEADERS and as many CONTINUATION frames as there are cuts."""
    @case(name, title)
    def _(peer):
        block = peer.encode(peer.request())
        peer.headers(block=block[:cuts[0]], flags=END_STREAM)
        for start, end in zip(cuts, (*cuts[1:], None)):
            flags = END_HEADERS if end is None else 0
            peer.send_frame(CONTINUATION, flags, 1, block[start:end])
        peer.wants_response()


continues("generic/3.10/1", "CONTINUATION", 5)
continues("generic/3.10/2", "several CONTINUATION", 5, 10)

gets("generic/4/1", "GET")
gets("generic/4/2", "HEAD", method="HEAD")
posts("generic/4/3", "POST", (END_STREAM, b"test"))
posts("generic/4/4", "POST with trailers", (0, b"test"), trailers=[("x-test", "ok")],
      extra=[("trailer", "x-test")])


def coded(text, huffman):
    """A string literal, RFC 7541 section 5.2; all here are shorter than 127 octets."""
    plain = text.encode()
    if not huffman:
        return bytes([len(plain)]) + plain
    packed = hpack.Encoder().huffman_coder.encode(plain)
    return bytes([0x80 | len(packed)]) + packed


USER_AGENT_INDEX = 58


def literal(kind, indexed, huffman):
    """A literal of RFC 7541 section 6.2 with the name from the static table or its own."""
    prefix_bits = 6 if kind == 0x40 else 4
    largest = (1 << prefix_bits) - 1
    if not indexed:
        name = bytes([kind]) + coded("x-test", huffman)
    elif USER_AGENT_INDEX < largest:
        name = bytes([kind | USER_AGENT_INDEX])
    else:
        name = bytes([kind | largest, USER_AGENT_INDEX - largest])
    return name + coded("h2spec", huffman)


@case("generic/5/1", "an indexed field of the dynamic table")
def _(peer):
    # The last field of a block is the newest entry, at index 62 of both tables.
    fields = [*peer.request(), ("user-agent", "h2spec")]
    peer.headers(fields=fields, suffix=b"\xbe")
    peer.wants_response()


KINDS = [(0x40, "with incremental indexing"), (0x00, "without indexing"), (0x10, "never indexed")]
NUMBER = 2
for kind, words in KINDS:
    for indexed in (True, False):
        for huffman in (False, True):
            title = f"a literal {words}, {'indexed' if indexed else 'new'} name" + (
                ", Huffman" if huffman else "")
            gets(f"generic/5/{NUMBER}", title, suffix=literal(kind, indexed, huffman))
            NUMBER += 1

gets("generic/5/14", "a table size update", prefix=b"\x20")
gets("generic/5/15", "two table size updates", prefix=b"\x20\x3f\xe1\x1f")
