"""How a call looks in gRPC, gRPC-Web and Connect: what is sent, and what is read in the answer."""

import base64
import gzip
import urllib.parse

from connect_schemas import SERVICE
from connect_wire import (
    CODE_OF_HTTP, COMPRESSED, CONNECT_END, HTTP_OF_CODE, WEB_TRAILERS, Error, check_binary,
    connect_error, envelope, envelopes, grouped, grpc_error, inflated, quads, strict_json,
    TOKEN, valid_value, web_trailers)

UNARY, CLIENT, SERVER, HALF, FULL = "unary", "client", "server", "half", "full"


class Outcome:
    """What a client of the protocol makes of an answer, and what is wrong in its bytes."""

    def __init__(self, call):
        self.feedback = []
        fields = grouped(call.headers or [])
        self.http_status = int(fields.pop(":status", ["0"])[0])
        self.headers, self.trailers = fields, {}
        self.payloads = []
        self.error = None
        self.times = []
        self.content_type = fields.get("content-type", [""])[0]
        if call.headers is None:
            self.feedback.append("no response headers")
        if call.reset_code and not call.ended:
            self.feedback.append(f"the stream was reset with code {call.reset_code}")
        if len(fields.get("content-type", [])) > 1:
            self.feedback.append("more than one content-type")

    def fail_by_http(self):
        self.error = Error(CODE_OF_HTTP.get(self.http_status, 2), "HTTP status")


class Protocol:
    """What the three have in common."""

    def __init__(self, schemas, codec, compression):
        self.schemas, self.codec, self.gzip = schemas, codec, compression == "gzip"

    def path(self, case):
        return f"/{SERVICE}/{case.method}"

    def metadata(self, case):
        return [(name.lower(), value) for name, values in case.headers for value in values]

    def squeezed(self, data):
        return gzip.compress(data) if self.gzip else data

    def enveloped(self, message):
        data = self.schemas.encode(message, self.codec)
        return envelope(self.squeezed(data), COMPRESSED if self.gzip else 0)

    def start(self, connection, case):
        """Sends the request as the kind of its stream wants it, and gives the call."""
        call = connection.open("POST", self.path(case), self.head(case) + self.metadata(case))
        parts = [self.part(case, message) for message in case.messages]
        if case.stream in (UNARY, SERVER):
            call.send(b"".join(parts), end=True)
            return call
        for number, part in enumerate(parts):
            call.send(part)
            if case.stream == FULL:
                call.wait(lambda: self.messages_in(call) > number)
        call.send(b"", end=True)
        return call

    def part(self, case, message):
        return self.enveloped(message)

    def messages_in(self, call):
        return len(envelopes(self.body_of(call))[0])

    def body_of(self, call):
        return call.body

    def payload(self, data, case, outcome):
        try:
            message = self.schemas.decode(data, case.response_kind(self.schemas), self.codec)
        except Exception as error:
            outcome.feedback.append(f"a message that cannot be decoded: {error}")
            return
        outcome.payloads.append(message)

    def read_envelopes(self, call, case, outcome, encoding):
        """Takes the messages of an enveloped body; gives those with other flags."""
        found, left = envelopes(self.body_of(call))
        if left:
            outcome.feedback.append(f"the body ends in the middle of a message: {left} bytes")
        others = []
        for number, (flags, data, end) in enumerate(found):
            if flags & COMPRESSED:
                if encoding in ("", "identity") or not self.gzip:
                    outcome.feedback.append(f"a compressed message, encoding {encoding!r}")
                    continue
                data = inflated(data, encoding, outcome.feedback)
            if flags & ~COMPRESSED:
                others.append((number == len(found) - 1, flags & ~COMPRESSED, data))
                continue
            outcome.times.append(next((at for size, at in call.arrivals if size >= end), None))
            self.payload(data, case, outcome)
        return others

    def check_no_http_trailers(self, call, outcome):
        if call.trailers is not None:
            outcome.feedback.append("HTTP trailers, which only gRPC has")


