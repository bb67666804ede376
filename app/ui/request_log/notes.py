"""Notes on what stands in a payload or an answer, in plain words. What cannot be read gets none."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.acme.decoded_jws import DecodedJws, read_object
from app.acme.problem import UNTYPED, Problem
from app.acme.revocation import REASONS
from app.encoding.base64url import b64url_decode
from app.encoding.strict_json import JsonObject
from app.errors import KeystayError
from app.network.request_log import MAX_BODY, Entry
from app.pki.certificate import Certificate, read_chain
from app.pki.certification_request import parse_request
from app.pki.pem import to_pem
from app.ui.panels.keys import KINDS


def payload_notes(signed: DecodedJws) -> tuple[str, ...]:
    """What the payload of a request says."""
    payload = signed.payload
    if payload is None:
        return ("Empty: this request only reads (POST-as-GET). It is signed all the same, so that the CA knows who asks.",)
    if not payload:
        return ("An empty object: there is nothing to say but “now”.",)
    if signed.inner and payload.keys() == {"protected", "payload", "signature"}:
        return ("A signed message of its own, by the new key. It stands below.",)
    if signed.algorithm == "HS256":
        return ("The public key of the account that is bound to this customer.",)
    return tuple(_members(payload))


def _members(payload: Mapping[str, Any]) -> Iterator[str]:
    if "externalAccountBinding" in payload:
        yield "externalAccountBinding: a signed message of its own, by the secret from the CA’s website. It stands below."
    if "oldKey" in payload:
        yield "oldKey: the public key that counted until now."
    if isinstance(payload.get("csr"), str):
        yield f"csr: {_request_words(payload['csr'])}"
    if isinstance(payload.get("certificate"), str):
        yield f"certificate: {_certificate_words(payload['certificate'])}"
    reason = payload.get("reason")
    if isinstance(reason, int) and reason in REASONS:
        yield f"reason: {REASONS[reason]}."
    if "replaces" in payload:
        yield "replaces: the certificate that this one follows (RFC 9773, section 5)."


def _request_words(text: str) -> str:
    try:
        request = parse_request(b64url_decode(text))
    except (KeystayError, ValueError):
        return "a certificate request (CSR) that cannot be read here."
    names = ", ".join(request.names)
    return f"a certificate request (CSR) for {names}, with the public half of an {KINDS[request.spec]} key."


def _certificate_words(text: str) -> str:
    try:
        certificate = read_chain(to_pem("CERTIFICATE", b64url_decode(text))).certificate
    except (KeystayError, ValueError):
        return "a certificate that cannot be read here."
    return f"the certificate for {', '.join(certificate.names)}, serial number {certificate.serial}."


def answer_notes(entry: Entry) -> tuple[str, ...]:
    """What the body of an answer says."""
    taken_out = (_REDACTED,) if entry.redacted else ()
    if entry.cut:
        return (f"It has {size_words(entry.size)}. Only the first {size_words(MAX_BODY)} are kept here.", *taken_out)
    return (*taken_out, *_body_notes(entry))


_REDACTED: Final = "The answer held what looks like a private key. Keystay has taken it out of what is kept here."


def _body_notes(entry: Entry) -> tuple[str, ...]:
    body = entry.response.body if entry.response else b""
    value = read_object(body)
    if value is not None:
        refused = entry.response is not None and entry.response.status >= 400
        return tuple(_problem_words(value) if refused else _resource_words(value))
    return tuple(_chain_words(body)) if body.startswith(b"-----BEGIN CERTIFICATE") else ()


def problem_type(entry: Entry) -> str:
    """The kind of refusal that an answer names, such as badNonce; "" for none."""
    response = entry.response
    value = read_object(response.body) if response and response.status >= 400 else None
    problem = _problem(value) if value else None
    return problem.type if problem and problem.type != UNTYPED else ""


def _problem(value: Mapping[str, Any]) -> Problem | None:
    try:
        return Problem.parse(JsonObject(value, "error"))
    except KeystayError:
        return None


def _problem_words(value: Mapping[str, Any]) -> Iterator[str]:
    problem = _problem(value)
    if problem is None:
        return
    if problem.type == UNTYPED:
        yield "The CA refuses, and names no kind of refusal (“type”): the HTTP status has to do."
    elif problem.type == "badNonce":
        yield "The nonce was used up or too old. That happens; the same is signed again with the nonce of this answer."
    else:
        yield f"The CA refuses. The kind of refusal is “{problem.type}”; “detail” is for people."


def _resource_words(value: Mapping[str, Any]) -> Iterator[str]:
    status = value.get("status")
    if isinstance(status, str):
        yield f"status: {_STATUS.get(status, status)}."
    if isinstance(value.get("authorizations"), list):
        yield f"authorizations: one address for each name, {len(value['authorizations'])} in all."
    if isinstance(value.get("challenges"), list):
        offered = [str(entry.get("type")) for entry in value["challenges"] if isinstance(entry, dict)]
        yield f"challenges: the kinds of proof that it takes: {', '.join(offered)}."


_STATUS = {
    "pending": "pending, it waits for a proof",
    "ready": "ready, all names are proven and the certificate can be asked for",
    "processing": "processing, the CA is at work",
    "valid": "valid, all is well",
    "invalid": "invalid, it failed and stays so",
    "deactivated": "deactivated, closed by its owner",
    "revoked": "revoked, closed by the CA",
    "expired": "expired, it took too long",
}


def _chain_words(body: bytes) -> Iterator[str]:
    try:
        chain = read_chain(body.decode("utf-8", "replace"))
    except (KeystayError, ValueError):
        yield "It looks like certificates, but cannot be read as such."
        return
    leaf: Certificate = chain.certificate
    yield f"First the certificate for {', '.join(leaf.names)}: until {leaf.not_after:%Y-%m-%d}, serial number {leaf.serial}."
    links = chain.chain_pem.count("-----BEGIN")
    if links:
        yield f"Behind it {'that of its issuer' if links == 1 else f'{links} of its issuers'}, the last signed by {chain.top}."


def size_words(size: int) -> str:
    """A number of bytes for a person."""
    if size < 10_000:
        return f"{size} bytes"
    return f"{size / 1024:.0f} KB" if size < 10 << 20 else f"{size / (1 << 20):.0f} MB"
