"""Calls a running IKSO with grpcio, which nobody here wrote, and prints what came of it as JSON.

Reads a JSON object from standard input: addresses, certificates, tokens, and the folder into which
grpcio-tools has generated stubs from Schemas/.
"""

import hashlib
import json
import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

PLAN = json.load(sys.stdin)
sys.path.insert(0, PLAN["stubs"])

from ikso.goals.v1 import goals_pb2, goals_pb2_grpc  # noqa: E402
from ikso.privacy.v1 import privacy_pb2_grpc, request_pb2  # noqa: E402

ABSENT = "00000000-0000-4000-8000-000000000000"
SECONDS = 60


def read(path):
    with open(path, "rb") as file:
        return file.read()


def bearer(token):
    return (("authorization", "Bearer " + token),)


def refused(call):
    """Code, message and trailing metadata of a call that must fail."""
    try:
        call()
    except grpc.RpcError as error:
        return {
            "code": error.code().name,
            "message": error.details(),
            "trailing": {name: str(value) for name, value in error.trailing_metadata() or ()},
        }
    return {"code": "OK", "message": "", "trailing": {}}


def healthy(channel):
    """The raw answer of the health check: field 1, the state."""
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    return check(b"", timeout=SECONDS).hex()


def watch(channel):
    """A stream without an end: the deadline ends it."""
    states = channel.unary_stream("/grpc.health.v1.Health/Watch")(b"", timeout=0.5)
    return [state for state in states]


def reflected(channel):
    """What a client learns that has no schemas: the services, and the methods of one."""
    database = ProtoReflectionDescriptorDatabase(channel)
    goals = DescriptorPool(database).FindServiceByName("ikso.goals.v1.GoalsService")
    try:
        database.FindFileContainingSymbol("ikso.subject.v1.SubjectDataService")
        internal = True
    except KeyError:
        internal = False
    return {
        "services": list(database.get_services()),
        "methods": [method.name for method in goals.methods],
        "tellsInternal": internal,
    }


def goal(title):
    return goals_pb2.CreateGoalRequest(
        title=title, why="Omdat het kan.", measure="Zichtbaar.", due_on=PLAN["dueOn"]
    )


def through_gateway(channel):
    goals = goals_pb2_grpc.GoalsServiceStub(channel)
    me = bearer(PLAN["participant"])
    made = goals.CreateGoal(goal("Bijtijds – 🌷 – afronden"), metadata=me, timeout=SECONDS)
    futures = [
        goals.GetGoal.future(
            goals_pb2.GetGoalRequest(goal_id=made.goal_id), metadata=me, timeout=SECONDS
        )
        for _ in range(100)
    ]
    absent = goals_pb2.GetGoalRequest(goal_id=ABSENT)
    nothing = channel.unary_unary("/ikso.goals.v1.GoalsService/Nothing")
    return {
        "title": made.title,
        "sameAnswers": sum(future.result() == made for future in futures),
        "absent": refused(lambda: goals.GetGoal(absent, metadata=me, timeout=SECONDS)),
        "noToken": refused(lambda: goals.GetGoal(absent, timeout=SECONDS)),
        "deadline": refused(lambda: watch(channel)),
        "unknownMethod": refused(lambda: nothing(b"", metadata=me, timeout=SECONDS)),
        "tooLarge": refused(
            lambda: goals.CreateGoal(goal("x" * 5_000_000), metadata=me, timeout=SECONDS)
        ),
        "archive": fetch_archive(channel),
        "health": healthy(channel),
        "reflected": reflected(channel),
    }


def fetch_archive(channel):
    privacy = privacy_pb2_grpc.PrivacyServiceStub(channel)
    request = request_pb2.FetchArchiveRequest(request_id=PLAN["request"])
    digest, size, chunks = hashlib.sha256(), 0, 0
    for chunk in privacy.FetchArchive(
        request, metadata=bearer(PLAN["officer"]), timeout=SECONDS
    ):
        digest.update(chunk.data)
        size += len(chunk.data)
        chunks += 1
    return {"sha256": digest.hexdigest(), "bytes": size, "chunks": chunks}


def directly(channel):
    goals = goals_pb2_grpc.GoalsServiceStub(channel)
    me = bearer(PLAN["participant"])
    listed = goals.ListGoals(goals_pb2.ListGoalsRequest(), metadata=me, timeout=SECONDS)
    return {
        "titles": [goal.title for goal in listed.goals],
        "noToken": refused(lambda: goals.ListGoals(goals_pb2.ListGoalsRequest(), timeout=SECONDS)),
        "health": healthy(channel),
        "reflected": reflected(channel),
    }


def main():
    authority = read(PLAN["ca"])
    anybody = grpc.ssl_channel_credentials(authority)
    tools = grpc.ssl_channel_credentials(authority, read(PLAN["key"]), read(PLAN["certificate"]))
    with grpc.secure_channel(PLAN["gateway"], anybody) as channel:
        gateway = through_gateway(channel)
    with grpc.secure_channel(PLAN["goals"], tools) as channel:
        service = directly(channel)
    with grpc.secure_channel(PLAN["goals"], anybody) as channel:
        stranger = refused(lambda: healthy(channel))
    json.dump({"gateway": gateway, "service": service, "stranger": stranger}, sys.stdout)


main()