class GRPC(Protocol):
    name = "gRPC"

    def content_types(self):
        return [f"application/grpc+{self.codec}"] + (
            ["application/grpc"] if self.codec == "proto" else [])

    def head(self, case):
        fields = [("content-type", self.content_types()[-1]), ("te", "trailers"),
                  ("user-agent", "conformance-runner")]
        if case.timeout_ms is not None:
            fields.append(("grpc-timeout", f"{case.timeout_ms}m"))
        if self.gzip:
            fields += [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "gzip")]
        return fields

    def read(self, call, case):
        outcome = Outcome(call)
        if not outcome.content_type.startswith("application/grpc"):
            self.check_foreign(case, outcome)
            return outcome
        self.check_head(case, outcome)
        encoding = outcome.headers.get("grpc-encoding", [""])[0]
        others = self.read_envelopes(call, case, outcome, encoding)
        for _, flags, _ in others:
            outcome.feedback.append(f"an envelope with flags {flags}")
        if call.trailers_only:
            outcome.trailers = outcome.headers
        else:
            outcome.trailers = grouped(call.trailers or [])
            if "grpc-status" in outcome.headers:
                outcome.feedback.append("grpc-status in headers that trailers follow")
        self.check_end(outcome)
        return outcome

    def check_foreign(self, case, outcome):
        outcome.fail_by_http()
        if outcome.http_status == 200:
            outcome.feedback.append(f"content-type {outcome.content_type!r}")

    def check_head(self, case, outcome):
        if case.raw is None and outcome.content_type not in self.content_types():
            outcome.feedback.append(f"content-type {outcome.content_type!r}")
        if outcome.http_status != 200 and case.http_status is None:
            outcome.feedback.append(f"HTTP status {outcome.http_status}")

    def check_end(self, outcome):
        check_binary("trailer", outcome.trailers, outcome.feedback)
        check_binary("header", outcome.headers, outcome.feedback)
        outcome.error = grpc_error(outcome.trailers, self.schemas, outcome.feedback)


class GRPCWeb(GRPC):
    name = "gRPC-Web"
    kind = "application/grpc-web"

    def content_types(self):
        return [f"{self.kind}+{self.codec}"] + ([self.kind] if self.codec == "proto" else [])

    def head(self, case):
        fields = [("content-type", self.content_types()[0]), ("x-grpc-web", "1"),
                  ("x-user-agent", "conformance-runner")]
        if case.timeout_ms is not None:
            fields.append(("grpc-timeout", f"{case.timeout_ms}m"))
        if self.gzip:
            fields += [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "gzip")]
        return fields

    def read(self, call, case):
        outcome = Outcome(call)
        self.check_no_http_trailers(call, outcome)
        if not outcome.content_type.startswith("application/grpc-web"):
            self.check_foreign(case, outcome)
            return outcome
        self.check_head(case, outcome)
        encoding = outcome.headers.get("grpc-encoding", [""])[0]
        others = self.read_envelopes(call, case, outcome, encoding)
        if not others and not outcome.payloads and "grpc-status" in outcome.headers:
            outcome.trailers = outcome.headers
        elif len(others) != 1 or others[0][:2] != (True, WEB_TRAILERS):
            outcome.feedback.append(f"the body does not end with trailers: {others}")
        else:
            outcome.trailers = web_trailers(others[0][2], outcome.feedback)
            if "grpc-status" in outcome.headers:
                outcome.feedback.append("grpc-status in headers that trailers follow")
        self.check_end(outcome)
        return outcome


class GRPCWebText(GRPCWeb):
    """gRPC-Web with bodies in base64; a server may pad each of its pieces."""
    name = "gRPC-Web-text"
    kind = "application/grpc-web-text"

    def head(self, case):
        return super().head(case) + [("accept", self.kind)]

    def part(self, case, message):
        return base64.b64encode(self.enveloped(message))

    def body_of(self, call):
        return quads(call.body.decode("latin-1"))


