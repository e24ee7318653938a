"""Writes the seeds of the fuzz targets into Corpus/; run it after a change here."""

import gzip
import json
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent / "Corpus"
GET = bytes([0x82, 0x87, 0x84, 0x41, 1, 0x78])
POST = bytes([0x83, 0x87, 0x84, 0x41, 1, 0x78])
METADATA_NAMES = [
    ":method",
    ":path",
    "content-type",
    "te",
    "grpc-timeout",
    "grpc-encoding",
    "grpc-accept-encoding",
    "connect-timeout-ms",
    "connect-protocol-version",
    "content-encoding",
    "connect-content-encoding",
    "connect-accept-encoding",
    "accept-encoding",
    "origin",
    "x-request-id",
    "authorization",
    "details-bin",
    ":status",
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    "grpc-retry-pushback-ms",
    "access-control-request-method",
    "grpc-trace-bin",
]


def record(kind, flags, stream, payload=b""):
    """A frame as FramesTarget reads it."""
    return bytes([kind, flags, stream, len(payload)]) + payload


def frames(*records, seed=2, shape=0):
    return bytes([seed, shape]) + b"".join(records)


def frame(kind, flags, stream, payload=b""):
    """A frame as RFC 9113 has it."""
    return (
        len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload
    )


def literal(name, value):
    return bytes([0, len(name)]) + name + bytes([len(value)]) + value


FRAMES = {
    "get": frames(record(1, 5, 1, GET)),
    "post": frames(record(1, 4, 1, POST), record(0, 0, 1, b"ab"), record(0, 1, 1, b"c")),
    "trailers": frames(
        record(1, 4, 1, POST), record(0, 0, 1, b"ab"), record(1, 5, 1, literal(b"x", b"y"))
    ),
    "continuation": frames(
        record(1, 1, 1, GET[:3]), record(9, 0, 1, GET[3:]), record(9, 4, 1, literal(b"a", b"b"))
    ),
    "continuation-bytes": frames(record(1, 1, 1, GET[:3]), record(9, 4, 1, GET[3:]), seed=1),
    "padded": frames(
        record(1, 13, 1, b"\2" + GET + b"\0\0"),
        record(1, 0x24, 3, b"\0\0\0\1\5" + POST),
        record(0, 9, 3, b"\1ab\0"),
    ),
    "resets": frames(
        *(record(1, 4, s, POST) + record(3, 0, s, struct.pack(">I", 8)) for s in range(1, 99, 2))
    ),
    "pings": frames(*(record(6, 0, 0, bytes(8)) for _ in range(120))),
    "settings": frames(*(record(4, 0, 0, struct.pack(">HI", i, 2**i)) for i in range(1, 10))),
    "windows": frames(
        record(1, 4, 1, POST),
        record(8, 0, 0, struct.pack(">I", 1)),
        record(8, 0, 1, bytes(4)),
        record(8, 0, 3, b"\x7f\xff\xff\xff"),
    ),
    "priorities": frames(
        record(2, 0, 3, struct.pack(">IB", 1, 9)),
        record(2, 0, 1, struct.pack(">IB", 1, 9)),
        record(1, 5, 1, GET),
    ),
    "skipped": frames(record(1, 5, 9, GET), record(1, 5, 5, GET)),
    "ended": frames(record(1, 5, 1, GET), record(0, 0, 1, b"late")),
    "goaway": frames(
        record(1, 4, 1, POST),
        record(7, 0, 0, struct.pack(">II", 0, 2) + b"why"),
        record(0, 1, 1, b"x"),
    ),
    "push": frames(record(5, 4, 1, struct.pack(">I", 2) + GET)),
    "unknown": frames(record(22, 255, 7, b"any")),
    "empty": frames(record(1, 4, 1, POST), *(record(0, 0, 1) for _ in range(110))),
    "large": frames(
        *(
            record(1, 4, 1, POST + literal(b"x" * 90, b"y" * 90) + literal(b"z", b"y" * 60))
            for _ in range(1)
        )
    ),
    "indexed": frames(
        record(1, 5, 1, GET + bytes([0x40, 1, 0x78, 120]) + b"v" * 120 + bytes([0xBE]) * 90)
    ),
    "window": frames(record(1, 4, 1, POST), *(record(0, 0, 1, b"d" * 250) for _ in range(6))),
    "answered": frames(
        record(1, 4, 1, POST + literal(b"a", b"b") * 2), record(0, 0, 1, b"more"), seed=1, shape=4
    ),
    "raw": bytes([3, 2]) + frame(1, 5, 1, GET) + frame(1, 5, 3, GET)[:11],
    "http1": bytes([3, 3]) + b"GET / HTTP/1.1\r\n\r\n",
    "flushes": frames(
        record(1, 4, 1, POST), record(0, 1, 1, b"body"), record(1, 5, 3, GET), seed=9, shape=4
    ),
}


