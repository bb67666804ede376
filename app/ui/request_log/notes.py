"""Reads payloads and responses, and notes what their members mean. What cannot be read gets no note."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.acme.decoded_jws import DecodedJws, read_object
from app.acme.problem import UNTYPED, Problem
from app.encoding.base64url import b64url_decode
from app.encoding.key_types import KEY_TYPES
from app.encoding.strict_json import JsonObject
from app.errors import KeystayError
from app.network.request_log import MAX_BODY, Entry
from app.pki.certificate import read_chain
from app.pki.certification_request import parse_request
from app.pki.pem import to_pem
from app.text.request_log_notes import authorizations_note, issuers_note, note, reason_note, status_note


def payload_notes(signed: DecodedJws) -> tuple[str, ...]:
    """What the payload of a request says."""
    payload = signed.payload
    if payload is None:
        return (note("post-as-get"),)
    if not payload:
        return (note("empty-object"),)
    if signed.inner and payload.keys() == {"protected", "payload", "signature"}:
        return (note("inner"),)
    if signed.algorithm == "HS256":
        return (note("bound-key"),)
    return tuple(_member_notes(payload))


def _member_notes(payload: Mapping[str, Any]) -> Iterator[str]:
    if "externalAccountBinding" in payload:
        yield note("externalAccountBinding")
    if "oldKey" in payload:
        yield note("oldKey")
    if isinstance(payload.get("csr"), str):
        yield _csr_note(payload["csr"])
    if isinstance(payload.get("certificate"), str):
        yield _certificate_note(payload["certificate"])
    reason = payload.get("reason")
    if isinstance(reason, int) and reason_note(reason):
        yield reason_note(reason)
    if "replaces" in payload:
        yield note("replaces")


def _csr_note(text: str) -> str:
    try:
        request = parse_request(b64url_decode(text))
    except (KeystayError, ValueError):
        return note("csr-unreadable")
    return note("csr", names=request.names, key_type=KEY_TYPES[request.spec].name)


def _certificate_note(text: str) -> str:
    try:
        certificate = read_chain(to_pem("CERTIFICATE", b64url_decode(text))).certificate
    except (KeystayError, ValueError):
        return note("certificate-unreadable")
    return note("certificate", names=certificate.names, serial=certificate.serial)


def answer_notes(entry: Entry) -> tuple[str, ...]:
    """What the body of a response says."""
    redacted = (note("redacted"),) if entry.redacted else ()
    if entry.cut:
        return (note("cut", length=entry.size, kept=MAX_BODY), *redacted)
    return (*redacted, *_body_notes(entry))


def _body_notes(entry: Entry) -> tuple[str, ...]:
    body = entry.response.body if entry.response else b""
    value = read_object(body)
    if value is not None:
        refused = entry.response is not None and entry.response.status >= 400
        return tuple(_problem_notes(value) if refused else _resource_notes(value))
    return tuple(_chain_notes(body)) if body.startswith(b"-----BEGIN CERTIFICATE") else ()


def problem_type(entry: Entry) -> str:
    """The problem type that a response names, such as badNonce; "" for none."""
    response = entry.response
    value = read_object(response.body) if response and response.status >= 400 else None
    problem = _problem(value) if value else None
    return problem.type if problem and problem.type != UNTYPED else ""


def _problem(value: Mapping[str, Any]) -> Problem | None:
    try:
        return Problem.parse(JsonObject(value, "error"))
    except KeystayError:
        return None


def _problem_notes(value: Mapping[str, Any]) -> Iterator[str]:
    problem = _problem(value)
    if problem is None:
        return
    if problem.type == UNTYPED:
        yield note("refused-untyped")
    elif problem.type == "badNonce":
        yield note("refused-nonce")
    else:
        yield note("refused", type=problem.type)


def _resource_notes(value: Mapping[str, Any]) -> Iterator[str]:
    status, authorizations, challenges = (value.get(name) for name in ("status", "authorizations", "challenges"))
    if isinstance(status, str):
        yield status_note(status)
    if isinstance(authorizations, list):
        yield authorizations_note(len(authorizations))
    if isinstance(challenges, list):
        yield note("challenges", types=[str(offered.get("type")) for offered in challenges if isinstance(offered, dict)])


def _chain_notes(body: bytes) -> Iterator[str]:
    try:
        chain = read_chain(body.decode("utf-8", "replace"))
    except (KeystayError, ValueError):
        yield note("chain-unreadable")
        return
    leaf = chain.certificate
    yield note("chain", names=leaf.names, end=leaf.not_after, serial=leaf.serial)
    issuers = chain.chain_pem.count("-----BEGIN")
    if issuers:
        yield issuers_note(issuers, chain.top)
