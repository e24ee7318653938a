"""The server under test: certificates made for it, its process, and its two messages."""

import os
import pathlib
import select
import ssl
import struct
import subprocess
import tempfile
import time

from connect_case import MUTUAL, PLAINTEXT, RECEIVE_LIMIT, TLS

START_SECONDS = 20


class Certificates:
    """Self-signed certificates of server and client, as connectrpc's own runner makes them."""

    transports = (PLAINTEXT, TLS, MUTUAL)

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.server = self._make("server", "Conformance Server", "serverAuth",
                                 "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost")
        self.client = self._make("client", "Conformance Client", "clientAuth")
        self.stranger = self._make("stranger", "Conformance Client", "clientAuth")

    def _make(self, name, common_name, usage, *extensions):
        base = pathlib.Path(self.folder.name) / name
        key, certificate = base.with_suffix(".key"), base.with_suffix(".pem")
        all_extensions = ["basicConstraints=critical,CA:FALSE",
                          "keyUsage=critical,digitalSignature,keyEncipherment",
                          f"extendedKeyUsage={usage}", *extensions]
        openssl("genrsa", "-traditional", "-out", key, "2048")
        openssl("req", "-x509", "-new", "-key", key, "-out", certificate, "-days", "7",
                "-subj", f"/O=ConnectRPC/CN={common_name}",
                *(part for one in all_extensions for part in ("-addext", one)))
        return certificate, key

    def serve(self, command, protocol, transport, schemas):
        return Server(command, protocol, transport, schemas, self)


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


class ServerFailure(Exception):
    """The server under test did not start."""


class Server:
    """One process of the server under test for one protocol and transport."""

    # What is between it and its clients, if anything.
    between = None

    def __init__(self, command, protocol, transport, schemas, certificates):
        self.certificates, self.transport = certificates, transport
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self._say(protocol, transport, schemas)
            answer = self._hear(schemas)
        except (ServerFailure, OSError):
            self.stop()
            raise
        self.host, self.port = answer.host or "127.0.0.1", answer.port
        self.pem = answer.pem_cert

    def _say(self, protocol, transport, schemas):
        request = schemas.ServerCompatRequest(
            protocol=f"PROTOCOL_{protocol.removesuffix('-text').replace('-', '_').upper()}",
            http_version="HTTP_VERSION_2", use_tls=transport != PLAINTEXT,
            message_receive_limit=RECEIVE_LIMIT)
        if transport != PLAINTEXT:
            certificate, key = self.certificates.server
            request.server_creds.cert = certificate.read_bytes()
            request.server_creds.key = key.read_bytes()
        if self.asks_for_certificate:
            request.client_tls_cert = self.certificates.client[0].read_bytes()
        data = request.SerializeToString()
        self.process.stdin.write(struct.pack(">I", len(data)) + data)
        # The runner of connectrpc closes here as well, so this is no signal to stop.
        self.process.stdin.close()

    @property
    def asks_for_certificate(self):
        return self.transport == MUTUAL

    def _hear(self, schemas):
        deadline = time.monotonic() + START_SECONDS
        size = struct.unpack(">I", self._read(4, deadline))[0]
        return schemas.ServerCompatResponse.FromString(self._read(size, deadline))

    def _read(self, size, deadline):
        data = b""
        handle = self.process.stdout.fileno()
        while len(data) < size:
            ready, _, _ = select.select([handle], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise ServerFailure("the server did not answer in time")
            more = os.read(handle, size - len(data))
            if not more:
                raise ServerFailure(f"the server ended with {self.process.wait()}")
            data += more
        return data

    def context(self, identity=None):
        """TLS that trusts the certificate the server named, or None in plaintext."""
        if self.transport == PLAINTEXT:
            return None
        context = ssl.create_default_context(cadata=self.pem.decode())
        # A self-signed leaf is its own anchor here; Python is told so.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
        context.set_alpn_protocols(["h2"])
        if identity is not None:
            context.load_cert_chain(*identity)
        return context

    def died(self):
        """Its status if it has ended."""
        return self.process.poll()

    def stop(self):
        """Ends the process; its status, or None if it had to be killed."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None
        finally:
            self.process.stdout.close()
