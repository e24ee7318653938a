"""The messages of connectrpc.conformance.v1, compiled at run time from their .proto files."""

import pathlib
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_tools import protoc

SERVICE = "connectrpc.conformance.v1.ConformanceService"
PACKAGE = "connectrpc.conformance.v1"

PROTOS = pathlib.Path(__file__).resolve().parent.parent / "TestSchemas" / "Protos"
FILES = ["connectrpc/conformance/v1/service.proto", "connectrpc/conformance/v1/server_compat.proto"]


def status_file():
    """google.rpc.Status, whose three fields are all that the wire of an error needs."""
    file = descriptor_pb2.FileDescriptorProto(
        name="google/rpc/status_of_runner.proto", package="google.rpc", syntax="proto3",
        dependency=["google/protobuf/any.proto"])
    message = file.message_type.add(name="Status")
    field = descriptor_pb2.FieldDescriptorProto
    message.field.add(name="code", number=1, type=field.TYPE_INT32, label=field.LABEL_OPTIONAL)
    message.field.add(name="message", number=2, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    message.field.add(name="details", number=3, type=field.TYPE_MESSAGE,
                      label=field.LABEL_REPEATED, type_name=".google.protobuf.Any")
    return file


class Schemas:
    """Message classes by their short names, and the two codecs."""

    def __init__(self, protos=PROTOS):
        self.pool = descriptor_pool.DescriptorPool()
        for file in self._compiled(protos).file:
            self.pool.Add(file)
        self.pool.Add(status_file())
        self.Status = self._of("google.rpc.Status")
        self.Any = self._of("google.protobuf.Any")
        self.RequestInfo = self._of(PACKAGE + ".ConformancePayload.RequestInfo")

    def __getattr__(self, name):
        found = self._of(f"{PACKAGE}.{name}")
        setattr(self, name, found)
        return found

    def _of(self, full_name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(full_name))

    @staticmethod
    def _compiled(protos):
        well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "set"
            status = protoc.main(["protoc", f"-I{protos}", f"-I{well_known}", "--include_imports",
                                  f"--descriptor_set_out={out}", *FILES])
            if status != 0:
                raise SystemExit(f"protoc cannot compile {FILES} under {protos}")
            return descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())

    def packed(self, message):
        found = self.Any()
        found.Pack(message)
        return found

    def unpacked(self, any_message):
        """The message inside, or None if its type is not known here."""
        try:
            found = self._of(any_message.TypeName())()
        except KeyError:
            return None
        found.ParseFromString(any_message.value)
        return found

    def encode(self, message, codec):
        if codec == "json":
            return json_format.MessageToJson(message, descriptor_pool=self.pool).encode()
        return message.SerializeToString(deterministic=True)

    def decode(self, data, kind, codec):
        message = kind()
        if codec == "json":
            json_format.Parse(data.decode("utf-8"), message, descriptor_pool=self.pool)
        else:
            message.ParseFromString(data)
        return message

    def from_json_value(self, value, kind):
        """A message from a JSON value that has been parsed already."""
        return json_format.ParseDict(value, kind(), descriptor_pool=self.pool)
