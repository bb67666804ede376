"""Challenges, and what must be published for each (RFC 8555 §7.1.5, §8, and the drafts of the newer kinds)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.acme.client import Client
from app.acme.dns_persist import LABEL, PersistOffer, account_hash, chosen_issuer, record_value
from app.acme.identifier import Identifier
from app.acme.jws import b64url, key_authorization, thumbprint
from app.acme.problem import Problem
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

CHALLENGE_TYPES: Final = ("dns-01", "http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01")
"""The kinds of proof that this client can lead a person through; others that a CA offers are ignored (§7.1.5)."""

DNS_TYPES: Final = ("dns-01", "dns-account-01", "dns-persist-01")
"""Those that publish a DNS record; they alone prove a wildcard."""

MAX_STRING: Final = 255  # octets of one string of a TXT record (RFC 1035 §3.3)


@dataclass(frozen=True)
class Progress:
    """How far the CA is with a challenge: its `status` (RFC 8555 §7.1.6), "" where it does not say; and its last `error`.

    An error can stand beside any status: a CA that looks again by itself says why the last look failed (§8.2).
    """

    status: str = ""
    error: Problem | None = None

    @classmethod
    def parse(cls, fields: JsonObject) -> "Progress":
        """Read it from a challenge object, of which nothing else is needed. Raises `ProtocolError`."""
        return cls(fields.optional.text("status"), Problem.read(fields.optional.any("error")))


@dataclass(frozen=True)
class Challenge:
    """One way to prove control. `token` is "" for kinds that have none; `error` can stand beside any status.

    `persist` is what a dns-persist-01 challenge says more.
    """

    type: str
    url: str
    status: str
    token: str
    error: Problem | None = None
    persist: PersistOffer | None = None

    @property
    def progress(self) -> Progress:
        """How far the CA is with it."""
        return Progress(self.status, self.error)

    @classmethod
    def parse(cls, fields: JsonObject) -> "Challenge":
        """Read a challenge object. Raises `ProtocolError`."""
        kind = fields.text("type")
        return cls(
            type=kind,
            url=fields.text("url"),
            status=fields.text("status"),
            token=fields.optional_text("token") or "",
            error=Problem.read(fields.optional.any("error")),
            persist=_persist_offer(fields) if kind == "dns-persist-01" else None,
        )


def _persist_offer(fields: JsonObject) -> PersistOffer | None:
    """The offer, or None for a form that is not known: a draft that changes must not hinder the other proofs of a name."""
    try:
        return PersistOffer.parse(fields)
    except ProtocolError:
        return None


@dataclass(frozen=True)
class ChallengeContext:
    """Who proves: the account's public key `jwk` and its URL.

    Only dns-persist-01 needs the rest: the directory's `accountHashPrefix`, and until when the record shall count, in Unix
    seconds; None is for ever.
    """

    jwk: Mapping[str, str]
    account_url: str
    hash_prefix: str = ""
    until: int | None = None


@dataclass(frozen=True)
class DnsRecord:
    """TXT records to publish at `name` (no trailing dot). Each of `values` is a record of its own; all must be there."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class WebFile:
    """A file to publish at `url`, holding exactly `body`."""

    url: str
    body: str


@dataclass(frozen=True)
class TlsCertificate:
    """A certificate to show on port 443 for `identifier`; it holds the digest of the key authorization `proof`."""

    identifier: Identifier
    proof: str


Publication = DnsRecord | WebFile | TlsCertificate


