"""Pieces of the three protocols: envelopes, codes, and the rules that a server's bytes keep."""

import base64
import binascii
import gzip
import json
import re
import struct
import urllib.parse

COMPRESSED, CONNECT_END, WEB_TRAILERS = 0x01, 0x02, 0x80

CODES = ["ok", "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found",
         "already_exists", "permission_denied", "resource_exhausted", "failed_precondition",
         "aborted", "out_of_range", "unimplemented", "internal", "unavailable", "data_loss",
         "unauthenticated"]
CODE = {name: number for number, name in enumerate(CODES)}

# The Connect protocol, "error codes". A method that is not there may also be 404.
HTTP_OF_CODE = {1: [499], 2: [500], 3: [400], 4: [504], 5: [404], 6: [409], 7: [403], 8: [429],
                9: [400], 10: [409], 11: [400], 12: [501, 404], 13: [500], 14: [503], 15: [500],
                16: [401]}

# What a client makes of an answer that is none of its protocol.
CODE_OF_HTTP = {400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14}

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def envelope(payload, flags=0, length=None):
    return struct.pack(">BI", flags, len(payload) if length is None else length) + payload


def envelopes(body):
    """The whole envelopes of a body as (flags, payload, end), and how many bytes are left."""
    found, at = [], 0
    while len(body) - at >= 5:
        flags, length = struct.unpack_from(">BI", body, at)
        if len(body) - at - 5 < length:
            break
        at += 5 + length
        found.append((flags, bytes(body[at - length:at]), at))
    return found, len(body) - at


def quads(text):
    """The bytes of base64 text that may be padded at the end of each of its pieces."""
    whole = len(text) // 4 * 4
    return b"".join(base64.b64decode(text[at:at + 4]) for at in range(0, whole, 4))


def unpadded(text):
    """Bytes of base64 without padding; ValueError otherwise."""
    if "=" in text:
        raise ValueError("is padded")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(f"is not base64 ({error})") from error


def inflated(data, encoding, feedback):
    if encoding != "gzip":
        feedback.append(f"compressed by {encoding!r}, which was not offered")
        return b""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, ValueError) as error:
        feedback.append(f"bad gzip: {error}")
        return b""


def valid_value(value):
    return all(char == "\t" or (" " <= char != "\x7f") for char in value)


def grouped(fields):
    """Values by name in lower case, in the order of the wire."""
    found = {}
    for name, value in fields:
        found.setdefault(name.lower(), []).append(value)
    return found


def check_binary(what, fields, feedback):
    for name, values in fields.items():
        if name.endswith("-bin") and name != "grpc-status-details-bin":
            for value in values:
                try:
                    unpadded(value)
                except ValueError as error:
                    feedback.append(f"{what} {name} {error}")


def grpc_message(text, feedback):
    """The percent-decoded grpc-message."""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "%":
            if not re.fullmatch(r"[0-9a-fA-F]{2}", text[at + 1:at + 3]):
                feedback.append(f"grpc-message {text!r} has a bad percent code at {at}")
            at += 3
            continue
        if not " " <= char <= "~":
            feedback.append(f"grpc-message {text!r} is not percent-coded at {at}")
        at += 1
    return urllib.parse.unquote(text, encoding="utf-8", errors="replace")


class Error:
    """Code, message and details (Any messages) of a failed call."""

    def __init__(self, code, message=None, details=()):
        self.code, self.message, self.details = code, message, list(details)


def grpc_error(fields, schemas, feedback):
    """The error of trailers grouped by name, None for OK; complains about what is malformed."""
    for name in ("grpc-status", "grpc-message", "grpc-status-details-bin"):
        if len(fields.get(name, [])) > 1:
            feedback.append(f"{name} stands more than once in the trailers")
    if "grpc-status" not in fields:
        feedback.append("no grpc-status in the trailers")
        return Error(2, "no status")
    text = fields["grpc-status"][0]
    if not re.fullmatch(r"[0-9]|1[0-6]", text):
        feedback.append(f"grpc-status is {text!r}")
        return Error(2, "bad status")
    code = int(text)
    message = None
    if "grpc-message" in fields:
        message = grpc_message(fields["grpc-message"][0], feedback)
        if code == 0 and message:
            feedback.append("grpc-message with status 0")
    details = []
    if "grpc-status-details-bin" in fields:
        try:
            status = schemas.Status.FromString(unpadded(fields["grpc-status-details-bin"][0]))
        except Exception as error:
            feedback.append(f"grpc-status-details-bin {error}")
        else:
            details = list(status.details)
            if status.code != code:
                feedback.append(f"details have code {status.code}, the status is {code}")
            if message is not None and status.message != message:
                feedback.append(f"details have message {status.message!r}, not {message!r}")
            if code == 0 and details:
                feedback.append("details with status 0")
    return None if code == 0 else Error(code, message or "", details)


