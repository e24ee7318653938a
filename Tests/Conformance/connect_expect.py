"""What a conforming server answers to a case, and the comparison with what it did answer."""

import dataclasses

from connect_protocols import CLIENT, FULL, UNARY
from connect_wire import CODES, Error

# A timeout that is echoed may be less than the one sent by the time spent on the way, which is no
# figure to judge a busy machine by: a minute of a day is.
TIMEOUT_SLACK_MS = 60_000


class Expected:
    """The answer that a client of any protocol would see."""

    def __init__(self, error=None):
        self.headers, self.trailers, self.payloads, self.error = [], [], [], error


def request_info(case, schemas, messages, whole=True):
    """What the server is to say of the request; `whole` includes headers and timeout."""
    info = schemas.RequestInfo(requests=[schemas.packed(message) for message in messages])
    if whole:
        for name, values in case.headers:
            info.request_headers.add(name=name, value=values)
        if case.timeout_ms is not None:
            info.timeout_ms = case.timeout_ms
        if case.get:
            info.connect_get_info.SetInParent()
    return info


def expected_of(case, schemas):
    if case.expected is not None:
        return case.expected
    first = case.messages[0] if case.messages else None
    definition = None
    if first is not None and first.HasField("response_definition"):
        definition = first.response_definition
    found = Expected()
    if definition is not None:
        found.headers = [(item.name, list(item.value)) for item in definition.response_headers]
        found.trailers = [(item.name, list(item.value)) for item in definition.response_trailers]
    if case.stream in (UNARY, CLIENT):
        single(case, definition, schemas, found)
    elif definition is not None:
        several(case, definition, schemas, found)
    return found


def error_of(error, *details):
    message = error.message if error.HasField("message") else None
    return Error(error.code, message, [*error.details, *details])


def single(case, definition, schemas, found):
    info = request_info(case, schemas, case.messages)
    if definition is not None and definition.WhichOneof("response") == "error":
        found.error = error_of(definition.error, schemas.packed(info))
        return
    data = definition.response_data if definition is not None else b""
    found.payloads = [(data, info)]


def several(case, definition, schemas, found):
    if definition.HasField("error"):
        details = []
        if not definition.response_data:
            details = [schemas.packed(request_info(case, schemas, case.messages))]
        found.error = error_of(definition.error, *details)
    for number, data in enumerate(definition.response_data):
        if case.stream == FULL:
            info = request_info(case, schemas, [case.messages[number]], whole=number == 0)
        else:
            info = request_info(case, schemas, case.messages) if number == 0 else None
        found.payloads.append((data, info))


def values_of(values):
    """Values as a list, with those that a library joined by commas taken apart."""
    return [part.strip(" ") for value in values for part in value.split(",")]


def missing(what, wanted, got):
    """Complaints about fields that are absent or differ; others may be there."""
    found = []
    for name, values in wanted:
        have = got.get(name.lower())
        if have is None:
            found.append(f"{what} lack {name}")
        elif values_of(have) != values_of(values):
            found.append(f"{what} have {name} {have}, not {values}")
    return found


def metadata_faults(expected, outcome):
    faults = (missing("headers", expected.headers, outcome.headers)
              + missing("trailers", expected.trailers, outcome.trailers))
    if faults and not expected.payloads:
        # Without messages all metadata may come as one set of trailers.
        merged = {}
        for name, values in [*expected.headers, *expected.trailers]:
            merged.setdefault(name.lower(), []).extend(values)
        for got in (outcome.headers, outcome.trailers):
            if not missing("metadata", list(merged.items()), got):
                return []
    return faults


def info_faults(wanted, got, schemas, whole):
    faults = []
    if wanted is None:
        wanted = schemas.RequestInfo()
    if whole:
        have = {}
        for item in got.request_headers:
            have.setdefault(item.name.lower(), []).extend(item.value)
        fields = [(item.name, list(item.value)) for item in wanted.request_headers]
        faults += missing("request headers echoed", fields, have)
        faults += timeout_faults(wanted, got)
        faults += query_faults(wanted, got)
    if len(got.requests) != len(wanted.requests):
        faults.append(f"{len(got.requests)} requests echoed, not {len(wanted.requests)}")
    for one, other in zip(wanted.requests, got.requests):
        if schemas.unpacked(one) != schemas.unpacked(other):
            faults.append("a request did not survive the way there and back")
    return faults