def request(path, kind, shape, headers=(), messages=(), cuts=0, after=0):
    """A request as CallsTarget reads it; `headers` as pairs of a name's number and a value."""
    out = bytes([path, kind, shape, len(headers)])
    for name, value in headers:
        out += bytes([name, len(value)]) + value
    out += bytes([len(messages)]) + b"".join(bytes([len(m)]) + m for m in messages)
    return out + bytes([cuts]) + (bytes([after]) if shape & 64 else b"")


TEXT = b"\n\5hello"
CALLS = {
    "grpc": request(0, 0, 0, messages=[TEXT]),
    "grpc-gzip": request(0, 0, 4, [(1, b"gzip")], [TEXT], cuts=5),
    "grpc-json": request(0, 2, 0, [(0, b"10S")], [b'"hello"'], cuts=1),
    "grpc-web": request(1, 3, 0, messages=[TEXT]),
    "grpc-web-text": request(3, 5, 8, messages=[TEXT, TEXT], cuts=3),
    "connect": request(0, 7, 2, [(4, b"1"), (3, b"5000")], [TEXT]),
    "connect-json": request(0, 8, 2, messages=[b'"hello"']),
    "connect-gzip": request(0, 8, 6, [(5, b"gzip")], [b'"hello"']),
    "connect-stream": request(3, 9, 0, messages=[TEXT, TEXT, b""]),
    "connect-stream-json": request(2, 10, 0, [(6, b"identity")], [b'"a"', b'"b"']),
    "join": request(2, 0, 0, messages=[TEXT] * 3, cuts=4),
    "two": request(0, 0, 0, messages=[TEXT, TEXT]),
    "none": request(0, 0, 0),
    "unknown": request(4, 0, 0, messages=[TEXT]),
    "cancelled": request(3, 0, 64, messages=[TEXT, TEXT], cuts=1, after=3),
    "long": request(0, 0, 0, messages=[b"\n\xf0\1" + b"x" * 240]),
    "no-type": request(0, 13, 0, messages=[TEXT]),
    "timeout": request(0, 0, 0, [(0, b"1x")], [TEXT]),
    "length": request(0, 7, 2, [(13, b"3")], [TEXT]),
    "three": request(0, 0, 0, messages=[TEXT])
    + request(1, 9, 0, messages=[TEXT])
    + request(3, 5, 8, messages=[TEXT]),
}
for query in [
    b"encoding=proto&message=CgVoZWxsbw&base64=1",
    b"encoding=json&message=%22hello%22&connect=v1",
]:
    CALLS[f"get-{len(CALLS)}"] = bytes([0, 13, 1, len(query)]) + query + bytes([0])


def envelope(message, flag=0):
    return bytes([flag]) + struct.pack(">I", len(message)) + message


# What MessagesTarget does with the rest: its part, and of that the variant with 64 (gzip, JSON).
ENVELOPES, WHOLE, BASE64, GZIP, PROTO, ENVELOPES_GZIP, JSON = 0, 1, 2, 3, 4, 65, 69
MESSAGES = {
    "envelopes": bytes([3, ENVELOPES]) + envelope(b"") + envelope(b"one") + envelope(b"two"),
    "envelopes-gzip": bytes([3, ENVELOPES_GZIP]) + envelope(b"x", 1) + envelope(b"y"),
    "flag": bytes([3, ENVELOPES]) + envelope(b"x", 2),
    "compressed": bytes([3, ENVELOPES]) + envelope(b"x", 1),
    "too-large": bytes([3, ENVELOPES]) + struct.pack(">BI", 0, 301),
    "cut": bytes([3, ENVELOPES]) + envelope(b"three")[:7],
    "whole": bytes([3, WHOLE]) + b"any bytes",
    "base64": bytes([3, BASE64]) + b"aGVsbG8=aGk=",
    "base64-url": bytes([3, BASE64]) + b"_-8=",
    "gzip": bytes([0, GZIP]) + gzip.compress(b"hello" * 9, mtime=0),
    "gzip-members": bytes([0, GZIP]) + gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0),
    "bomb": bytes([0, GZIP]) + gzip.compress(bytes(100_000), mtime=0),
    "proto": bytes([0, PROTO]) + bytes.fromhex("0a0e0a0161120911000000000000f03f"),
}
for number, text in enumerate(
    [
        b'{"a":[1,2.5,null,true,"\\u00e9"]}',
        b'{"a":' * 120 + b"1" + b"}" * 120,
        b'{"a":1e999}',
        b'{"a":"\\ud800"}',
        b"{} x",
    ]
):
    MESSAGES[f"json-{number}"] = bytes([0, JSON]) + text


