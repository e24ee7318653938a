"""A case, the suites that cases stand in, and builders of the messages that they send."""

import dataclasses

from connect_protocols import CLIENT, FULL, HALF, SERVER, UNARY
from connect_schemas import SERVICE

METHOD = {UNARY: "Unary", CLIENT: "ClientStream", SERVER: "ServerStream", HALF: "BidiStream",
          FULL: "BidiStream"}

REQUEST_HEADERS = [("X-Conformance-Test", ["Value1", "Value2"])]
HEADERS, TRAILERS = [("x-custom-header", ["foo"])], [("x-custom-trailer", ["bing"])]
DATA = b"test response"

# Bytes of one message that a server under test is told to take at most.
RECEIVE_LIMIT = 200 * 1024

GRPC, WEB, WEB_TEXT, CONNECT = "grpc", "grpc-web", "grpc-web-text", "connect"
PLAINTEXT, TLS, MUTUAL = "plaintext", "tls", "mutual-tls"


@dataclasses.dataclass
class Raw:
    """A request that is sent as it stands, its body in DATA frames of `piece` bytes."""
    fields: list
    body: bytes = b""
    piece: int = 1 << 20
    method: str = "POST"
    path: str = f"/{SERVICE}/Unary"


@dataclasses.dataclass
class Case:
    """One call and what is wanted of it; what is not given follows from the messages."""
    name: str
    stream: str
    messages: list
    headers: list = dataclasses.field(default_factory=list)
    method: str = ""
    timeout_ms: int = None
    get: bool = False
    raw: Raw = None
    expected: object = None
    other_codes: tuple = ()
    http_status: int = None
    spaced_ms: int = 0

    def __post_init__(self):
        self.method = self.method or METHOD[self.stream]

    def response_kind(self, schemas):
        return getattr(schemas, self.method + "Response")


@dataclasses.dataclass
class Suite:
    """Cases, and the configurations under which each of them is run."""
    name: str
    cases: list
    protocols: tuple = (GRPC, WEB, CONNECT)
    codecs: tuple = ("proto", "json")
    compressions: tuple = ("identity", "gzip")
    transports: tuple = (PLAINTEXT, TLS)


class Builder:
    """Requests of all kinds of streams."""

    def __init__(self, schemas):
        self.schemas = schemas

    def _fields(self, target, pairs):
        for name, values in pairs:
            target.add(name=name, value=values)

    def _error(self, target, error):
        code, text = error
        target.code = code
        if text is not None:
            target.message = text

    def unary(self, kind="UnaryRequest", headers=(), data=None, error=None, trailers=(), delay=0,
              request_data=b""):
        message = getattr(self.schemas, kind)(request_data=request_data)
        definition = message.response_definition
        definition.SetInParent()
        self._fields(definition.response_headers, headers)
        self._fields(definition.response_trailers, trailers)
        definition.response_delay_ms = delay
        if data is not None:
            definition.response_data = data
        if error is not None:
            self._error(definition.error, error)
        return message

    def stream(self, kind, headers=(), data=(), error=None, trailers=(), delay=0, full=False):
        message = getattr(self.schemas, kind)()
        definition = message.response_definition
        definition.SetInParent()
        self._fields(definition.response_headers, headers)
        self._fields(definition.response_trailers, trailers)
        definition.response_data.extend(data)
        definition.response_delay_ms = delay
        if error is not None:
            self._error(definition.error, error)
        if full:
            message.full_duplex = True
        return message

    def messages(self, stream, headers=(), data=(), error=None, trailers=(), delay=0, more=1):
        """The requests of a stream: the first defines the answer, `more` follow it.

        `data` are the messages of the answer; where there is but one, the first of them.
        """
        if stream in (UNARY, CLIENT):
            kind = "UnaryRequest" if stream == UNARY else "ClientStreamRequest"
            one = data[0] if data and error is None else None
            first = self.unary(kind, headers, one, error, trailers, delay)
        else:
            kind = "ServerStreamRequest" if stream == SERVER else "BidiStreamRequest"
            first = self.stream(kind, headers, data, error, trailers, delay, stream == FULL)
        if stream in (UNARY, SERVER):
            return [first]
        kind = type(first)
        return [first] + [kind(request_data=DATA) for _ in range(more)]

    def padded(self, message, excess):
        """The message, filled up to `excess` bytes more than the limit."""
        size = RECEIVE_LIMIT + excess
        for _ in range(3):
            lacking = size - message.ByteSize()
            if lacking == 0:
                return message
            message.request_data = b"\0" * (len(message.request_data) + lacking)
        raise AssertionError("a message cannot be filled to the size")