class ConnectUnary(Protocol):
    name = "Connect"

    def head(self, case):
        fields = [("content-type", f"application/{self.codec}"), ("connect-protocol-version", "1")]
        if case.timeout_ms is not None:
            fields.append(("connect-timeout-ms", str(case.timeout_ms)))
        if self.gzip:
            fields += [("content-encoding", "gzip"), ("accept-encoding", "gzip")]
        return fields

    def part(self, case, message):
        return self.squeezed(self.schemas.encode(message, self.codec))

    def start(self, connection, case):
        if not case.get:
            return super().start(connection, case)
        gone = ("content-type", "content-encoding", "connect-protocol-version")
        fields = [field for field in self.head(case) if field[0] not in gone]
        path = f"{self.path(case)}?{urllib.parse.urlencode(self.query(case))}"
        return connection.open("GET", path, fields + self.metadata(case), end=True)

    def query(self, case):
        data = self.schemas.encode(case.messages[0], self.codec)
        query = [("connect", "v1"), ("encoding", self.codec)]
        if self.gzip:
            query.append(("compression", "gzip"))
        if self.codec == "json" and not self.gzip:
            return query + [("message", data.decode())]
        text = base64.urlsafe_b64encode(self.squeezed(data)).decode().rstrip("=")
        return query + [("base64", "1"), ("message", text)]

    def read(self, call, case):
        outcome = Outcome(call)
        self.check_no_http_trailers(call, outcome)
        prefix = "trailer-"
        fields = outcome.headers
        outcome.headers = {name: fields[name] for name in fields if not name.startswith(prefix)}
        outcome.trailers = {name.removeprefix(prefix): fields[name]
                            for name in fields if name.startswith(prefix)}
        body = bytes(call.body)
        encoding = fields.get("content-encoding", ["identity"])[0]
        if encoding != "identity":
            offered = encoding if self.gzip else ""
            body = inflated(body, offered, outcome.feedback)
        if outcome.http_status == 200:
            if outcome.content_type != f"application/{self.codec}":
                outcome.feedback.append(f"content-type {outcome.content_type!r}")
            self.payload(body, case, outcome)
        else:
            self.read_error(body, case, outcome)
        return outcome

    def read_error(self, body, case, outcome):
        outcome.fail_by_http()
        if outcome.content_type != "application/json":
            if case.raw is None:
                outcome.feedback.append(f"content-type {outcome.content_type!r} of an error")
            return
        found = strict_json(body, "the error", outcome.feedback)
        if found is None:
            return
        outcome.error = connect_error(found, self.schemas, outcome.feedback)
        wanted = HTTP_OF_CODE[outcome.error.code]
        if case.http_status is None and outcome.http_status not in wanted:
            outcome.feedback.append(f"HTTP status {outcome.http_status}, the code has {wanted}")


class ConnectStream(Protocol):
    name = "Connect"

    def head(self, case):
        fields = [("content-type", f"application/connect+{self.codec}"),
                  ("connect-protocol-version", "1")]
        if case.timeout_ms is not None:
            fields.append(("connect-timeout-ms", str(case.timeout_ms)))
        if self.gzip:
            fields += [("connect-content-encoding", "gzip"), ("connect-accept-encoding", "gzip")]
        return fields

    def read(self, call, case):
        outcome = Outcome(call)
        self.check_no_http_trailers(call, outcome)
        if not outcome.content_type.startswith("application/connect+"):
            outcome.fail_by_http()
            if outcome.http_status == 200 or case.raw is None:
                outcome.feedback.append(f"content-type {outcome.content_type!r}")
            return outcome
        if outcome.content_type != f"application/connect+{self.codec}":
            outcome.feedback.append(f"content-type {outcome.content_type!r}")
        if outcome.http_status != 200:
            outcome.feedback.append(f"HTTP status {outcome.http_status} of a stream")
        encoding = outcome.headers.get("connect-content-encoding", [""])[0]
        others = self.read_envelopes(call, case, outcome, encoding)
        if len(others) != 1 or others[0][:2] != (True, CONNECT_END):
            outcome.feedback.append(f"the body does not end with an end-of-stream: {others}")
        else:
            self.read_end(others[0][2], outcome)
        return outcome

    def read_end(self, data, outcome):
        found = strict_json(data, "the end-of-stream", outcome.feedback)
        if found is None:
            return
        for key in found.keys() - {"error", "metadata"}:
            outcome.feedback.append(f"the end-of-stream has an unknown key {key!r}")
        if "error" in found:
            if isinstance(found["error"], dict):
                outcome.error = connect_error(found["error"], self.schemas, outcome.feedback)
            else:
                outcome.feedback.append("the end-of-stream has an error that is no object")
        metadata = found.get("metadata", {})
        if not isinstance(metadata, dict):
            outcome.feedback.append("the end-of-stream has metadata that are no object")
            return
        for name, values in metadata.items():
            well = isinstance(values, list) and all(
                isinstance(value, str) and valid_value(value) for value in values)
            if not well or not TOKEN.fullmatch(name):
                outcome.feedback.append(f"the end-of-stream has metadata {name!r}: {values!r}")
                continue
            outcome.trailers.setdefault(name.lower(), []).extend(values)


def protocol_for(name, case, schemas, codec, compression):
    """The client of the protocol; Connect speaks differently to unary methods."""
    kinds = {"grpc": GRPC, "grpc-web": GRPCWeb, "grpc-web-text": GRPCWebText}
    kind = kinds.get(name) or (ConnectUnary if case.stream == UNARY else ConnectStream)
    if case.raw is not None and any(value == "gzip" for _, value in case.raw.fields):
        # Who sends gzip takes it, even without saying so.
        compression = "gzip"
    return kind(schemas, codec, compression)