def fields(kind, **values):
    out = bytes([kind])
    for name, value in values.items():
        out += (
            bytes([METADATA_NAMES.index(name.replace("_", "-").replace("S-", ":")), len(value)])
            + value
        )
    return out


METADATA = {
    "grpc": fields(
        0,
        S_method=b"POST",
        S_path=b"/a.B/C",
        te=b"trailers",
        content_type=b"application/grpc",
        grpc_timeout=b"99999999H",
        grpc_encoding=b"gzip",
        details_bin=b"AAE, AgM=",
    ),
    "connect": fields(
        0,
        S_method=b"POST",
        S_path=b"/a.B/C",
        content_type=b'application/json; charset="UTF-8"',
        connect_timeout_ms=b"9999999999",
        connect_protocol_version=b"2",
    ),
    "get": fields(
        0,
        S_method=b"GET",
        S_path=b"/a.B/C?encoding=json&message=%7B%7d+x&base64=1&connect=v1&compression=gzip",
        accept_encoding=b"br, gzip;q=0.5",
    ),
    "preflight": fields(
        0,
        S_method=b"OPTIONS",
        S_path=b"/",
        origin=b"https://example.org",
        access_control_request_method=b"POST",
    ),
    "request-id": fields(0, x_request_id=b"a-b_c.d:9", origin=b"null"),
    "answer": fields(
        1,
        S_status=b"200",
        content_type=b"application/grpc",
        grpc_status=b"3",
        grpc_message=b"%C3%A9 %zz",
        grpc_status_details_bin=b"CAMSAXg",
    ),
    "refusal": fields(1, S_status=b"502\x7f", content_type=b"text/\xe9\x01"),
    "timeout": b"\x02100000001u",
    "milliseconds": b"\x029999999999",
    "percent": b"\x02a%20b%C3%28%",
    "query": b"\x02a=b&&=c&d=e=f&%3d=%26",
    "encodings": b"\x02gzip;q=0, *;q=1e-400",
    "base64": b"\x02aGk",
    "text": '\2\u00e9\U0001f600\r\n"\\\0'.encode(),
}

DIGEST = b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"
HASH = b"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
SECRET = b"12345678901234567890"

CREDENTIALS = {
    "link": b"\0" + b"A" * 64,
    "link-mail": b"\0 " + b"AbCd_-09" * 8 + b"\r\n",
    "recovery": b"\1ABCD-EFGH-IJKL-MNOP",
    "recovery-typed": b"\1abcd efgh ijkl mno7",
    "address": b"\2Ada.Lovelace+x@Example.org",
    "address-header": b"\2ada@example.org\r\nBcc: ben@example.org",
    "address-long": b"\2" + b"a" * 64 + b"@" + b"b" * 63 + b".org",
    "totp": b"\3" + SECRET + (59).to_bytes(5, "big") + b"\x80" + b"287082",
    "totp-used": b"\3" + SECRET + (59).to_bytes(5, "big") + b"\x81" + b"287082",
    "totp-begin": b"\3" + SECRET + bytes(5) + b"\0" + b"755224",
    "hash": b"\4" + HASH,
    "hash-costs": b"\4" + HASH.replace(b"m=65536", b"m=4294967296"),
    "hash-short": b"\4$argon2id$v=19$m=8,t=1,p=1$$",
    "list": b"\5\0\x50\0password\n" + DIGEST + b":9659365\r\n\xff\n\n",
    "list-head": b"\5\0\x10\1password\n",
    "list-body": b"\5\0\x41\x80" + DIGEST,
    "rotating": b"\6" + b"AbCd_-09" * 10 + b"AbCd_A",
    "rotating-spelling": b"\6" + b"AbCd_-09" * 10 + b"AbCd_B",
}

NOON = 1767268800
UUIDS = [f"0{n}000000-0000-4000-8000-000000000000" for n in range(3)]


def claims(**changes):
    """The claims of a token as its issuer writes them: sorted, compact."""
    all_claims = {
        "aat": NOON - 60,
        "exp": NOON + 300,
        "iat": NOON,
        "iss": "https://identity.ikso.example",
        "rol": ["coach", "participant"],
        "sid": UUIDS[0],
        "sth": "ab12",
        "sub": UUIDS[1],
        "ten": UUIDS[2],
    } | changes
    return json.dumps(all_claims, separators=(",", ":"), sort_keys=True).encode()


