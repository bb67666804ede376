"""What came of a run of requests, in a few words. What a CA says gets in only as a number, a known word, or made safe."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from app.acme.decoded_jws import read_object
from app.network.request_log import BlockedRequest, Entry
from app.text import request_log_diagram as text
from app.text.request_log_diagram import Outcome, StepName
from app.ui.request_log.index import signed_of
from app.ui.request_log.notes import problem_type
from app.ui.request_log.runs import Run

_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"
_PLAIN: Final[Mapping[StepName, Outcome]] = {
    "list": "loaded",
    "nonce": "number",
    "change-account": "changed",
    "close-account": "closed",
    "publish": "published",
    "renewal": "period",
    "revoke": "revoked",
    "key-change": "changed",
    "find-account": "known-account",
}
"""What a success means where the answer itself need not be read."""

_CHECKED: Final[Mapping[str, Outcome]] = {"ready": "proven", "valid": "proven", "invalid": "not-proven"}
_MADE: Final[Mapping[str, Outcome]] = {"valid": "signed", "processing": "working", "invalid": "failed"}
_LOOKED: Final[Mapping[str, Outcome]] = {"valid": "proven", "invalid": "not-proven"}


def step_text(run: Run) -> str:
    """What the page asks for in `run`."""
    names = _names(run.entries[0]) if run.step == "order" else 0
    return text.order_step(names) if names else text.step(run.step)


def outcome_text(run: Run) -> str:
    """What came of it: of several answers the last one counts."""
    last = run.entries[-1]
    if isinstance(last, BlockedRequest):
        return text.outcome("private-key" if last.reason == "gate-private-key" else "not-allowed")
    if is_under_way(run):
        return text.outcome("under-way")
    if run.step == "dns" and is_answered(run):
        return text.answers(sum(map(_has_answer, run.entries)))
    if last.response is None:
        return text.outcome("no-answer")
    if last.request.no_cors:
        return text.outcome("something")
    if last.response.status >= 400:
        return text.refused(problem_type(last) or str(last.response.status))
    return _success(run)


def equal_requests(run: Run) -> int:
    """How many requests of `run` are of its step: a nonce or a probe on the way is none of them."""
    return sum(not _is_aside(entry) for entry in run.entries) or len(run.entries)


def _is_aside(entry: Entry | BlockedRequest) -> bool:
    """Whether it is a request for a nonce (RFC 8555 §7.2) or a probe."""
    return isinstance(entry, Entry) and (entry.request.method == "HEAD" or entry.request.no_cors)


def is_under_way(run: Run) -> bool:
    """Whether an answer is still to come."""
    return any(isinstance(entry, Entry) and entry.ended is None for entry in run.entries)


def is_answered(run: Run) -> bool:
    """Whether an answer came to the last request of `run`; of several resolvers, one is enough that answered."""
    return any(map(_has_answer, run.entries if run.step == "dns" else run.entries[-1:]))


def _has_answer(entry: Entry | BlockedRequest) -> bool:
    """Whether an answer came; what a browser hides of a resolver is none."""
    return isinstance(entry, Entry) and entry.response is not None


def _success(run: Run) -> str:
    if run.step in _PLAIN:
        return text.outcome(_PLAIN[run.step])
    last = _last_of(run)
    body = _body(last)
    status = str(body.get("status"))
    match run.step:
        case "addresses" if count := _addresses(run):
            return text.addresses(count)
        case "account":
            new = last.response is not None and last.response.status == 201  # RFC 8555 §7.3
            return text.account(_name(last)) if new else text.outcome("known-account")
        case "order" if isinstance(body.get("authorizations"), list):
            return text.tasks(len(body["authorizations"]))
        case "tasks":
            return text.answers(sum(_is_authorization(entry) for entry in run.entries))
        case "look":
            return text.outcome(_LOOKED.get(status, "looking"))
        case "wait":
            return text.outcome(_CHECKED.get(status, "not-yet"))
        case "request" | "made":
            return text.outcome(_MADE.get(status, "not-yet"))
        case "certificate" if last.response and last.response.body.startswith(_BEGIN):
            return text.certificates(last.response.body.count(_BEGIN))
    return text.outcome("answered")


def _last_of(run: Run) -> Entry:
    """The last request of `run` that was made for its step: a nonce may have been fetched after it."""
    entries = [entry for entry in run.entries if isinstance(entry, Entry)]
    return next((entry for entry in reversed(entries) if not _is_aside(entry)), entries[-1])


def _body(entry: Entry | BlockedRequest) -> Mapping[str, Any]:
    response = entry.response if isinstance(entry, Entry) else None
    return (read_object(response.body) if response else None) or {}


def _addresses(run: Run) -> int:
    """How many a directory names (RFC 8555 §7.1.1)."""
    bodies = [body for body in map(_body, run.entries) if body]
    return sum(isinstance(value, str) for value in bodies[-1].values()) if bodies else 0


def _is_authorization(entry: Entry | BlockedRequest) -> bool:
    return "challenges" in _body(entry)


def _names(entry: Entry | BlockedRequest) -> int:
    """How many names an order has."""
    signed = signed_of(entry) if isinstance(entry, Entry) else None
    names = signed.payload.get("identifiers") if signed and signed.payload else None
    return len(names) if isinstance(names, list) else 0


def _name(entry: Entry) -> str:
    """What a CA calls an account: the end of its URL."""
    location = entry.response.headers.get("location", "") if entry.response else ""
    try:
        return urlsplit(location).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