def timeout_faults(wanted, got):
    if not wanted.HasField("timeout_ms"):
        return [f"timeout {got.timeout_ms} ms echoed"] if got.HasField("timeout_ms") else []
    most = wanted.timeout_ms
    if not got.HasField("timeout_ms"):
        return ["no timeout echoed"]
    if not most - TIMEOUT_SLACK_MS <= got.timeout_ms <= most:
        return [f"timeout {got.timeout_ms} ms echoed, not {most}"]
    return []


def query_faults(wanted, got):
    if not wanted.HasField("connect_get_info"):
        return ["a GET echoed"] if got.HasField("connect_get_info") else []
    if not got.HasField("connect_get_info"):
        return ["no GET echoed"]
    names = {item.name for item in got.connect_get_info.query_params}
    lacking = {"encoding", "message"} - names
    return [f"query parameters echoed lack {sorted(lacking)}"] if names and lacking else []


def payload_faults(expected, outcome, schemas):
    faults = []
    if len(outcome.payloads) != len(expected.payloads):
        faults.append(f"{len(outcome.payloads)} messages, not {len(expected.payloads)}")
    for number, ((data, info), message) in enumerate(zip(expected.payloads, outcome.payloads)):
        got = message.payload
        if got.data != data:
            faults.append(f"message {number} has data {got.data[:40]!r}, not {data[:40]!r}")
        faults += info_faults(info, got.request_info, schemas, whole=number == 0)
    return faults


def error_faults(case, expected, outcome, schemas):
    wanted, got = expected.error, outcome.error
    if wanted is None or got is None:
        if wanted is got:
            return []
        if got is None:
            return [f"no error, {CODES[wanted.code]} was wanted"]
        return [f"error {CODES[got.code]}: {got.message}"]
    faults = []
    if got.code not in (wanted.code, *case.other_codes):
        faults.append(f"error {CODES[got.code]} ({got.message}), not {CODES[wanted.code]}")
    if wanted.message is not None and got.message != wanted.message:
        faults.append(f"error message {got.message!r}, not {wanted.message!r}")
    if len(got.details) != len(wanted.details):
        faults.append(f"{len(got.details)} error details, not {len(wanted.details)}")
    for one, other in zip(wanted.details, got.details):
        one, other = schemas.unpacked(one), schemas.unpacked(other)
        if isinstance(one, schemas.RequestInfo) and isinstance(other, schemas.RequestInfo):
            faults += info_faults(one, other, schemas, whole=True)
        elif one != other:
            faults.append("an error detail differs")
    return faults


def delivery_faults(case, outcome):
    """Messages that the server was to send one by one must not come all at once."""
    times = [time for time in outcome.times if time is not None]
    if not case.spaced_ms or len(times) < 2:
        return []
    span, least = times[-1] - times[0], (len(times) - 1) * case.spaced_ms / 4000
    return [f"{len(times)} messages came within {span:.3f} s"] if span < least else []


@dataclasses.dataclass
class Between:
    """What somebody between client and server changes, by rights."""
    # The timeout of calls that come with none, in milliseconds.
    timeout_ms: int
    # The type of the details that tell the reason of its own errors.
    reason: str


def through(between, expected, outcome, schemas):
    """Expects what may have changed on the way, and takes out what may have been added."""
    def given(info):
        if isinstance(info, schemas.RequestInfo) and not info.HasField("timeout_ms"):
            info.timeout_ms = between.timeout_ms
        return info

    for _, info in expected.payloads[:1]:
        given(info)
    if expected.error is not None:
        expected.error.details = [schemas.packed(given(schemas.unpacked(detail)))
                                  for detail in expected.error.details]
    if outcome.error is not None:
        outcome.error.details = [detail for detail in outcome.error.details
                                 if detail.TypeName() != between.reason]


def faults_of(case, outcome, schemas, between=None):
    """All that is wrong with an answer."""
    expected = expected_of(case, schemas)
    if between is not None:
        through(between, expected, outcome, schemas)
    faults = list(outcome.feedback)
    if case.http_status is not None and outcome.http_status != case.http_status:
        faults.append(f"HTTP status {outcome.http_status}, not {case.http_status}")
    faults += metadata_faults(expected, outcome)
    faults += payload_faults(expected, outcome, schemas)
    faults += error_faults(case, expected, outcome, schemas)
    faults += delivery_faults(case, outcome)
    return faults
