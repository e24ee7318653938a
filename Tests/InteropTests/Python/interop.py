"""gRPC's interoperability cases (interop-test-descriptions.md) with grpcio as the client.

Messages are made from the schemas at run time: modules of them would be called grpc.testing, in
the middle of grpcio's own package.
"""

import argparse
import pathlib
import sys
import tempfile
import time

import grpc
from google.protobuf import descriptor_pb2, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_tools import protoc

# The deadline of every call that has none of its own, in seconds.
TIMEOUT = 60
LARGE_REQUEST = 271_828
LARGE_RESPONSE = 314_159
REQUEST_SIZES = [27_182, 8, 1_828, 45_904]
RESPONSE_SIZES = [31_415, 9, 2_653, 58_979]
SPECIAL_TEXT = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")


class Schemas:
    """The message classes of grpc.testing by name."""

    def __init__(self, folder):
        with tempfile.NamedTemporaryFile() as output:
            status = protoc.main([
                "protoc", f"-I{folder}", "--include_imports",
                f"--descriptor_set_out={output.name}", "grpc/testing/test.proto",
            ])
            assert status == 0, f"the schemas in {folder} could not be read"
            files = descriptor_pb2.FileDescriptorSet.FromString(
                pathlib.Path(output.name).read_bytes())
        self.pool = DescriptorPool()
        for file in files.file:
            self.pool.Add(file)

    def __getattr__(self, name):
        descriptor = self.pool.FindMessageTypeByName("grpc.testing." + name)
        return message_factory.GetMessageClass(descriptor)

    def call(self, channel, method, service="TestService"):
        """The call object of a method, of the kind that its schema says."""
        found = self.pool.FindServiceByName("grpc.testing." + service)
        method = found.FindMethodByName(method)
        kind = "_".join(
            "stream" if streams else "unary"
            for streams in (method.client_streaming, method.server_streaming))
        return getattr(channel, kind)(
            f"/{found.full_name}/{method.name}",
            request_serializer=message_factory.GetMessageClass(
                method.input_type).SerializeToString,
            response_deserializer=message_factory.GetMessageClass(
                method.output_type).FromString)


class Requests:
    """Requests of a stream that are sent when the test says so; None closes the client's side."""

    def __init__(self):
        import queue
        self.queue = queue.SimpleQueue()

    def __iter__(self):
        return iter(self.queue.get, None)

    def send(self, request):
        self.queue.put(request)

    def close(self):
        self.queue.put(None)


def expect(actual, wanted, what=""):
    assert actual == wanted, f"{what} {actual!r:.200} is not {wanted!r:.200}"


