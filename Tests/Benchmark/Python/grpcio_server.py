"""Serves an echo with grpcio's asyncio server on a loopback port of its choice.

The messages are decoded and encoded, as our own server does.
"""

import asyncio
import sys

import grpc
from google.protobuf.wrappers_pb2 import BytesValue


async def echo(request, context):
    return request


async def serve(certificate=None, key=None):
    server = grpc.aio.server()
    method = grpc.unary_unary_rpc_method_handler(
        echo, request_deserializer=BytesValue.FromString,
        response_serializer=BytesValue.SerializeToString)
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("ikso.bench.v1.Bench", {"Echo": method})])
    if certificate is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        with open(key, "rb") as private, open(certificate, "rb") as chain:
            pair = (private.read(), chain.read())
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    await server.start()
    print(f"grpcio_server listens on 127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


asyncio.run(serve(*sys.argv[1:]))
