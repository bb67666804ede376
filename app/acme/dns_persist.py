"""The record of dns-persist-01: one that stays, and names the account that may get certificates (draft-ietf-acme-dns-persist).

Two revisions are in use and do not understand one another. The challenge tells which one the CA speaks: draft-01 says
`issuer-domain-names` and has the account's address in the record; draft-02 says `issuerDomainNames` and has a hash there,
behind the directory's `accountHashPrefix`, so that the DNS does not show which account it is.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from app.acme.jws import b64url
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

LABEL: Final = "_validation-persist"
MAX_ISSUERS: Final = 10

_ISSUER: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_VALUE: Final = re.compile(r"[!-:<-~]+")  # RFC 8659 §4.2: a value in an issue-value; no space, no semicolon


@dataclass(frozen=True)
class PersistOffer:
    """What a dns-persist-01 challenge says: the names that the CA goes by, and the account's address where it gives one.

    `hashed` is True for draft-02.
    """

    issuers: tuple[str, ...]
    account_uri: str
    hashed: bool

    @classmethod
    def parse(cls, fields: JsonObject) -> "PersistOffer":
        """Read the members of a challenge; a CA that sends both spellings speaks draft-01, too. Raises `ProtocolError`."""
        old, new = fields.texts("issuer-domain-names"), fields.texts("issuerDomainNames")
        return cls(old or new, fields.optional_text("accounturi") or "", hashed=not old)


def account_hash(prefix: str, domain: str, thumbprint: str, account_url: str) -> str:
    """The `accounturi` of draft-02 §3.1 for `domain` (ASCII, without `*.`); its vector stands in the tests."""
    text = domain.encode("ascii")
    digest = hashlib.sha256(bytes([len(text)]) + text + thumbprint.encode("ascii") + account_url.encode("utf-8")).digest()
    return f"{prefix}sha-256/{b64url(digest)}"


def record_value(issuer: str, account_uri: str, *, wildcard: bool, until: int | None) -> str:
    """The record's text: an issue-value (RFC 8659 §4.2). `until` in Unix seconds; None has no end.

    Raises `ProtocolError` where a part from the CA would break out of its place.
    """
    if not _ISSUER.fullmatch(issuer) or not _VALUE.fullmatch(account_uri):
        raise ProtocolError("The CA's dns-persist-01 challenge has a part that no record can hold.", detail=account_uri[:200])
    parts = [issuer, f"accounturi={account_uri}"]
    parts += ["policy=wildcard"] if wildcard else []
    parts += [f"persistUntil={until}"] if until is not None else []
    return "; ".join(parts)


def chosen_issuer(offer: PersistOffer) -> str:
    """The first of the names that the CA goes by. Raises `ProtocolError` where there are none or too many (§3.1)."""
    if not 0 < len(offer.issuers) <= MAX_ISSUERS:
        raise ProtocolError("The CA's dns-persist-01 challenge does not say by which name the CA goes.")
    return offer.issuers[0]
