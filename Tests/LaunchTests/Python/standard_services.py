"""Reads the schemas of a server by reflection and watches its health, with the clients of the
packages grpcio-reflection and grpcio-health-checking. Argument: the port."""

import sys

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2 as v1alpha
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

SERVICE = "ikso.goals.v1.GoalsService"
TIMEOUT = 60


def refused(call, *arguments):
    """The error that a call ends with."""
    try:
        call(*arguments)
    except (grpc.RpcError, KeyError) as error:
        return error
    raise AssertionError("no error")


def reflect(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    pool = DescriptorPool(database)
    print("services", *sorted(database.get_services()))
    service = pool.FindServiceByName(SERVICE)
    print("methods", *[method.name for method in service.methods])
    goal = pool.FindMessageTypeByName("ikso.goals.v1.Goal")
    print("file", goal.file.name, *sorted(d.name for d in goal.file.dependencies))
    print("file of a method", database.FindFileContainingSymbol(SERVICE + ".CheckIn").name)
    field = "ikso.goals.v1.Goal.title"
    print("file of a field", database.FindFileContainingSymbol(field).name)
    options = pool.FindMessageTypeByName("google.protobuf.MethodOptions")
    print("extension", pool.FindExtensionByNumber(options, 52001).full_name)
    numbers = database.FindAllExtensionNumbers("google.protobuf.FieldOptions")
    print("extensions", *sorted(numbers))
    for name in ["ikso.keys.v1.KeysService", "ikso.none.v1.Nothing"]:
        error = refused(database.FindFileContainingSymbol, name)
        print("absent", type(error).__name__)
    return pool


def message(pool, name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def reflect_v1(channel, pool):
    """With messages made from what the server told of itself."""
    request = message(pool, "grpc.reflection.v1.ServerReflectionRequest")
    response = message(pool, "grpc.reflection.v1.ServerReflectionResponse")
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=request.SerializeToString,
        response_deserializer=response.FromString,
    )
    file = "ikso/goals/v1/goals.proto"
    unknown = {"containing_type": "ikso.goals.v1.Goal", "extension_number": 1}
    questions = [
        request(host="h", list_services="*"),
        request(file_by_filename=file),
        request(file_by_filename=file),
        request(file_by_filename="none.proto"),
        request(file_containing_extension=unknown),
        request(all_extension_numbers_of_type="ikso.goals.v1.Goal"),
        request(all_extension_numbers_of_type="ikso.none.v1.Nothing"),
    ]
    answers = list(call(iter(questions), timeout=TIMEOUT))
    assert [a.original_request for a in answers] == questions
    assert answers[0].valid_host == "h"
    print("v1 services", *[s.name for s in answers[0].list_services_response.service])
    counts = [len(a.file_descriptor_response.file_descriptor_proto) for a in answers[1:3]]
    print("v1 files", *counts)
    for answer in answers[3:5] + answers[6:]:
        error = answer.error_response
        print("v1 error", error.error_code, error.error_message)
    assert answers[5].WhichOneof("message_response") == "all_extension_numbers_response"
    empty = refused(list, call(iter([request()]), timeout=TIMEOUT))
    print("v1 empty", empty.code().name)


def call_by_reflection(channel, pool):
    service = pool.FindServiceByName("grpc.health.v1.Health")
    method = service.FindMethodByName("Check")
    request = message_factory.GetMessageClass(method.input_type)
    response = message_factory.GetMessageClass(method.output_type)
    call = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=request.SerializeToString,
        response_deserializer=response.FromString,
    )
    print("called", str(call(request(), timeout=TIMEOUT)).strip())


def name(answer):
    return health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)


def watch_health(channel):
    health = health_pb2_grpc.HealthStub(channel)
    for service in ["", SERVICE]:
        request = health_pb2.HealthCheckRequest(service=service)
        print("check", name(health.Check(request, timeout=TIMEOUT)))
    unknown = health_pb2.HealthCheckRequest(service="ikso.none.v1.Nothing")
    print("check", refused(health.Check, unknown).code().name)
    stranger = health.Watch(unknown, timeout=TIMEOUT)
    print("watch", name(next(stranger)))
    one = health.Watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=TIMEOUT)
    whole = health.Watch(health_pb2.HealthCheckRequest(), timeout=TIMEOUT)
    while True:
        states = [next(one, None), next(whole, None)]
        if states == [None, None]:
            break
        print("watch", *[name(state) for state in states], flush=True)
    # The stranger's call ends with the process, not before.
    print("ended", len(list(stranger)), stranger.code().name, one.code().name)


def main():
    with grpc.insecure_channel("127.0.0.1:" + sys.argv[1]) as channel:
        pool = reflect(channel)
        reflect_v1(channel, pool)
        call_by_reflection(channel, pool)
        watch_health(channel)
    assert v1alpha.DESCRIPTOR.package == "grpc.reflection.v1alpha"


main()
