#!/usr/bin/env python3
"""Runs conformance cases of gRPC, gRPC-Web and Connect over HTTP/2 against a server under test.

The program after "--" is started once for each protocol and transport. It reads a
ServerCompatRequest from its standard input (four bytes of size, big-endian, before it), writes a
ServerCompatResponse in the same way and serves connectrpc.conformance.v1.ConformanceService.
Names of cases are suite/protocol/codec/compression/transport/case. The last line counts.
"""

import argparse
import concurrent.futures
import pathlib
import re
import sys
import threading
import traceback

from connect_case import GRPC, MUTUAL, Builder
from connect_expect import faults_of
from connect_gateway import HouseCertificates
from connect_protocols import protocol_for
from connect_raw_suites import raw_suites
from connect_schemas import PROTOS, Schemas
from connect_server import Certificates, ServerFailure
from connect_suites import suites
from connect_transport import Connection, TransportFailure


class Run:
    """One case under one configuration."""

    def __init__(self, suite, case, protocol, codec, compression, transport):
        self.case, self.protocol, self.codec = case, protocol, codec
        self.compression, self.transport = compression, transport
        self.name = "/".join([suite.name, protocol, codec, compression, transport, case.name])


def expanded(all_suites):
    return [Run(suite, case, protocol, codec, compression, transport)
            for suite in all_suites for protocol in suite.protocols
            for transport in suite.transports for codec in suite.codecs
            for compression in suite.compressions for case in suite.cases]


class Client:
    """Runs cases against one server, each thread on a connection of its own."""

    def __init__(self, server, schemas, timeout):
        self.server, self.schemas, self.timeout = server, schemas, timeout
        identity = server.certificates.client if server.transport == MUTUAL else None
        self.context = server.context(identity)
        self.local = threading.local()
        self.all = []

    def connection(self):
        found = getattr(self.local, "connection", None)
        if found is None or not found.usable:
            found = Connection(self.server.host, self.server.port, self.context, self.timeout)
            self.local.connection = found
            self.all.append(found)
        return found

    def close(self):
        for connection in self.all:
            connection.close()

    def faults(self, run):
        """All that is wrong with the server's answer to the case."""
        try:
            connection = self.connection()
            protocol = protocol_for(run.protocol, run.case, self.schemas, run.codec,
                                    run.compression)
            call = self.started(connection, protocol, run)
            call.finish()
            connection.check()
            return faults_of(run.case, protocol.read(call, run.case), self.schemas,
                             self.server.between)
        except (TransportFailure, OSError) as failure:
            return [f"{type(failure).__name__}: {failure}"]
        except Exception:
            return [traceback.format_exc()]

    def started(self, connection, protocol, run):
        raw = run.case.raw
        named = [("x-test-case-name", run.name)]
        if raw is None:
            return protocol.start(connection, with_field(run.case, named))
        call = connection.open(raw.method, raw.path, raw.fields + named,
                               end=raw.method == "GET")
        if raw.method != "GET":
            for at in range(0, len(raw.body), raw.piece):
                call.send(raw.body[at:at + raw.piece])
            call.send(b"", end=True)
        return call


def with_field(case, fields):
    """The case with more request headers, which its answer need not echo to be right."""
    found = type(case)(**vars(case))
    found.headers = case.headers + [(name, [value]) for name, value in fields]
    return found


def certificate_faults(server, timeout):
    """A server that requires a client certificate must refuse none and a stranger's."""
    found = {}
    for name, identity in (("none", None), ("stranger", server.certificates.stranger)):
        try:
            connection = Connection(server.host, server.port, server.context(identity), timeout)
            connection.open("POST", "/", [], end=True).finish()
            connection.close()
            found[name] = ["the call was answered"]
        except (TransportFailure, OSError):
            found[name] = []
    return found


class Report:
    """Prints failures as they come, and counts."""

    def __init__(self, verbose):
        self.verbose, self.passed, self.failed = verbose, 0, 0
        self.lock = threading.Lock()

    def add(self, name, faults):
        with self.lock:
            if faults:
                self.failed += 1
                print(f"FAILED {name}: {'; '.join(faults)}", flush=True)
            else:
                self.passed += 1
                if self.verbose:
                    print(f"passed {name}", flush=True)


def run_group(key, runs, arguments, schemas, certificates, report):
    """Starts a server for the group and runs its cases."""
    protocol, transport = key
    try:
        server = certificates.serve(arguments.command, protocol, transport, schemas)
    except (ServerFailure, OSError) as failure:
        for run in runs:
            report.add(run.name, [str(failure)])
        return
    client = Client(server, schemas, arguments.timeout)
    with concurrent.futures.ThreadPoolExecutor(arguments.parallel) as pool:
        done = pool.map(client.faults, runs)
        for run, faults in zip(runs, done):
            report.add(run.name, faults)
    client.close()
    died = server.died()
    if died is not None:
        report.add(f"Server/{protocol}/{transport}/survives", [f"it ended with {died}"])
    if transport == MUTUAL and protocol == GRPC and not arguments.filter:
        for name, faults in certificate_faults(server, arguments.timeout).items():
            report.add(f"Client certificates/{protocol}/{transport}/refused/{name}", faults)
    status = server.stop()
    if status is None:
        report.add(f"Server/{protocol}/{transport}/stop", ["it did not end after SIGTERM"])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", help="run the cases whose name matches")
    parser.add_argument("--list", action="store_true", help="print the names only")
    parser.add_argument("--verbose", action="store_true", help="print what passed too")
    parser.add_argument("--parallel", type=int, default=8, help="calls at a time")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for a call")
    parser.add_argument("--protos", type=pathlib.Path, default=PROTOS,
                        help="the folder of the .proto files")
    parser.add_argument("--gateway", metavar="HOUSE", type=pathlib.Path,
                        help="run what goes with TLS through the gateway of this house.json")
    parser.add_argument("command", nargs="*", help="the server under test, after --")
    arguments = parser.parse_args()

    schemas = Schemas(arguments.protos)
    build = Builder(schemas)
    wanted = re.compile(arguments.filter)
    certificates = HouseCertificates(arguments.gateway) if arguments.gateway else Certificates()
    runs = [run for run in expanded(suites(build) + raw_suites(build))
            if wanted.search(run.name) and run.transport in certificates.transports]
    if arguments.list:
        print("\n".join(run.name for run in runs))
        return 0
    if not arguments.command:
        parser.error("the server under test is needed after --")
    groups = {}
    for run in runs:
        groups.setdefault((run.protocol, run.transport), []).append(run)
    report = Report(arguments.verbose)
    for key, group in groups.items():
        run_group(key, group, arguments, schemas, certificates, report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed or not report.passed else 0


if __name__ == "__main__":
    sys.exit(main())
