"""Notes in the request log: what a member of a request or an answer means. Values from outside are made safe here.

A note begins with the name of the member that it is about, as it is written in JSON or in the header.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from app.text.catalog import N_, _, ngettext
from app.text.untrusted import one_line

MAX_NAME: Final = 253  # characters that are shown of one name

ALGORITHMS: Final[Mapping[str, str]] = {
    "ES256": N_("ECDSA on the curve P-256 with SHA-256"),
    "ES384": N_("ECDSA on the curve P-384 with SHA-384"),
    "RS256": N_("RSA (PKCS #1 v1.5) with SHA-256"),
    "HS256": N_("HMAC with SHA-256"),
}
"""What the names of the algorithms mean (RFC 7518 §3.1)."""

Note = Literal[
    "relayed", "relayed-signed", "relayed-unsigned", "jws",
    "kid", "kid-customer", "jwk", "nonce", "nonce-unknown", "url", "url-inner",
    "post-as-get", "empty-object", "inner", "bound-key", "externalAccountBinding", "oldKey", "replaces",
    "csr", "csr-unreadable", "certificate", "certificate-unreadable",
    "under-way", "unreadable", "hidden", "duration", "cut", "redacted",
    "location", "retry-after", "replay-nonce", "replay-nonce-used",
    "refused", "refused-nonce", "refused-untyped", "challenges", "chain", "chain-unreadable",
    "dns-question", "dns-unchecked", "dns-binary", "dns-unreadable",
]  # fmt: skip
"""The names of the notes: that of the member, where a note is about one."""

NOTES: Final[Mapping[Note, str]] = {
    # ---- the request as it was sent ----
    "relayed": N_("It goes through a relay, which adds the headers that let a page read this CA’s answers."),
    "relayed-signed": N_(
        "The CA’s own address is signed (url, below), so a relay cannot send it elsewhere, or change anything."
    ),
    "relayed-unsigned": N_("The CA’s own address is {url}."),
    "jws": N_("The three values are base64url of what is shown below: header, payload, signature."),
    # ---- its protected header ----
    "kid": N_("kid: the address of the account that signs. The CA knows its public key."),
    "kid-customer": N_("kid: the customer’s ID at the CA."),
    "jwk": N_("jwk: the public key that signs. Its thumbprint is {thumbprint}."),
    "nonce": N_("nonce: it came with the answer to request {number}."),
    "nonce-unknown": N_("nonce: it came with an earlier answer."),
    "url": N_("url: the address that it is meant for. It is valid at no other address."),
    "url-inner": N_("url: the same as in the message around it."),
    # ---- its payload ----
    "post-as-get": N_(
        "Empty: this request only reads (POST-as-GET). It is signed all the same, so that the CA knows who asks."
    ),
    "empty-object": N_("An empty object: there is nothing to say but “now”."),
    "inner": N_("A signed message of its own, by the new key. It is shown below."),
    "bound-key": N_("The public key of the account that is bound to this customer."),
    "externalAccountBinding": N_(
        "externalAccountBinding: a signed message of its own, made with the secret from the CA’s website. It is shown below."
    ),
    "oldKey": N_("oldKey: the account’s public key until now."),
    "replaces": N_("replaces: the certificate that this one follows (RFC 9773, section 5)."),
    "csr": N_("csr: a certificate request (CSR) for {names:list}, with the public half of an {key_type} key."),
    "csr-unreadable": N_("csr: a certificate request (CSR) that cannot be read here."),
    "certificate": N_("certificate: the certificate for {names:list}, serial number {serial}."),
    "certificate-unreadable": N_("certificate: a certificate that cannot be read here."),
    # ---- the answer ----
    "under-way": N_("It has not arrived yet."),
    "unreadable": N_(
        "No answer could be read. Browsers do not say why: being offline, missing CORS headers and a wrong address look alike."
    ),
    "hidden": N_("Something answers there. The browser hides what."),
    # Translators: how long the answer took, in milliseconds
    "duration": N_("After {milliseconds} ms."),
    "cut": N_("It has {length:size}. Only the first {kept:size} are kept here."),
    "redacted": N_("The answer contained what looks like a private key. Keystay has taken it out of what is kept here."),
    "location": N_("location: the address of what was made or found."),
    "retry-after": N_("retry-after: when the CA would like to be asked again."),
    "replay-nonce": N_("replay-nonce: the next one-time number. It has not been used yet."),
    "replay-nonce-used": N_("replay-nonce: the next one-time number. Request {number} used it."),
    "refused": N_("The CA refuses. The kind of refusal is “{type}”; “detail” is for people."),
    "refused-nonce": N_(
        "The nonce was used already, or is too old. That happens; the same request is signed again with the nonce of this "
        "answer."
    ),
    "refused-untyped": N_("The CA refuses, and names no kind of refusal (“type”): there is only the HTTP status."),
    "challenges": N_("challenges: the kinds of proof that the CA accepts: {types:list}."),
    "chain": N_("First the certificate for {names:list}: until {end:date}, serial number {serial}."),
    "chain-unreadable": N_("It looks like certificates, but cannot be read as such."),
    # ---- DNS questions ----
    "dns-question": N_(
        "dns: the question in base64url. It has no number and no mark of this browser: anyone’s would be the same."
    ),
    "dns-unchecked": N_(
        "With checking disabled (CD): the resolver passes on what it would refuse because DNSSEC is broken. So broken DNSSEC "
        "can be told from silent name servers."
    ),
    "dns-binary": N_("It has {length:size}, in the form in which DNS servers write them."),
    "dns-unreadable": N_("It is no DNS answer."),
}

_STATUS: Final[Mapping[str, str]] = {
    "pending": N_("status: pending, it waits for a proof."),
    "ready": N_("status: ready, control of all names is proven, and the certificate can be asked for."),
    "processing": N_("status: processing, the CA is at work."),
    "valid": N_("status: valid, all is well."),
    "invalid": N_("status: invalid, it failed and stays so."),
    "deactivated": N_("status: deactivated, closed by its owner."),
    "revoked": N_("status: revoked, closed by the CA."),
    "expired": N_("status: expired, it took too long."),
}

_REASON: Final[Mapping[int, str]] = {
    0: N_("reason: no reason given."),
    1: N_("reason: the private key became known to others."),
    4: N_("reason: the certificate is replaced by another one."),
    5: N_("reason: the names are not in use any more."),
}
"""The reason codes of RFC 5280 §5.3.1 that Keystay sends."""


def note(name: Note, **values: Any) -> str:
    """The note `name` with its `values`, which are made safe: texts, and lists of names."""
    return _(NOTES[name], **{key: _safe(value) for key, value in values.items()})


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    return value if isinstance(value, int | float | datetime) else [one_line(item, most=MAX_NAME) for item in value]


def algorithm_note(algorithm: str) -> str:
    """The note on the member `alg` of a protected header."""
    if algorithm not in ALGORITHMS:
        return _("alg: the signature is of a kind that is not known here.")
    return _("alg: the signature is {algorithm}.", algorithm=_(ALGORITHMS[algorithm]))


def signature_note(algorithm: str, length: int) -> str:
    """The note on a signature of `length` bytes."""
    if algorithm == "HS256":
        return _(
            "{length:size}, {algorithm}: made with the secret from the CA’s website, which is not sent. The CA has the same "
            "secret, and compares.",
            length=length,
            algorithm=_(ALGORITHMS[algorithm]),
        )
    if algorithm not in ALGORITHMS:
        return _("{length:size}, of a kind that is not known here.", length=length)
    return _(
        "{length:size}, {algorithm}: made in this browser with the private key, over header and payload as they were sent. "
        "Anyone who has the public key can check it; nobody else can make it, or get the private key out of it.",
        length=length,
        algorithm=_(ALGORITHMS[algorithm]),
    )


def reason_note(reason: int) -> str:
    """The note on the `reason` of a revocation; "" for a code that is not known here."""
    return _(_REASON[reason]) if reason in _REASON else ""


def status_note(status: str) -> str:
    """The note on the `status` of an order, an authorization or an account (RFC 8555 §7.1.6)."""
    return _(_STATUS[status]) if status in _STATUS else _("status: {status}.", status=one_line(status))


def authorizations_note(count: int) -> str:
    """The note on the `authorizations` of an order."""
    return ngettext(
        "authorizations: one address for each name, {n} in all.",
        "authorizations: one address for each name, {n} in all.",
        count,
    )


def issuers_note(count: int, top: str) -> str:
    """The note on the `count` certificates of issuers that follow the certificate; `top` signed the last of them."""
    return ngettext(
        "After it comes the certificate of its issuer, signed by {top}.",
        "After it come {n} certificates of its issuers, the last of them signed by {top}.",
        count,
        top=one_line(top),
    )
