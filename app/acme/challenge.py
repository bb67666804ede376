"""Challenges, and what must be published for each (RFC 8555 §7.1.5, §8)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.acme.client import Client
from app.acme.fields import Fields
from app.acme.identifier import Identifier
from app.acme.jws import b64url, key_authorization
from app.acme.problem import Problem
from app.errors import ProtocolError

CHALLENGE_TYPES: Final = ("dns-01", "http-01")
"""The kinds of proof that this client can lead a person through; others that a CA offers are ignored (§7.1.5)."""


@dataclass(frozen=True)
class Challenge:
    """One way to prove control. `token` is "" for kinds that have none; `error` can stand beside any status."""

    type: str
    url: str
    status: str
    token: str
    error: Problem | None = None

    @classmethod
    def parse(cls, fields: Fields) -> "Challenge":
        """Read a challenge object. Raises `ProtocolError`."""
        error = fields.child("error")
        return cls(
            type=fields.text("type"),
            url=fields.text("url"),
            status=fields.text("status"),
            token=fields.optional_text("token") or "",
            error=None if error is None else Problem.parse(error),
        )


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


Publication = DnsRecord | WebFile


def publication(challenge: Challenge, identifier: Identifier, jwk: Mapping[str, str]) -> Publication:
    """What must stand where so that `challenge` succeeds for the account with the public key `jwk`.

    Raises `ProtocolError` for a kind that is not in `CHALLENGE_TYPES`, or a token that is not base64url.
    """
    proof = key_authorization(challenge.token, jwk)
    if challenge.type == "dns-01":  # §8.4
        digest = hashlib.sha256(proof.encode("ascii")).digest()
        return DnsRecord(f"_acme-challenge.{identifier.base}", (b64url(digest),))
    if challenge.type == "http-01":  # §8.3
        return WebFile(f"http://{identifier.value}/.well-known/acme-challenge/{challenge.token}", proof)
    raise ProtocolError(f"Keystay does not know the proof “{challenge.type}”.")


async def answer(client: Client, url: str) -> None:
    """Tell the CA that the proof for the challenge at `url` is published (§7.5.1). Raises what `Client.post` raises."""
    await client.post(url, {})
