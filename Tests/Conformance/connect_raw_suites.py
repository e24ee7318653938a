"""Requests that no proper client sends, and what a server must answer to them."""

import base64
import gzip
import json
import urllib.parse

from connect_case import (
    CONNECT, DATA, GRPC, WEB, WEB_TEXT, Case, Raw, Suite)
from connect_expect import Expected, request_info
from connect_protocols import CLIENT, SERVER, UNARY
from connect_schemas import SERVICE
from connect_suites import wants
from connect_wire import CODE, COMPRESSED, envelope

UNKNOWN_PATH = "/connectrpc.conformance.v1.UnknownService/UnknownMethod"
STREAM_PATH, CLIENT_PATH = f"/{SERVICE}/ServerStream", f"/{SERVICE}/ClientStream"
GET_PATH = f"/{SERVICE}/IdempotentUnary"
EMPTY = envelope(b"")


def refused(name, raw, code, stream=UNARY, **how):
    """A raw request that fails with the code."""
    return Case(name, stream, [], raw=raw, expected=wants(code), **how)


def any_protocol(_):
    jpeg = Raw([("content-type", "image/jpeg")], b"12345678")
    return [refused("unexpected-content-type", jpeg, "unknown", http_status=415)]


def of_grpc(kind, fields, verb_status):
    """Requests that gRPC and gRPC-Web have in common."""
    proto = [("content-type", kind + "+proto"), *fields]
    plain = [("content-type", kind), *fields]
    codes = (CODE["internal"], CODE["unimplemented"])
    found = [
        refused("unary/no-request", Raw(proto), "unimplemented"),
        refused("unary/multiple-requests", Raw(proto, EMPTY + EMPTY), "unimplemented"),
        refused("server-stream/no-request", Raw(proto, path=STREAM_PATH), "unimplemented", SERVER),
        refused("server-stream/multiple-requests", Raw(proto, EMPTY + EMPTY, path=STREAM_PATH),
                "unimplemented", SERVER),
        refused("unexpected-verb", Raw(plain, EMPTY, method="DELETE"), "unknown",
                other_codes=codes, http_status=verb_status),
        refused("unexpected-uri", Raw(plain, EMPTY, path=UNKNOWN_PATH), "unimplemented"),
        refused("unexpected-codec", Raw([("content-type", kind + "+foo"), *fields], EMPTY),
                "unknown", other_codes=codes),
        refused("unexpected-compression", Raw([*plain, ("grpc-encoding", "foo")],
                                              envelope(b"xx", COMPRESSED)), "unimplemented"),
        refused("unexpected-compressed-message",
                Raw([*proto, ("grpc-encoding", "identity")], envelope(b"", COMPRESSED)),
                "internal"),
    ]
    malformed = {"other_codes": (CODE["invalid_argument"],)}
    three = EMPTY[:3]
    return found + [
        refused("client-stream/incomplete-message",
                Raw(plain, envelope(b"\0\0\0", length=10), path=CLIENT_PATH), "internal", CLIENT,
                **malformed),
        refused("client-stream/incomplete-prefix", Raw(plain, three, path=CLIENT_PATH),
                "internal", CLIENT, **malformed),
        refused("undecodable-message", Raw(plain, envelope(b"\xff\xff\xff")), "internal",
                **malformed),
        refused("undecodable-gzip", Raw([*plain, ("grpc-encoding", "gzip")],
                                        envelope(b"no gzip", COMPRESSED)), "internal",
                **malformed),
    ]


def subformats(kind, fields):
    def make(build):
        message = build.unary(data=DATA)
        found = []
        for name, content_type in (("with", kind + "+proto"), ("without", kind)):
            case = Case(f"{name}-proto-sub-format", UNARY, [message])
            case.raw = Raw([("content-type", content_type), *fields],
                           envelope(message.SerializeToString()))
            found.append(case)
        return found
    return make


