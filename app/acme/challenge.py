"""Challenges, and what must be published for each (RFC 8555 §7.1.5, §8, and the drafts of the newer types)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.acme.client import Client
from app.acme.dns_persist import LABEL, PersistOffer, account_hash, chosen_issuer, record_value
from app.acme.identifier import Identifier
from app.acme.jws import key_authorization, thumbprint
from app.acme.problem import Problem
from app.encoding.base64url import b64url
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

CHALLENGE_TYPES: Final = ("dns-01", "http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01")
"""The types that this client supports; others that a CA offers are ignored (§7.1.5)."""

DNS_TYPES: Final = ("dns-01", "dns-account-01", "dns-persist-01")
"""The types that publish a DNS record; only these prove control of a wildcard."""

MAX_STRING: Final = 255  # octets of one string of a TXT record (RFC 1035 §3.3)


@dataclass(frozen=True)
class Progress:
    """How far the CA is with a challenge: its `status` (RFC 8555 §7.1.6), "" where there is none, and its last `error`.

    An error can accompany any status: a CA that retries by itself says why the last attempt failed (§8.2).
    """

    status: str = ""
    error: Problem | None = None

    @classmethod
    def parse(cls, fields: JsonObject) -> "Progress":
        """Read it from a challenge object, of which nothing else is needed. Raises `ProtocolError`."""
        members = fields.optional
        return cls(members.text("status"), Problem.read(members.any("error")))


@dataclass(frozen=True)
class Challenge:
    """One way to prove control. `token` is "" for types that have none; `error` can accompany any status.

    `persist` has the additional members of a dns-persist-01 challenge.
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
        type_ = fields.text("type")
        return cls(
            type=type_,
            url=fields.text("url"),
            status=fields.text("status"),
            token=fields.optional_text("token") or "",
            error=Problem.read(fields.optional.any("error")),
            persist=_persist_offer(fields) if type_ == "dns-persist-01" else None,
        )


def _persist_offer(fields: JsonObject) -> PersistOffer | None:
    """The offer, or None for an unknown form: a draft that changes must not block the other challenges of a name."""
    try:
        return PersistOffer.parse(fields)
    except ProtocolError:
        return None


@dataclass(frozen=True)
class ChallengeContext:
    """The account that responds to challenges: its public key `jwk` and its URL.

    Only dns-persist-01 needs the rest: the directory's `accountHashPrefix`, and when the record expires, in Unix seconds; None
    is never.
    """

    jwk: Mapping[str, str]
    account_url: str
    hash_prefix: str = ""
    until: int | None = None

    @cached_property
    def thumbprint(self) -> str:
        """The thumbprint of its key (RFC 7638), which is in every key authorization."""
        return thumbprint(self.jwk)


@dataclass(frozen=True)
class DnsRecord:
    """TXT records to publish at `name` (no trailing dot). Each of `values` is a separate record; all are needed."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class WebFile:
    """A file to publish at `url`, whose content is exactly `body`."""

    url: str
    body: str


@dataclass(frozen=True)
class TlsCertificate:
    """A certificate to present on port 443 for `identifier`; it contains the digest of the key authorization `proof`."""

    identifier: Identifier
    proof: str


Publication = DnsRecord | WebFile | TlsCertificate


def publication(
    challenge: Challenge, identifier: Identifier, context: ChallengeContext, *, wildcard: bool = False
) -> Publication:
    """What must be published where so that `challenge` succeeds for the account of `context`.

    `wildcard` means that the same order also has the `*.` of the identifier: one persistent record then covers both. Raises
    `ProtocolError` for a type that is not in `CHALLENGE_TYPES`, or where the CA's part of it is malformed.
    """
    match challenge.type:
        case "dns-01" | "dns-account-01":  # RFC 8555 §8.4; draft-ietf-acme-dns-account-label §3
            return DnsRecord(_record_name(challenge, identifier, context), (_digest(challenge, context),))
        case "dns-persist-01":
            value = _persist_value(challenge, identifier, context, wildcard=wildcard or identifier.is_wildcard)
            return DnsRecord(_record_name(challenge, identifier, context), (value,))
        case "http-01":  # RFC 8555 §8.3
            proof = key_authorization(challenge.token, context.thumbprint)
            return WebFile(f"http://{url_host(identifier)}/.well-known/acme-challenge/{challenge.token}", proof)
        case "tls-alpn-01":  # RFC 8737 §3
            return TlsCertificate(identifier, key_authorization(challenge.token, context.thumbprint))
    raise ProtocolError("unknown-challenge-type", type=challenge.type[:100])


def url_host(identifier: Identifier) -> str:
    """The identifier as the host of a URL, an IPv6 address in brackets (RFC 3986 §3.2.2)."""
    return f"[{identifier.value}]" if ":" in identifier.value else identifier.value


def account_label(account_url: str) -> str:
    """The account's own label, so that several clients can validate one name (draft-ietf-acme-dns-account-label §3.1)."""
    return base64.b32encode(hashlib.sha256(account_url.encode("utf-8")).digest()[:10]).decode("ascii").lower()


def record_prefix_length(type_: str) -> int:
    """How many characters precede the name in the DNS record of a challenge of `type_`; 0 for one without a record."""
    return len(_record_prefix(type_, "")) if type_ in DNS_TYPES else 0  # all account labels have the same length


def _record_name(challenge: Challenge, identifier: Identifier, context: ChallengeContext) -> str:
    return f"{_record_prefix(challenge.type, context.account_url)}{identifier.base}"


def _record_prefix(type_: str, account_url: str) -> str:
    """What precedes the name in the DNS record for a challenge of `type_`, one of `DNS_TYPES`."""
    if type_ == "dns-account-01":
        return f"_{account_label(account_url)}._acme-challenge."
    return {"dns-01": "_acme-challenge.", "dns-persist-01": f"{LABEL}."}[type_]


def txt_strings(value: str) -> tuple[str, ...]:
    """The strings that make up the TXT record for `value` (ASCII); the reader joins them (RFC 1035 §3.3.14)."""
    return tuple(value[start : start + MAX_STRING] for start in range(0, len(value), MAX_STRING))


def _digest(challenge: Challenge, context: ChallengeContext) -> str:
    proof = key_authorization(challenge.token, context.thumbprint)
    return b64url(hashlib.sha256(proof.encode("ascii")).digest())


def _persist_value(challenge: Challenge, identifier: Identifier, context: ChallengeContext, *, wildcard: bool) -> str:
    offer = challenge.persist
    if offer is None:
        raise ProtocolError("persist-unknown-form")
    issuer = chosen_issuer(offer)
    uri = offer.account_uri or context.account_url
    if uri != context.account_url:
        # A record for someone else's account would let that account get certificates for the name, maybe from another CA.
        raise ProtocolError("persist-other-account", detail=uri[:200])
    if offer.hashed:
        if not context.hash_prefix:
            raise ProtocolError("persist-no-hash-prefix")
        uri = account_hash(context.hash_prefix, identifier.base, context.thumbprint, context.account_url)
    return record_value(issuer, uri, wildcard=wildcard, until=context.until)


async def respond(client: Client, url: str) -> Progress:
    """Tell the CA that everything for the challenge at `url` is published (§7.5.1); returns the progress that it reports.

    Some CAs validate before they respond. A response that cannot be read gives no progress. Raises what `Client.post` raises.
    """
    response = await client.post(url, {}, lagging=True)
    try:
        return Progress.parse(response.fields("challenge"))
    except ProtocolError:
        return Progress()
