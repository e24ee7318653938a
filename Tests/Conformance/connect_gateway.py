"""The server under test behind a gateway of ours, with the certificates of a running system."""

import json
import pathlib
import re
import select
import subprocess
import tempfile
import time

from connect_case import TLS
from connect_expect import Between
from connect_schemas import SERVICE
from connect_server import START_SECONDS, Server, ServerFailure

# The longest deadline that the gateway passes on, and that of a call without one.
LONGEST_SECONDS = 86_400
# As which service of the system the server under test appears.
PEER = "goals"


class HouseCertificates:
    """The certificates of a running system, as its house.json names them."""

    # A gateway listens with TLS alone, and asks for no certificate.
    transports = (TLS,)

    def __init__(self, house):
        self.house = json.loads(pathlib.Path(house).read_text(encoding="utf-8"))
        peer = self.house["services"][PEER]
        self.server = (pathlib.Path(peer["certificate"]), pathlib.Path(peer["key"]))
        # Whoever has a certificate of the system; the gateway shows its own.
        self.client = (pathlib.Path(self.house["ca"]), None)

    def serve(self, command, protocol, transport, schemas):
        return GatewayedServer(command, protocol, transport, schemas, self)


class GatewayedServer(Server):
    """One process of the server under test, and a gateway that leads to it and to nothing else."""

    def __init__(self, command, protocol, transport, schemas, certificates):
        self.gateway, self.folder = None, tempfile.TemporaryDirectory()
        super().__init__(command, protocol, transport, schemas, certificates)
        try:
            self.port = self._raise(certificates.house, f"{self.host}:{self.port}")
            # Callers see the gateway's.
            self.pem = pathlib.Path(certificates.house["ca"]).read_bytes()
        except (ServerFailure, OSError):
            self.stop()
            raise

    between = Between(timeout_ms=LONGEST_SECONDS * 1000, reason="google.rpc.ErrorInfo")
    asks_for_certificate = True

    def _raise(self, house, address):
        settings = json.loads(pathlib.Path(house["services"]["gateway"]["config"]).read_text())
        settings["listen"]["port"] = 0
        settings["peers"][PEER] = address
        settings["routes"] = [f"{SERVICE}={PEER}"]
        settings["limits"] = {"deadlineSeconds": LONGEST_SECONDS}
        file = pathlib.Path(self.folder.name) / "gateway.json"
        file.write_text(json.dumps(settings))
        # A file takes the log: nobody reads a pipe while cases run.
        self.log = open(pathlib.Path(self.folder.name) / "log", "w+", encoding="utf-8")
        program = pathlib.Path(house["binaries"]) / "ikso-gateway"
        self.gateway = subprocess.Popen([program, "serve", "--config", file], stdout=self.log,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.gateway.poll() is None:
            said = pathlib.Path(self.log.name).read_text(encoding="utf-8")
            serving = re.search(r'serving.*127\.0\.0\.1:(\d+)', said)
            if serving:
                return int(serving[1])
            select.select([], [], [], 0.05)
        raise ServerFailure(f"the gateway does not serve: {said}")

    def died(self):
        """The status of either process if it has ended."""
        found = self.gateway.poll()
        return found if found is not None else super().died()

    def stop(self):
        status = None
        if self.gateway is not None:
            self.gateway.terminate()
            try:
                status = self.gateway.wait(timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                self.gateway.kill()
                self.gateway.wait()
            self.log.close()
        found = super().stop()
        return found if status == 0 else status