def connect_unexpected(_):
    stream = [("content-type", "application/connect+proto")]
    unary = [("content-type", "application/proto")]
    malformed = {"other_codes": (CODE["invalid_argument"],)}
    return [
        refused("server-stream/no-request", Raw(stream, path=STREAM_PATH), "unimplemented",
                SERVER),
        refused("server-stream/multiple-requests", Raw(stream, EMPTY + EMPTY, path=STREAM_PATH),
                "unimplemented", SERVER),
        refused("unexpected-verb", Raw(unary, method="DELETE"), "unknown", http_status=405),
        refused("unexpected-uri", Raw(unary, path=UNKNOWN_PATH), "unimplemented",
                http_status=404),
        refused("unexpected-codec", Raw([("content-type", "application/foo")]), "unknown",
                http_status=415),
        refused("unexpected-compression", Raw([*unary, ("content-encoding", "foo")], b"xx"),
                "unimplemented"),
        refused("unexpected-compressed-message",
                Raw([*stream, ("connect-content-encoding", "identity")],
                    envelope(b"", COMPRESSED), path=STREAM_PATH), "internal", SERVER,
                **malformed),
        refused("unary-content-type-for-stream", Raw(unary, path=STREAM_PATH), "unknown",
                http_status=415),
        refused("stream-content-type-for-unary", Raw(stream, EMPTY), "unknown", SERVER,
                http_status=415),
        refused("undecodable-message", Raw(unary, b"\xff\xff\xff"), "invalid_argument"),
        refused("undecodable-json", Raw([("content-type", "application/json")], b"{"),
                "invalid_argument"),
        refused("undecodable-gzip", Raw([*unary, ("content-encoding", "gzip")], b"no gzip"),
                "invalid_argument", other_codes=(CODE["internal"],)),
        refused("client-stream/incomplete-message",
                Raw(stream, envelope(b"\0\0\0", length=10), path=CLIENT_PATH),
                "invalid_argument", CLIENT, other_codes=(CODE["internal"],)),
        refused("bad-timeout", Raw([*unary, ("connect-timeout-ms", "soon")]),
                "invalid_argument"),
        refused("bad-version", Raw([*unary, ("connect-protocol-version", "7")]),
                "invalid_argument"),
    ]


def get(query, **how):
    pairs = urllib.parse.urlencode(query, safe=how.pop("safe", ""))
    return Raw([], method="GET", path=f"{how.pop('path', GET_PATH)}?{pairs}")


def connect_get_raw(build):
    """GET in other spellings than the usual one, and such as must be refused."""
    message = build.unary("IdempotentUnaryRequest", data=DATA)
    binary = message.SerializeToString()
    standard = {"connect": "v1", "encoding": "proto", "base64": "1"}
    text = base64.urlsafe_b64encode(binary).decode()

    def succeeds(name, query, **how):
        case = Case(name, UNARY, [message], method="IdempotentUnary", get=True)
        case.raw = get(query, **how)
        case.expected = Expected()
        case.expected.payloads = [(DATA, request_info(case, build.schemas, [message]))]
        return case

    unary = f"/{SERVICE}/Unary"
    return [
        succeeds("padded-base64", {**standard, "message": text}, safe="="),
        succeeds("unpadded-base64", {**standard, "message": text.rstrip("=")}),
        succeeds("percent-coded-bytes", {"encoding": "proto", "message": binary}),
        succeeds("without-version", {"encoding": "proto", "base64": "1", "message": text}),
        succeeds("parameters-in-another-order",
                 dict(reversed([*standard.items(), ("message", text)]))),
        refused("method-with-side-effects", get({**standard, "message": text}, path=unary),
                "unknown", http_status=405),
        refused("no-encoding", get({"connect": "v1", "message": ""}), "invalid_argument",
                other_codes=(CODE["unknown"],)),
        refused("no-message", get({"connect": "v1", "encoding": "proto"}), "invalid_argument"),
        refused("unknown-encoding", get({**standard, "encoding": "foo", "message": text}),
                "unknown", other_codes=(CODE["invalid_argument"],)),
        refused("bad-base64", get({**standard, "message": "!!!"}), "invalid_argument"),
        refused("bad-version", get({**standard, "connect": "v9", "message": text}),
                "invalid_argument"),
        refused("unknown-compression",
                get({**standard, "compression": "foo", "message": text}), "unimplemented"),
        refused("undecodable-message", get({**standard, "message": "_____w"}),
                "invalid_argument"),
    ]


