"""The suites that each server must pass with each protocol."""

from connect_case import (
    CONNECT, DATA, HEADERS, MUTUAL, REQUEST_HEADERS, TRAILERS, WEB_TEXT, Case, Suite)
from connect_expect import Expected
from connect_protocols import CLIENT, FULL, HALF, SERVER, UNARY
from connect_wire import CODE, CODES, Error

PATH = {UNARY: "unary", CLIENT: "client-stream", SERVER: "server-stream",
        HALF: "bidi-stream/half-duplex", FULL: "bidi-stream/full-duplex"}
STREAMS = (UNARY, CLIENT, SERVER, HALF, FULL)
TWICE = (DATA, DATA)
MANY_HEADERS = [("x-custom-header", ["foo", "bar", "baz"])]
MANY_TRAILERS = [("x-custom-trailer", ["bing", "quux"])]
UNICODE = "\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\n"


def wants(code):
    return Expected(Error(CODE[code]))


def basic(build):
    found = []
    for stream in STREAMS:
        messages = build.messages(stream, HEADERS, TWICE, trailers=TRAILERS)
        found.append(Case(f"{PATH[stream]}/success", stream, messages, REQUEST_HEADERS))
    for stream in (SERVER, HALF):
        messages = build.messages(stream, HEADERS, trailers=TRAILERS, more=0)
        found.append(Case(f"{PATH[stream]}/no-responses", stream, messages, REQUEST_HEADERS))
    for stream in (CLIENT, HALF):
        found.append(Case(f"{PATH[stream]}/no-requests", stream, [], REQUEST_HEADERS))
    unimplemented = Case("unimplemented", UNARY, [build.schemas.UnimplementedRequest()],
                         method="Unimplemented", expected=wants("unimplemented"))
    # A caller who waits for an answer before it sends more must not wait forever.
    waiting = Case("bidi-stream/full-duplex/unimplemented", FULL,
                   build.messages(FULL, data=TWICE), method="Unimplemented",
                   expected=wants("unimplemented"))
    return found + [unimplemented, waiting]


def errors(build):
    found = []

    def add(stream, name, error, **how):
        headers = how.pop("request_headers", [])
        messages = build.messages(stream, error=error, **how)
        found.append(Case(f"{PATH[stream]}/{name}", stream, messages, headers))

    for stream in (UNARY, SERVER):
        for number, code in enumerate(CODES[1:], 1):
            add(stream, code.replace("_", "-"), (number, code.replace("_", " ")))
    add(UNARY, "unicode-error-message", (CODE["internal"], UNICODE))
    refused = (CODE["unauthenticated"], "unauthenticated")
    for stream in (UNARY, CLIENT, SERVER, HALF):
        add(stream, "error-with-metadata", refused, headers=HEADERS, trailers=TRAILERS, more=0)
    failed = (CODE["internal"], "the stream failed")
    add(CLIENT, "error-one-request", failed, more=0)
    add(CLIENT, "error-multiple-requests", failed)
    for stream in (SERVER, HALF, FULL):
        how = {"headers": HEADERS, "trailers": TRAILERS, "request_headers": REQUEST_HEADERS}
        add(stream, "error-with-responses", failed, data=TWICE, **how)
        add(stream, "error-no-responses", failed, more=0 if stream == FULL else 1, **how)
    return found


def duplicate_metadata(build):
    found = []

    def add(stream, name, **how):
        messages = build.messages(stream, MANY_HEADERS, trailers=MANY_TRAILERS, **how)
        found.append(Case(f"{PATH[stream]}/{name}", stream, messages, REQUEST_HEADERS))

    failed = (CODE["internal"], "failed")
    for stream in STREAMS:
        add(stream, "success", data=TWICE)
    for stream in (UNARY, CLIENT):
        add(stream, "error", error=failed)
    add(SERVER, "no-response")
    for stream in (SERVER, HALF, FULL):
        add(stream, "error-with-responses", data=TWICE, error=failed)
        add(stream, "error-no-responses", error=failed, more=0 if stream == FULL else 1)
    return found


def timeouts(build):
    return [Case(PATH[stream], stream, build.messages(stream, data=TWICE, delay=1500),
                 timeout_ms=200, expected=wants("deadline_exceeded")) for stream in STREAMS]


