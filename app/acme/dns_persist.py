"""The DNS record of dns-persist-01, which stays and names the account that may get certificates (draft-ietf-acme-dns-persist).

Two incompatible revisions are in use. The challenge shows which one the CA implements: draft-01 has `issuer-domain-names` and
puts the account's URL into the record; draft-02 has `issuerDomainNames` and puts a hash there, after the directory's
`accountHashPrefix`, so that the DNS does not reveal the account.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from app.encoding.base64url import b64url
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

LABEL: Final = "_validation-persist"
MAX_ISSUERS: Final = 10

_ISSUER: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_VALUE: Final = re.compile(r"[!-:<-~]+")  # RFC 8659 §4.2: a value in an issue-value; no space, no semicolon


@dataclass(frozen=True)
class PersistOffer:
    """The members of a dns-persist-01 challenge: the CA's issuer domain names, and the account's URL where it has one.

    `hashed` is True for draft-02.
    """

    issuers: tuple[str, ...]
    account_uri: str
    hashed: bool

    @classmethod
    def parse(cls, fields: JsonObject) -> "PersistOffer":
        """Read the members of a challenge; a CA that sends both spellings also accepts draft-01. Raises `ProtocolError`."""
        old, new = fields.texts("issuer-domain-names"), fields.texts("issuerDomainNames")
        return cls(old or new, fields.optional_text("accounturi") or "", hashed=not old)


def account_hash(prefix: str, domain: str, thumbprint: str, account_url: str) -> str:
    """The `accounturi` of draft-02 §3.1 for `domain` (ASCII, without `*.`); the tests have its vector."""
    text = domain.encode("ascii")
    digest = hashlib.sha256(bytes([len(text)]) + text + thumbprint.encode("ascii") + account_url.encode("utf-8")).digest()
    return f"{prefix}sha-256/{b64url(digest)}"


def record_value(issuer: str, account_uri: str, *, wildcard: bool, until: int | None) -> str:
    """The record's text: an issue-value (RFC 8659 §4.2). `until` is in Unix seconds; None has no end.

    Raises `ProtocolError` where a part from the CA contains a separator.
    """
    if not _ISSUER.fullmatch(issuer) or not _VALUE.fullmatch(account_uri):
        raise ProtocolError("persist-unusable-value", detail=account_uri[:200])
    parts = [issuer, f"accounturi={account_uri}"]
    parts += ["policy=wildcard"] if wildcard else []
    parts += [f"persistUntil={until}"] if until is not None else []
    return "; ".join(parts)


def chosen_issuer(offer: PersistOffer) -> str:
    """The first of the CA's issuer domain names. Raises `ProtocolError` where there are none or too many (§3.1)."""
    if not 0 < len(offer.issuers) <= MAX_ISSUERS:
        raise ProtocolError("persist-no-issuer")
    return offer.issuers[0]