def connect_json_spellings(build):
    """JSON that the canonical mapping also allows."""
    message = build.unary(data=DATA, request_data=b"\xfb\xff")
    found = []

    def add(name, document):
        case = Case(name, UNARY, [message])
        case.raw = Raw([("content-type", "application/json")], json.dumps(document).encode())
        found.append(case)

    data = base64.b64encode(DATA).decode()
    add("proto-field-names", {"response_definition": {"response_data": data},
                              "request_data": "+/8="})
    add("url-safe-base64", {"responseDefinition": {"responseData": data}, "requestData": "-_8"})
    add("null-fields", {"responseDefinition": {"responseData": data, "responseHeaders": None},
                        "requestData": "+/8="})
    return found


def framing(kind, gzip_field, more=(), text=False):
    """Bodies cut into frames in other ways than a client usually does."""
    def coded(body):
        return base64.b64encode(body) if text else body

    def make(build):
        first = build.unary("ClientStreamRequest", data=DATA)
        second = build.schemas.ClientStreamRequest(request_data=b"x" * 300)
        parts = [envelope(message.SerializeToString()) for message in (first, second)]
        found, named = [], [(gzip_field, "gzip")]

        def add(name, body, fields=(), **how):
            case = Case(name, CLIENT, [first, second])
            fields = [("content-type", kind), *more, *fields]
            case.raw = Raw(fields, body, path=CLIENT_PATH, **how)
            found.append(case)

        whole = b"".join(parts)
        add("two-messages-in-a-frame", coded(whole))
        add("a-byte-in-a-frame", coded(whole), piece=1)
        add("seven-bytes-in-a-frame", coded(whole), piece=7)
        add("plain-messages-though-gzip-is-named", coded(whole), named)
        packed = envelope(gzip.compress(second.SerializeToString()), COMPRESSED)
        add("plain-and-gzip-messages", coded(parts[0] + packed), named)
        if text:
            add("each-message-padded", b"".join(map(coded, parts)))
            halves = coded(whole[:7]) + coded(whole[7:8]) + coded(whole[8:])
            add("padding-inside-messages", halves)
        return found
    return make


def deadline_units(build):
    """The units of grpc-timeout, of which Connect has but one."""
    found = []

    def add(text, message, **how):
        case = Case(f"timeout-{text}", UNARY, [message], **how)
        case.raw = Raw([("content-type", "application/grpc"), ("te", "trailers"),
                        ("grpc-timeout", text)], envelope(message.SerializeToString()))
        found.append(case)

    for text, milliseconds in (("20000000u", 20_000), ("20000m", 20_000), ("20S", 20_000),
                               ("3M", 180_000), ("1H", 3_600_000)):
        add(text, build.unary(data=DATA), timeout_ms=milliseconds)
    add("90000000n", build.unary(data=DATA, delay=1500), expected=wants("deadline_exceeded"))
    return found


def raw_suites(build):
    one = {"codecs": ("proto",), "compressions": ("identity",)}
    te = [("te", "trailers")]
    grpc = of_grpc("application/grpc", te, None)
    web = of_grpc("application/grpc-web", [], 405)
    return [
        Suite("Unexpected requests", any_protocol(build), **one),
        Suite("gRPC unexpected requests", grpc, protocols=(GRPC,), **one),
        Suite("gRPC-Web unexpected requests", web, protocols=(WEB,), **one),
        Suite("gRPC proto sub-format", subformats("application/grpc", te)(build),
              protocols=(GRPC,), **one),
        Suite("gRPC-Web proto sub-format", subformats("application/grpc-web", [])(build),
              protocols=(WEB,), **one),
        Suite("Connect unexpected requests", connect_unexpected(build), protocols=(CONNECT,),
              **one),
        Suite("Connect GET spellings", connect_get_raw(build), protocols=(CONNECT,), **one),
        Suite("Framing", framing("application/grpc", "grpc-encoding", te)(build),
              protocols=(GRPC,), **one),
        Suite("Framing", framing("application/grpc-web", "grpc-encoding")(build),
              protocols=(WEB,), **one),
        Suite("Framing",
              framing("application/grpc-web-text", "grpc-encoding", text=True)(build),
              protocols=(WEB_TEXT,), **one),
        Suite("Framing",
              framing("application/connect+proto", "connect-content-encoding")(build),
              protocols=(CONNECT,), **one),
        Suite("gRPC timeouts", deadline_units(build), protocols=(GRPC,), **one),
        Suite("Connect JSON spellings", connect_json_spellings(build), protocols=(CONNECT,),
              codecs=("json",), compressions=("identity",)),
    ]