def web_trailers(block, feedback):
    """The trailers of gRPC-Web, grouped by name; complains about their layout."""
    text = block.decode("latin-1")
    if text and not text.endswith("\r\n"):
        feedback.append("gRPC-Web trailers do not end with CRLF")
    fields = []
    for line in text.removesuffix("\r\n").split("\r\n") if text else []:
        if "\n" in line or "\r" in line:
            feedback.append(f"gRPC-Web trailers have a bare CR or LF: {line!r}")
        if line == "":
            feedback.append("gRPC-Web trailers have a blank line")
            continue
        if line[0] in " \t":
            feedback.append("gRPC-Web trailers are folded")
            continue
        name, colon, value = line.partition(":")
        if not colon or not TOKEN.fullmatch(name):
            feedback.append(f"gRPC-Web trailers have a bad line {line!r}")
        if name != name.lower():
            feedback.append(f"gRPC-Web trailers have {name!r}, not in lower case")
        value = value.strip(" \t")
        if not valid_value(value):
            feedback.append(f"gRPC-Web trailers have a bad value {value!r}")
        fields.append((name, value))
    return grouped(fields)


def strict_json(data, what, feedback):
    """A JSON object without keys that stand twice, or None."""
    def pairs(items):
        keys = [key for key, _ in items]
        for key in {key for key in keys if keys.count(key) > 1}:
            feedback.append(f"{what} has {key!r} twice")
        return dict(items)
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=pairs)
    except ValueError as error:
        feedback.append(f"{what} is not JSON: {error}: {data[:80]!r}")
        return None
    if not isinstance(found, dict):
        feedback.append(f"{what} is no object")
        return None
    return found


def connect_detail(detail, number, schemas, feedback):
    """One detail of a Connect error as Any, or None."""
    what = f"details[{number}]"
    if not isinstance(detail, dict):
        feedback.append(f"{what} is no object")
        return None
    for key in detail.keys() - {"type", "value", "debug"}:
        feedback.append(f"{what} has an unknown key {key!r}")
    kind, value = detail.get("type"), detail.get("value")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", kind):
        feedback.append(f"{what} has type {kind!r}")
        return None
    try:
        data = unpadded(value)
    except (ValueError, TypeError) as error:
        feedback.append(f"{what} has a value that {error}")
        return None
    found = schemas.Any(type_url="type.googleapis.com/" + kind, value=data)
    if "debug" in detail:
        check_debug(detail["debug"], found, what, schemas, feedback)
    return found


def check_debug(debug, any_message, what, schemas, feedback):
    message = schemas.unpacked(any_message)
    if message is None:
        feedback.append(f"{what} has debug for a type that is not known: {any_message.type_url}")
        return
    if isinstance(debug, dict):
        debug = {key: value for key, value in debug.items() if key != "@type"}
    try:
        if schemas.from_json_value(debug, type(message)) != message:
            feedback.append(f"{what} has debug that is not its value")
    except Exception as error:
        feedback.append(f"{what} has debug that cannot be read: {error}")


def connect_error(found, schemas, feedback):
    """The error of a parsed Connect error object; complains about its shape."""
    for key in found.keys() - {"code", "message", "details"}:
        feedback.append(f"the error has an unknown key {key!r}")
    code = CODE.get(found.get("code"))
    if not code:
        feedback.append(f"the error has code {found.get('code')!r}")
        code = 2
    message = found.get("message", "")
    if not isinstance(message, str):
        feedback.append("the error's message is no string")
        message = ""
    details = found.get("details", [])
    if not isinstance(details, list):
        feedback.append("the error's details are no array")
        details = []
    read = [connect_detail(detail, number, schemas, feedback)
            for number, detail in enumerate(details)]
    return Error(code, message, [detail for detail in read if detail is not None])
