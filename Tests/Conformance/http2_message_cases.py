"""Cases of RFC 9113 section 8 (messages) and of RFC 7541 (what a decoder must refuse)."""

import struct

from http2_case import table
from http2_peer import (
    COMPRESSION_ERROR, END_HEADERS, HEADER_TABLE_SIZE, PROTOCOL_ERROR, PUSH_PROMISE)

CASES, case = table()


@case("http2/8.1/1", "a second HEADERS without END_STREAM")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=END_HEADERS)
    peer.data(flags=0)
    peer.headers(fields=[("x-test", "ok")], flags=END_HEADERS)
    peer.wants_stream_error(PROTOCOL_ERROR)


def malformed(name, title, fields):
    """A request whose fields, made from the ordinary ones, are malformed."""
    @case(name, title)
    def _(peer):
        # The encoder of hpack writes names as they are given.
        peer.headers(fields=fields(peer.request()))
        peer.wants_stream_error(PROTOCOL_ERROR)


malformed("http2/8.1.2/1", "a field name in upper case", lambda r: [*r, ("X-TEST", "ok")])
malformed("http2/8.1.2.1/1", "an unknown pseudo-field", lambda r: [*r, (":test", "ok")])
malformed("http2/8.1.2.1/2", "the pseudo-field of responses", lambda r: [*r, (":status", "200")])


@case("http2/8.1.2.1/3", "a pseudo-field in trailers")
def _(peer):
    peer.headers(fields=peer.request("POST"), flags=END_HEADERS)
    peer.data(flags=0)
    peer.headers(fields=[(":method", "POST")])
    peer.wants_stream_error(PROTOCOL_ERROR)


malformed("http2/8.1.2.1/4", "a pseudo-field after an ordinary one",
          lambda r: [("x-test", "ok"), *r])
malformed("http2/8.1.2.2/1", "a connection-specific field",
          lambda r: [*r, ("connection", "keep-alive")])
malformed("http2/8.1.2.2/2", "TE of something else than trailers",
          lambda r: [*r, ("trailers", "test"), ("te", "trailers, deflate")])


def without(name):
    return lambda request: [field for field in request if field[0] != name]


def twice(name):
    return lambda request: [*request, *(field for field in request if field[0] == name)]


malformed("http2/8.1.2.3/1", "an empty :path",
          lambda r: [(n, "" if n == ":path" else v) for n, v in r])
malformed("http2/8.1.2.3/2", "no :method", without(":method"))
malformed("http2/8.1.2.3/3", "no :scheme", without(":scheme"))
malformed("http2/8.1.2.3/4", "no :path", without(":path"))
malformed("http2/8.1.2.3/5", ":method twice", twice(":method"))
malformed("http2/8.1.2.3/6", ":scheme twice", twice(":scheme"))
malformed("http2/8.1.2.3/7", ":path twice", twice(":path"))


def wrong_length(name, title, parts):
    @case(name, title)
    def _(peer):
        fields = peer.request("POST", [("content-length", "1")])
        peer.headers(fields=fields, flags=END_HEADERS)
        for left in range(parts - 1, -1, -1):
            peer.data(flags=0 if left else 1)
        peer.wants_stream_error(PROTOCOL_ERROR)


wrong_length("http2/8.1.2.6/1", "content-length that is not that of DATA", 1)
wrong_length("http2/8.1.2.6/2", "content-length that is not the sum of two DATA", 2)


@case("http2/8.2/1", "PUSH_PROMISE from a client")
def _(peer):
    block = peer.encode(peer.request())
    peer.send_frame(PUSH_PROMISE, END_HEADERS, 1, struct.pack(">I", 3) + block)
    peer.wants_connection_error(PROTOCOL_ERROR)


def undecodable(name, title, suffix=b"", prefix=b""):
    """An ordinary header block with something around it which a decoder must refuse."""
    @case(name, title)
    def _(peer):
        peer.headers(prefix=prefix, suffix=suffix)
        peer.wants_connection_error(COMPRESSION_ERROR)


# "x-test" and "test" in the code of RFC 7541 appendix B.
CODED_NAME = b"\x85\xf2\xb2\x4a\x84\xff"

undecodable("hpack/2.3.3/1", "an index beyond both tables", b"\xfe")
undecodable("hpack/2.3.3/2", "a literal whose name has an index beyond both tables",
            b"\x7f\x45\x04test")
undecodable("hpack/4.2/1", "a table size update at the end of a block", b"\x21")
undecodable("hpack/5.2/1", "Huffman padding of more than 7 bits",
            b"\x00" + CODED_NAME + b"\x84\x49\x50\x9f\xff")
undecodable("hpack/5.2/2", "Huffman padding of zeros",
            b"\x00" + CODED_NAME + b"\x83\x49\x50\x90")
undecodable("hpack/5.2/3", "the Huffman code of EOS",
            b"\x00" + CODED_NAME + b"\x87\xff\xff\xff\xfd\x25\x42\x7f")
undecodable("hpack/6.1/1", "index 0", b"\x80")


@case("hpack/6.3/1", "a table size above HEADER_TABLE_SIZE")
def _(peer):
    size = peer.settings.get(HEADER_TABLE_SIZE, 4096) + 1
    update, rest = bytearray([0x3F]), size - 31
    while rest >= 128:
        update.append(0x80 | (rest & 0x7F))
        rest >>= 7
    update.append(rest)
    peer.headers(prefix=bytes(update))
    peer.wants_connection_error(COMPRESSION_ERROR)