def deadline_propagation(build):
    return [Case(f"{PATH[stream]}/success", stream, build.messages(stream, data=TWICE),
                 timeout_ms=2000) for stream in STREAMS]


def streaming_delivery(build):
    data = (DATA, DATA, DATA)
    return [Case(f"{PATH[stream]}/incremental", stream,
                 build.messages(stream, HEADERS, data, trailers=TRAILERS, delay=100, more=2),
                 spaced_ms=100) for stream in (SERVER, HALF, FULL)]


def empty(build):
    kinds = {UNARY: "UnaryRequest", CLIENT: "ClientStreamRequest", SERVER: "ServerStreamRequest",
             HALF: "BidiStreamRequest"}
    return [Case(f"{PATH[stream]}/empty-request", stream, [getattr(build.schemas, kind)()],
                 REQUEST_HEADERS) for stream, kind in kinds.items()]


def message_size(build):
    found = []
    too_large = wants("resource_exhausted")

    def add(stream, name, *excess, expected=None):
        messages = build.messages(stream, data=TWICE)
        for message, bytes_more in zip(messages, excess):
            build.padded(message, bytes_more)
        found.append(Case(f"{PATH[stream]}/{name}", stream, messages, expected=expected))

    for stream in (UNARY, SERVER):
        add(stream, "request-equal-to-limit", 0)
        add(stream, "request-exceeds-limit", 10, expected=too_large)
    for stream in (CLIENT, HALF, FULL):
        add(stream, "all-equal-to-limit", 0, 0)
        add(stream, "first-exceeds-limit", 10, 0, expected=too_large)
    for stream in (CLIENT, HALF):
        add(stream, "second-exceeds-limit", 0, 10, expected=too_large)
    add(FULL, "second-exceeds-limit", 0, 10, expected=first_then(found[-1], build, too_large))
    return found


def first_then(template, build, failure):
    """In full duplex the first answer is out before the second request is refused."""
    first = template.messages[0]
    full = type(first).FromString(first.SerializeToString())
    full.full_duplex = True
    full.request_data = b""
    build.padded(full, 0)
    info = build.schemas.RequestInfo(requests=[build.schemas.packed(full)])
    found = Expected(failure.error)
    found.payloads = [(DATA, info)]
    return found


def connect_get(build):
    def idempotent(**how):
        return [build.unary("IdempotentUnaryRequest", **how)]

    how = {"method": "IdempotentUnary", "get": True}
    found = [Case("success", UNARY, idempotent(headers=HEADERS, data=DATA, trailers=TRAILERS),
                  REQUEST_HEADERS, **how),
             Case("deadline", UNARY, idempotent(data=DATA), timeout_ms=2000, **how),
             Case("timeout", UNARY, idempotent(data=DATA, delay=1500), timeout_ms=200,
                  expected=wants("deadline_exceeded"), **how)]
    for number, code in enumerate(CODES[1:], 1):
        messages = idempotent(headers=HEADERS, error=(number, code), trailers=TRAILERS)
        found.append(Case(f"error/{code}", UNARY, messages, **how))
    return found


def post_to_idempotent(build):
    message = build.unary("IdempotentUnaryRequest", headers=HEADERS, data=DATA)
    return [Case("success", UNARY, [message], REQUEST_HEADERS, method="IdempotentUnary")]


def suites(build):
    identity = {"compressions": ("identity",)}
    proto = {"codecs": ("proto",)}
    return [
        Suite("Basic", basic(build)),
        Suite("Errors", errors(build)),
        Suite("Duplicate metadata", duplicate_metadata(build)),
        Suite("Timeouts", timeouts(build)),
        Suite("Deadline propagation", deadline_propagation(build)),
        Suite("Streaming delivery", streaming_delivery(build), **identity),
        Suite("Empty requests", empty(build), **identity, **proto),
        Suite("Message size", message_size(build), **proto),
        Suite("Connect GET", connect_get(build), protocols=(CONNECT,)),
        Suite("POST to a method without side effects", post_to_idempotent(build)),
        Suite("Client certificates", basic(build), transports=(MUTUAL,)),
        Suite("gRPC-Web text", basic(build), protocols=(WEB_TEXT,), **proto),
    ]