def publication(
    challenge: Challenge, identifier: Identifier, prover: ChallengeContext, *, wildcard: bool = False
) -> Publication:
    """What must stand where so that `challenge` succeeds for `prover`.

    `wildcard` tells that the same order has the `*.` of the identifier, too: one lasting record then serves both. Raises
    `ProtocolError` for a kind that is not in `CHALLENGE_TYPES`, or where the CA's part of it is malformed.
    """
    match challenge.type:
        case "dns-01" | "dns-account-01":  # RFC 8555 §8.4; draft-ietf-acme-dns-account-label §3
            return DnsRecord(_record_name(challenge, identifier, prover), (_digest(challenge, prover),))
        case "dns-persist-01":
            value = _persist_value(challenge, identifier, prover, wildcard=wildcard or identifier.is_wildcard)
            return DnsRecord(_record_name(challenge, identifier, prover), (value,))
        case "http-01":  # RFC 8555 §8.3
            proof = key_authorization(challenge.token, prover.jwk)
            return WebFile(f"http://{url_host(identifier)}/.well-known/acme-challenge/{challenge.token}", proof)
        case "tls-alpn-01":  # RFC 8737 §3
            return TlsCertificate(identifier, key_authorization(challenge.token, prover.jwk))
    raise ProtocolError(f"Keystay does not know the proof “{challenge.type}”.")


def url_host(identifier: Identifier) -> str:
    """The identifier as the host of a URL: an IPv6 address stands in brackets (RFC 3986 §3.2.2)."""
    return f"[{identifier.value}]" if ":" in identifier.value else identifier.value


def account_label(account_url: str) -> str:
    """The account's own label, so that several clients can prove one name (draft-ietf-acme-dns-account-label §3.1)."""
    return base64.b32encode(hashlib.sha256(account_url.encode("utf-8")).digest()[:10]).decode("ascii").lower()


def record_prefix_length(kind: str) -> int:
    """How many characters the DNS record of a proof of `kind` has in front of the name itself; 0 for a kind without one."""
    return len(_record_prefix(kind, "")) if kind in DNS_TYPES else 0  # every label of an account is as long


def _record_name(challenge: Challenge, identifier: Identifier, prover: ChallengeContext) -> str:
    return f"{_record_prefix(challenge.type, prover.account_url)}{identifier.base}"


def _record_prefix(kind: str, account_url: str) -> str:
    """What stands before the name in that of the DNS record for a proof of `kind`, one of `DNS_TYPES`."""
    return {
        "dns-01": "_acme-challenge.",
        "dns-account-01": f"_{account_label(account_url)}._acme-challenge.",
        "dns-persist-01": f"{LABEL}.",
    }[kind]


def txt_strings(value: str) -> tuple[str, ...]:
    """The strings of which the one TXT record for `value` (ASCII) is made; the reader joins them (RFC 1035 §3.3.14)."""
    return tuple(value[start : start + MAX_STRING] for start in range(0, len(value), MAX_STRING))


def _digest(challenge: Challenge, prover: ChallengeContext) -> str:
    proof = key_authorization(challenge.token, prover.jwk)
    return b64url(hashlib.sha256(proof.encode("ascii")).digest())


def _persist_value(challenge: Challenge, identifier: Identifier, prover: ChallengeContext, *, wildcard: bool) -> str:
    offer = challenge.persist
    if offer is None:
        raise ProtocolError("The CA's dns-persist-01 challenge has a form that Keystay does not know.")
    issuer = chosen_issuer(offer)
    uri = offer.account_uri or prover.account_url
    if uri != prover.account_url:
        # A record for another one's account would let that one have certificates for the name, maybe from another CA.
        raise ProtocolError(
            "The CA's dns-persist-01 challenge wants a record for an account that is not yours.", detail=uri[:200]
        )
    if offer.hashed:
        if not prover.hash_prefix:
            raise ProtocolError("The CA offers dns-persist-01 in its newer form, but its directory has no accountHashPrefix.")
        uri = account_hash(prover.hash_prefix, identifier.base, thumbprint(prover.jwk), prover.account_url)
    return record_value(issuer, uri, wildcard=wildcard, until=prover.until)


async def respond(client: Client, url: str) -> Progress:
    """Tell the CA that the proof for the challenge at `url` is published (§7.5.1); what it says of it at once.

    Some CAs look before they answer. An answer that cannot be read says nothing. Raises what `Client.post` raises.
    """
    given = await client.post(url, {}, lagging=True)
    try:
        return Progress.parse(given.fields("challenge"))
    except ProtocolError:
        return Progress()
