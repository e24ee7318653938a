#!/usr/bin/env python3
"""Runs the cases of RFC 9113 and RFC 7541 against a server on a port.

The cases are those which h2spec knows, its strict ones included, and are named as there:
suite/section/number. A case that cannot be run is a failure. The last line counts.
"""

import argparse
import re
import ssl
import sys
import traceback

import http2_frame_cases
import http2_generic_cases
import http2_message_cases
import http2_stream_cases
from http2_peer import Failed, Peer, Target

SUITES = [http2_frame_cases, http2_stream_cases, http2_message_cases, http2_generic_cases]


def client_context(arguments):
    """TLS as a client speaks it, with a certificate of its own if one is given."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    if arguments.cert:
        context.load_cert_chain(arguments.cert, arguments.key)
    return context


def run(case, target):
    """The reason why the case failed, or None."""
    peer = None
    try:
        peer = Peer(target)
        if case.handshake:
            peer.handshake()
        case.body(peer)
        return None
    except Failed as failure:
        return str(failure)
    except (OSError, EOFError) as error:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return traceback.format_exc()
    finally:
        if peer is not None:
            peer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    parser.add_argument("--tls", action="store_true", help="TLS with ALPN h2")
    parser.add_argument("--cert", help="client certificate chain, PEM")
    parser.add_argument("--key", help="its key, PEM")
    parser.add_argument("--path", default="/", help="a path whose answer to GET has a body")
    parser.add_argument("--timeout", type=float, default=2.0, help="seconds of silence")
    parser.add_argument("--lenient", action="store_true",
                        help="a connection that is closed passes, whatever code GOAWAY gave")
    parser.add_argument("--pause", type=float, default=0.0,
                        help="seconds between two frames, so that each may be answered alone")
    parser.add_argument("--repeat", type=int, default=1,
                        help="run each case so often; it passes if it always does")
    parser.add_argument("--filter", default="", help="run the cases whose name matches")
    parser.add_argument("--list", action="store_true", help="print the names only")
    parser.add_argument("--verbose", action="store_true", help="print what passed too")
    arguments = parser.parse_args()

    wanted = re.compile(arguments.filter)
    cases = [case for suite in SUITES for case in suite.CASES
             if wanted.search(f"{case.name} {case.title}")]
    if arguments.list:
        for case in cases:
            print(case.name, case.title)
        return 0
    if arguments.port is None:
        parser.error("--port is needed")
    target = Target(arguments.host, arguments.port,
                    client_context(arguments) if arguments.tls else None,
                    arguments.path, arguments.timeout, arguments.lenient, arguments.pause)
    failed = 0
    for case in cases:
        reasons = (run(case, target) for _ in range(arguments.repeat))
        reason = next((reason for reason in reasons if reason is not None), None)
        if reason is not None:
            failed += 1
            print(f"FAILED {case.name} {case.title}: {reason}", flush=True)
        elif arguments.verbose:
            print(f"passed {case.name} {case.title}", flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
