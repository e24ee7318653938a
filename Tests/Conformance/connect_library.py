#!/usr/bin/env python3
"""Runs conformance cases with a client that nobody here wrote: PyPI connectrpc, on Rust's hyper.

It speaks gRPC, gRPC-Web and Connect. The cases are those of connect_runner.py that a library can
make, and what it made of the answers is judged as there; its own view of the bytes is not looked
at. The program after "--" is the server under test. The last line counts.
"""

import argparse
import concurrent.futures
import pathlib
import re
import sys
import threading
import traceback

from connectrpc.client import ConnectClientSync, ResponseMetadata
from connectrpc.codec import Codec
from connectrpc.compression.gzip import GzipCompression
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.protocol import ProtocolType
from connectrpc.request import Headers
from pyqwest import HTTPVersion, SyncClient, SyncHTTPTransport

from connect_case import CONNECT, GRPC, MUTUAL, PLAINTEXT, WEB, Builder
from connect_expect import faults_of
from connect_gateway import HouseCertificates
from connect_protocols import CLIENT, FULL, HALF, SERVER, UNARY
from connect_runner import Report, expanded
from connect_schemas import PROTOS, SERVICE, Schemas
from connect_server import Certificates
from connect_suites import suites
from connect_wire import CODE, Error

PROTOCOLS = {GRPC: ProtocolType.GRPC, WEB: ProtocolType.GRPC_WEB, CONNECT: ProtocolType.CONNECT}
KINDS = {UNARY: StreamType.UNARY, CLIENT: StreamType.CLIENT_STREAM,
         SERVER: StreamType.SERVER_STREAM, HALF: StreamType.BIDI_STREAM,
         FULL: StreamType.BIDI_STREAM}
REPLY_SECONDS = 10


class OurCodec(Codec):
    """The library's codec over the messages that were compiled here."""

    def __init__(self, schemas, codec):
        self.schemas, self.codec = schemas, codec

    def name(self):
        return self.codec

    def encode(self, message):
        return self.schemas.encode(message, self.codec)

    def decode(self, data, kind):
        return self.schemas.decode(bytes(data), kind, self.codec)


class Outcome:
    """What the library said of the answer, in the words of connect_expect."""

    def __init__(self):
        self.feedback, self.times, self.payloads = [], [], []
        self.headers, self.trailers, self.error = {}, {}, None

    def take(self, metadata):
        for target, fields in ((self.headers, metadata.headers), (self.trailers,
                                                                  metadata.trailers)):
            for name, value in fields.allitems():
                target.setdefault(name.lower(), []).append(value)

    def fail(self, error, schemas):
        details = [schemas.Any(type_url="type.googleapis.com/" + detail.type_name,
                               value=detail.message_bytes) for detail in error.details]
        self.error = Error(CODE[error.code.value], error.message, details)


class Library:
    """The library's clients of one server."""

    def __init__(self, server, schemas):
        self.server, self.schemas = server, schemas
        identity = {}
        if server.transport == MUTUAL:
            certificate, key = server.certificates.client
            identity = {"tls_cert": certificate.read_bytes(), "tls_key": key.read_bytes()}
        self.http = SyncClient(SyncHTTPTransport(
            tls_ca_cert=server.pem or None, http_version=HTTPVersion.HTTP2, **identity))
        scheme = "http" if server.transport == PLAINTEXT else "https"
        self.address = f"{scheme}://{server.host}:{server.port}"

    def faults(self, run):
        try:
            return faults_of(run.case, self.outcome(run), self.schemas, self.server.between)
        except Exception:
            return [traceback.format_exc()]

    def outcome(self, run):
        packing = GzipCompression() if run.compression == "gzip" else None
        client = ConnectClientSync(
            self.address, codec=OurCodec(self.schemas, run.codec), http_client=self.http,
            protocol=PROTOCOLS[run.protocol], send_compression=packing,
            accept_compression=[packing] if packing else [])
        found, case = Outcome(), run.case
        with ResponseMetadata() as metadata:
            try:
                for message in self.responses(client, case):
                    found.payloads.append(message)
            except ConnectError as error:
                found.fail(error, self.schemas)
            found.take(metadata)
        return found

    def responses(self, client, case):
        first = case.messages[0] if case.messages else None
        how = {"method": self.method(case), "headers": headers_of(case),
               "timeout_ms": case.timeout_ms}
        if case.stream == UNARY:
            yield client.execute_unary(request=first, use_get=case.get, **how)
        elif case.stream == CLIENT:
            yield client.execute_client_stream(request=iter(case.messages), **how)
        elif case.stream == SERVER:
            yield from client.execute_server_stream(request=first, **how)
        elif case.stream == HALF:
            yield from client.execute_bidi_stream(request=iter(case.messages), **how)
        else:
            yield from self.in_turns(client, case, how)

    def in_turns(self, client, case, how):
        """Full duplex: each request but the first waits for the answer to the one before."""
        answered = threading.Semaphore(0)

        def requests():
            for message in case.messages:
                yield message
                answered.acquire(timeout=REPLY_SECONDS)

        try:
            for message in client.execute_bidi_stream(request=requests(), **how):
                yield message
                answered.release()
        finally:
            answered.release(len(case.messages))

    def method(self, case):
        first = type(case.messages[0]) if case.messages else self.schemas.ClientStreamRequest
        level = IdempotencyLevel.NO_SIDE_EFFECTS if case.get else IdempotencyLevel.UNKNOWN
        return MethodInfo(name=case.method, service_name=SERVICE, input=first,
                          output=case.response_kind(self.schemas), idempotency_level=level,
                          stream_type=KINDS[case.stream])


def headers_of(case):
    found = Headers()
    for name, values in case.headers:
        for value in values:
            found.add(name, value)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", help="run the cases whose name matches")
    parser.add_argument("--verbose", action="store_true", help="print what passed too")
    parser.add_argument("--parallel", type=int, default=8, help="calls at a time")
    parser.add_argument("--protos", type=pathlib.Path, default=PROTOS,
                        help="the folder of the .proto files")
    parser.add_argument("--gateway", metavar="HOUSE", type=pathlib.Path,
                        help="run what goes with TLS through the gateway of this house.json")
    parser.add_argument("command", nargs="+", help="the server under test, after --")
    arguments = parser.parse_args()
    schemas, wanted = Schemas(arguments.protos), re.compile(arguments.filter)
    certificates = HouseCertificates(arguments.gateway) if arguments.gateway else Certificates()
    groups = {}
    for run in expanded(suites(Builder(schemas))):
        if (run.protocol in PROTOCOLS and run.transport in certificates.transports
                and wanted.search(run.name)):
            groups.setdefault((run.protocol, run.transport), []).append(run)
    report = Report(arguments.verbose)
    for (protocol, transport), runs in groups.items():
        server = certificates.serve(arguments.command, protocol, transport, schemas)
        library = Library(server, schemas)
        with concurrent.futures.ThreadPoolExecutor(arguments.parallel) as pool:
            for run, faults in zip(runs, pool.map(library.faults, runs)):
                report.add(run.name, faults)
        server.stop()
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed or not report.passed else 0


if __name__ == "__main__":
    sys.exit(main())
