"""Calls a running IKSO with PyPI connectrpc, which nobody here wrote, in each of its protocols.

Reads a JSON object from standard input: the gateway's address, tokens, a goal on which a check-in
waits, and the folder into which grpcio-tools has generated messages from Schemas/. Prints what came
of it as JSON: by protocol and codec.
"""

import hashlib
import json
import pathlib
import sys

from connectrpc.client import ConnectClientSync
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.protocol import ProtocolType
from connectrpc.request import Headers
from google.protobuf import json_format
from pyqwest import HTTPVersion, SyncClient, SyncHTTPTransport

PLAN = json.load(sys.stdin)
sys.path.insert(0, PLAN["stubs"])

from google.rpc import error_details_pb2  # noqa: E402
from ikso.goals.v1 import goals_pb2  # noqa: E402
from ikso.privacy.v1 import request_pb2  # noqa: E402

GOALS, PRIVACY = "ikso.goals.v1.GoalsService", "ikso.privacy.v1.PrivacyService"
MILLISECONDS, SHORT = 60_000, 300
LIST = goals_pb2.ListGoalsRequest, goals_pb2.ListGoalsResponse


class Codec:
    """The library's way to write messages, for those of google.protobuf."""

    def __init__(self, name):
        self.said = name

    def name(self):
        return self.said

    def encode(self, message):
        if self.said == "json":
            return json_format.MessageToJson(message).encode()
        return message.SerializeToString()

    def decode(self, data, kind):
        message = kind()
        if self.said == "json":
            return json_format.Parse(bytes(data).decode(), message)
        message.ParseFromString(bytes(data))
        return message


def method(service, name, kinds, safe=False, stream=StreamType.UNARY):
    level = IdempotencyLevel.NO_SIDE_EFFECTS if safe else IdempotencyLevel.UNKNOWN
    return MethodInfo(name=name, service_name=service, input=kinds[0], output=kinds[1],
                      idempotency_level=level, stream_type=stream)


def bearer(token):
    headers = Headers()
    headers.add("authorization", f"Bearer {token}")
    return headers


def refused(call):
    """Code, message and details of a call that must fail."""
    try:
        call()
    except ConnectError as error:
        found = {"code": error.code.value, "message": error.message, "reason": "", "fields": []}
        for detail in error.details:
            if detail.type_name == "google.rpc.ErrorInfo":
                info = error_details_pb2.ErrorInfo.FromString(detail.message_bytes)
                found["reason"] = info.reason
            elif detail.type_name == "google.rpc.BadRequest":
                bad = error_details_pb2.BadRequest.FromString(detail.message_bytes)
                found["fields"] = [violation.field for violation in bad.field_violations]
        return found
    return {"code": "ok", "message": "", "reason": "", "fields": []}


class Caller:
    """Calls in one protocol and codec."""

    def __init__(self, http, protocol, codec):
        self.client = ConnectClientSync(
            "https://" + PLAN["gateway"], protocol=protocol, codec=Codec(codec), http_client=http)
        self.token = PLAN["participant"]

    def unary(self, name, request, kinds, token=True, milliseconds=MILLISECONDS, **how):
        safe = how.get("use_get", False)
        headers = bearer(self.token) if token else Headers()
        return self.client.execute_unary(
            request=request, method=method(GOALS, name, kinds, safe=safe), headers=headers,
            timeout_ms=milliseconds, **how)

    def create(self, title):
        request = goals_pb2.CreateGoalRequest(
            title=title, why="Omdat het kan.", measure="Zichtbaar.", due_on=PLAN["dueOn"])
        return self.unary("CreateGoal", request, (type(request), goals_pb2.Goal))

    def check_in(self):
        request = goals_pb2.CheckInRequest(
            goal_id=PLAN["goal"], progress_percent=50, confidence=3,
            expected_revision=int(PLAN["revision"]))
        kinds = type(request), goals_pb2.CheckInResponse
        return self.unary("CheckIn", request, kinds, milliseconds=SHORT)

    def archive(self):
        request = request_pb2.FetchArchiveRequest(request_id=PLAN["request"])
        kinds = type(request), request_pb2.ArchiveChunk
        chunks = self.client.execute_server_stream(
            request=request, headers=bearer(PLAN["officer"]), timeout_ms=MILLISECONDS,
            method=method(PRIVACY, "FetchArchive", kinds, stream=StreamType.SERVER_STREAM))
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk.data)
        return digest.hexdigest()

    def titles(self, **how):
        return [goal.title for goal in self.unary("ListGoals", LIST[0](), LIST, **how).goals]

    def outcome(self, name):
        made = self.create(name).title
        posted = self.titles()
        return {
            "made": made,
            "isListed": made in posted,
            "getsTheSame": self.titles(use_get=True) == posted,
            "archive": self.archive(),
            "noToken": refused(lambda: self.titles(token=False)),
            "invalid": refused(lambda: self.create("")),
            "deadline": refused(self.check_in),
        }


def main():
    authority = pathlib.Path(PLAN["ca"]).read_bytes()
    found = {}
    http = SyncClient(SyncHTTPTransport(
        tls_ca_cert=authority, http_version=HTTPVersion.HTTP2))
    for protocol in (ProtocolType.CONNECT, ProtocolType.GRPC, ProtocolType.GRPC_WEB):
        for codec in ("proto", "json"):
            name = f"{protocol.name} {codec}"
            found[name] = Caller(http, protocol, codec).outcome(name)
    json.dump(found, sys.stdout)


main()
