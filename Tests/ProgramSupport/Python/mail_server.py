"""A relay (aiosmtpd) on a free port, until its input ends.

usage: mail_server.py starttls|tls|plain CERTIFICATE KEY [USER PASSWORD]

Prints the port, then a line for each recipient that is named, "RCPT address", and for each message
that is taken, "MAIL" and JSON. An address says how it is answered: the first 2 times with 451 at
RCPT where it begins with "rcpt-451-2.", with 554 after the message where with "data-554-2."; by
hanging up, in the middle of the message where with "cut-2.", and after it, which is told as lost
then, where with "lost-2.".
"""

import asyncio
import collections
import json
import re
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(line):
    print(line, flush=True)


class Relay:
    times = collections.Counter()

    def refusal(self, step, address):
        match = re.match(step + r"-(\d+)-(\d+)\.", address)
        if match and self.counts(step, address, match[2]):
            return f"{match[1]} not now, {address}"
        return None

    def hangs_up(self, step, address):
        match = re.match(step + r"-(\d+)\.", address)
        return match and self.counts(step, address, match[1])

    def counts(self, step, address, limit):
        self.times[step, address] += 1
        return self.times[step, address] <= int(limit)

    async def handle_RCPT(self, server, session, envelope, address, options):
        say(f"RCPT {address}")
        if refusal := self.refusal("rcpt", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if refusal := self.refusal("data", address):
            return refusal
        lost = bool(self.hangs_up("lost", address))
        say("MAIL " + json.dumps({
            "from": envelope.mail_from, "to": address, "hello": session.host_name,
            "isEncrypted": server.transport.get_extra_info("sslcontext") is not None,
            "text": envelope.content.decode("ascii"), "isLost": lost}))
        if lost:
            server.transport.abort()
        return "250 OK"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.envelope.rcpt_tos and self.event_handler.hangs_up("cut", self.envelope.rcpt_tos[0]):
            await self.push("354 Go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


async def main():
    mode, certificate, key, *account = sys.argv[1:]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def authenticate(server, session, envelope, mechanism, data):
        given = isinstance(data, LoginPassword) and [data.login.decode(), data.password.decode()]
        return AuthResult(success=given == account, handled=False)

    options = {"hostname": "localhost"}
    if account:
        options |= {"auth_required": True, "authenticator": authenticate}
    if mode == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    elif account:
        options |= {"auth_require_tls": False}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(Relay(), loop=loop, **options), "127.0.0.1", 0,
        ssl=context if mode == "tls" else None)
    say(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