def refused(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call was answered")


class Cases:
    def __init__(self, schemas, connect):
        self.s = schemas
        self.connect = connect
        self.channel = connect()

    def call(self, method, *arguments, channel=None, **options):
        options.setdefault("timeout", TIMEOUT)
        return self.s.call(channel or self.channel, method)(*arguments, **options)

    def payload(self, size):
        return self.s.Payload(body=bytes(size))

    def outputs(self, *sizes, payload=None, **parameters):
        return self.s.StreamingOutputCallRequest(
            response_parameters=[
                self.s.ResponseParameters(size=size, **parameters) for size in sizes],
            payload=self.payload(payload) if payload else None)

    def large_request(self, **fields):
        return self.s.SimpleRequest(
            response_size=LARGE_RESPONSE, payload=self.payload(LARGE_REQUEST), **fields)

    def unary(self, request, **options):
        answer = self.call("UnaryCall", request, **options)
        expect(answer.payload.body, bytes(LARGE_RESPONSE), "payload")
        expect(answer.payload.type, 0, "type")

    # The cases, in the order of the specification.

    def empty_unary(self):
        expect(self.call("EmptyCall", self.s.Empty()), self.s.Empty())

    def large_unary(self):
        self.unary(self.large_request())

    def client_compressed_unary(self):
        wanted = self.s.BoolValue(value=True)
        probe = refused(lambda: self.unary(self.large_request(expect_compressed=wanted)))
        expect(probe.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.unary(
            self.large_request(expect_compressed=wanted), compression=grpc.Compression.Gzip)
        self.unary(self.large_request(expect_compressed=self.s.BoolValue()))

    def server_compressed_unary(self):
        for on in (True, False):
            self.unary(self.large_request(response_compressed=self.s.BoolValue(value=on)))

    def client_streaming(self):
        requests = [
            self.s.StreamingInputCallRequest(payload=self.payload(size)) for size in REQUEST_SIZES]
        answer = self.call("StreamingInputCall", iter(requests))
        expect(answer.aggregated_payload_size, 74_922)

    def client_compressed_streaming(self):
        """grpcio compresses all messages of a call or none: the two halves are calls."""
        on, off = self.s.BoolValue(value=True), self.s.BoolValue()

        def stream(wanted, compression):
            requests = [
                self.s.StreamingInputCallRequest(
                    payload=self.payload(size), expect_compressed=wanted)
                for size in (27_182, 45_904)]
            return self.call("StreamingInputCall", iter(requests), compression=compression)

        probe = refused(lambda: stream(on, None))
        expect(probe.code(), grpc.StatusCode.INVALID_ARGUMENT)
        expect(stream(on, grpc.Compression.Gzip).aggregated_payload_size, 73_086)
        expect(stream(off, None).aggregated_payload_size, 73_086)

    def sizes(self, answers):
        return [len(answer.payload.body) for answer in answers]

    def server_streaming(self):
        answers = self.call("StreamingOutputCall", self.outputs(*RESPONSE_SIZES))
        expect(self.sizes(answers), RESPONSE_SIZES)

    def server_compressed_streaming(self):
        request = self.outputs(31_415, 92_653)
        request.response_parameters[0].compressed.value = True
        request.response_parameters[1].compressed.value = False
        expect(self.sizes(self.call("StreamingOutputCall", request)), [31_415, 92_653])

    def ping_pong(self):
        requests = Requests()
        answers = self.call("FullDuplexCall", iter(requests))
        for request, response in zip(REQUEST_SIZES, RESPONSE_SIZES):
            requests.send(self.outputs(response, payload=request))
            expect(self.sizes([next(answers)]), [response])
        requests.close()
        expect(list(answers), [])

    def empty_stream(self):
        expect(list(self.call("FullDuplexCall", iter([]))), [])

    def half_duplex(self):
        requests = [self.outputs(size) for size in RESPONSE_SIZES]
        answers = self.call("HalfDuplexCall", iter(requests))
        expect(self.sizes(answers), RESPONSE_SIZES)

    def slow_consumer(self):
        answers = self.call("StreamingOutputCall", self.outputs(*[1_030] * 2_000))
        count = 0
        for answer in answers:
            expect(len(answer.payload.body), 1_030)
            count += 1
            if count % 100 == 0:
                time.sleep(0.02)
        expect(count, 2_000)

    def cancel_after_begin(self):
        requests = Requests()
        call = self.s.call(self.channel, "StreamingInputCall").future(
            iter(requests), timeout=TIMEOUT)
        call.cancel()
        expect(call.cancelled(), True)
        expect(call.code(), grpc.StatusCode.CANCELLED)
        requests.close()

    def cancel_after_first_response(self):
        requests = Requests()
        answers = self.call("FullDuplexCall", iter(requests))
        requests.send(self.outputs(31_415, payload=27_182))
        expect(self.sizes([next(answers)]), [31_415])
        answers.cancel()
        expect(refused(lambda: next(answers)).code(), grpc.StatusCode.CANCELLED)
        requests.close()

    def timeout_on_sleeping_server(self):
        requests = Requests()
        requests.send(self.outputs(31_415, payload=27_182, interval_us=60_000_000))
        answers = self.call("FullDuplexCall", iter(requests), timeout=0.05)
        error = refused(lambda: next(answers))
        expect(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        requests.close()

    def status(self, text):
        status = self.s.EchoStatus(code=2, message=text)
        unary = self.s.SimpleRequest(response_status=status)
        stream = self.s.StreamingOutputCallRequest(response_status=status)
        return [
            refused(lambda: self.call("UnaryCall", unary)),
            refused(lambda: list(self.call("FullDuplexCall", iter([stream])))),
        ]

    def status_code_and_message(self):
        for error in self.status("test status message"):
            expect(error.code(), grpc.StatusCode.UNKNOWN)
            expect(error.details(), "test status message")

    def special_status_message(self):
        for error in self.status(SPECIAL_TEXT):
            expect(error.code(), grpc.StatusCode.UNKNOWN)
            expect(error.details(), SPECIAL_TEXT)

    def unimplemented_method(self):
        error = refused(lambda: self.call("UnimplementedCall", self.s.Empty()))
        expect(error.code(), grpc.StatusCode.UNIMPLEMENTED)

    def unimplemented_service(self):
        call = self.s.call(self.channel, "UnimplementedCall", "UnimplementedService")
        error = refused(lambda: call(self.s.Empty(), timeout=TIMEOUT))
        expect(error.code(), grpc.StatusCode.UNIMPLEMENTED)

    def custom_metadata(self):
        def check(call):
            expect(dict(call.initial_metadata()).get(INITIAL[0]), INITIAL[1])
            expect(dict(call.trailing_metadata()).get(TRAILING[0]), TRAILING[1])

        metadata = (INITIAL, TRAILING)
        _, call = self.s.call(self.channel, "UnaryCall").with_call(
            self.large_request(), metadata=metadata, timeout=TIMEOUT)
        check(call)
        answers = self.call(
            "FullDuplexCall", iter([self.outputs(LARGE_RESPONSE, payload=LARGE_REQUEST)]),
            metadata=metadata)
        expect(self.sizes(answers), [LARGE_RESPONSE])
        check(answers)

    def rpc_soak(self):
        for _ in range(100):
            self.unary(self.large_request())

    def channel_soak(self):
        for _ in range(20):
            with self.connect() as channel:
                self.unary(self.large_request(), channel=channel)


NAMES = [name for name, case in vars(Cases).items() if callable(case) and name not in (
    "__init__", "call", "payload", "outputs", "large_request", "unary", "sizes", "status")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True, help="host:port of the server")
    parser.add_argument("--schemas", required=True, help="folder that holds grpc/testing")
    parser.add_argument("--ca", help="PEM file; the server speaks TLS")
    parser.add_argument("--case", action="append", choices=NAMES, help="only this one")
    options = parser.parse_args()

    def connect():
        # A subchannel of its own each time, as channel_soak wants.
        arguments = [("grpc.use_local_subchannel_pool", 1)]
        if options.ca is None:
            return grpc.insecure_channel(options.target, arguments)
        credentials = grpc.ssl_channel_credentials(pathlib.Path(options.ca).read_bytes())
        arguments.append(("grpc.ssl_target_name_override", "foo.test.google.fr"))
        return grpc.secure_channel(options.target, credentials, arguments)

    cases = Cases(Schemas(options.schemas), connect)
    failed = 0
    names = options.case or NAMES
    for name in names:
        try:
            getattr(cases, name)()
            print("PASS", name, flush=True)
        except Exception as error:  # A case that fails in whatever way is told, and the rest run.
            failed += 1
            text = str(error).replace("\n", " ")
            print("FAIL", name, type(error).__name__, text[:300], flush=True)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