TEXT_TOKEN, SIGNED, CHANGED = 0, 1, 2
TOKENS = {
    "text": bytes([TEXT_TOKEN]) + b"eyJhbGciOiJFZERTQSJ9.e30.AAAA",
    "dots": bytes([TEXT_TOKEN]) + b"..",
    "none": bytes([TEXT_TOKEN]) + b"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.",
    "base64url": bytes([TEXT_TOKEN]) + b"AAB",
    "signed": bytes([SIGNED, 1]) + claims(),
    "operator": bytes([SIGNED, 1]) + claims(rol=["operator"]),
    "platform": bytes([SIGNED, 1])
    + claims(rol=["operator"], ten="00000000-0000-0000-0000-000000000000"),
    "unknown": bytes([SIGNED, 1]) + claims(zzz="a newer issuer's", rol=["none"]),
    "later": bytes([SIGNED, 1]) + claims(aat=NOON + 1),
    "long": bytes([SIGNED, 1]) + claims(exp=NOON + 86401),
    "float": bytes([SIGNED, 1]) + claims(exp=1.5e300),
    "spaces": bytes([SIGNED, 1]) + claims().replace(b",", b", "),
    "twice": bytes([SIGNED, 1]) + claims().replace(b'{"aat"', b'{"aat":1,"aat"'),
    "header": bytes([SIGNED, 0, 14]) + b'{"alg":"none"}' + claims(),
    "service": bytes([SIGNED, 1])
    + claims(rol=["service"], acn="payroll", scp=["ikso.goals.v1.GoalsService/*"]),
    "service-bare": bytes([SIGNED, 1]) + claims(rol=["service"], acn="payroll"),
    "scoped-person": bytes([SIGNED, 1]) + claims(scp=["a.B/C"]),
    "support": bytes([SIGNED, 1]) + claims(rol=["support"], scp=["a.B/C"]),
    "changed": bytes([CHANGED, 1, 1, 0, 0, 0, 0, 0, 1, 2, 3, 60, 100, 4]) + b"ab12" + b"\0\x40A",
    "last": bytes([CHANGED, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 60, 100, 0]) + b"\1\xdeB",
}

TEXT_ASSERTION, CLAIMED, ALTERED = range(3)


def asserted(**changes):
    """The claims of an assertion as a library writes them."""
    all_claims = {
        "iss": UUIDS[0],
        "sub": UUIDS[0],
        "aud": "https://identity.ikso.example",
        "iat": NOON,
        "exp": NOON + 300,
        "jti": "one",
    }
    merged = {**all_claims, **changes}
    return json.dumps({k: v for k, v in merged.items() if v is not None}).encode()


def header(value):
    text = json.dumps(value).encode()
    return bytes([CLAIMED, len(text)]) + text


EDDSA = header({"alg": "EdDSA", "typ": "JWT"})
ASSERTIONS = {
    "text": bytes([TEXT_ASSERTION]) + b"eyJhbGciOiJFZERTQSJ9.e30.AAAA",
    "dots": bytes([TEXT_ASSERTION]) + b"..",
    "whole": EDDSA + asserted(),
    "audiences": EDDSA + asserted(aud=["a", "https://identity.ikso.example"]),
    "no-audience": EDDSA + asserted(aud=[]),
    "not-before": EDDSA + asserted(nbf=NOON - 5),
    "fraction": EDDSA + asserted(iat=NOON + 0.5),
    "huge": EDDSA + asserted(exp=1e300),
    "negative": EDDSA + asserted(iat=-1),
    "no-identifier": EDDSA + asserted(jti=None),
    "long-identifier": EDDSA + asserted(jti="x" * 129),
    "other-subject": EDDSA + asserted(sub=UUIDS[1]),
    "twice": EDDSA + asserted().replace(b'{"iss"', b'{"exp": 1, "iss"'),
    "deep": EDDSA + b"[" * 600,
    "es256": header({"alg": "ES256"}) + asserted(),
    "none": header({"alg": "none"}) + asserted(),
    "critical": header({"alg": "EdDSA", "crit": ["exp"]}) + asserted(),
    "altered": bytes([ALTERED, 0, 100, 7]),
}

for target, seeds in {
    "frames": FRAMES,
    "calls": CALLS,
    "messages": MESSAGES,
    "metadata": METADATA,
    "credentials": CREDENTIALS,
    "tokens": TOKENS,
    "assertions": ASSERTIONS,
}.items():
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)
