"""Authorizations: the CA's question whether the account controls one name (RFC 8555 §7.1.4, §7.5)."""

from dataclasses import dataclass
from typing import Final

from app.acme.challenge import CHALLENGE_TYPES, Challenge
from app.acme.client import Client
from app.acme.fields import Fields
from app.acme.identifier import Identifier
from app.errors import ProtocolError

STATUSES: Final = ("pending", "processing", "valid", "invalid", "deactivated", "expired", "revoked")
"""All that an authorization can be (RFC 8555 §7.1.6); "processing" is of its drafts, and some servers still say it."""


@dataclass(frozen=True)
class Authorization:
    """The state of one name. `identifier` has its `*.` back where the CA said `wildcard`, so it equals the one ordered.

    `challenges` are those of a kind that Keystay knows; `offered` has the types of all.
    """

    url: str
    identifier: Identifier
    status: str
    challenges: tuple[Challenge, ...]
    offered: tuple[str, ...] = ()

    @classmethod
    def parse(cls, url: str, fields: Fields) -> "Authorization":
        """Read the authorization at `url`. Raises `ProtocolError`."""
        child = fields.child("identifier")
        identifier = Identifier.parse(child or Fields({}, "authorization’s identifier"))
        if fields.flag("wildcard") and not identifier.is_wildcard:
            identifier = Identifier(identifier.type, f"*.{identifier.value}")
        entries = [(entry.text("type"), entry) for entry in fields.children("challenges")]
        # An unknown kind may have any form (RFC 8555 §7.1.5, §9.7.8), so nothing more of it is read.
        challenges = tuple(Challenge.parse(entry) for kind, entry in entries if kind in CHALLENGE_TYPES)
        return cls(url, identifier, _status(fields), challenges, tuple(kind for kind, _ in entries))

    def challenge_at(self, url: str) -> Challenge | None:
        """The challenge with this address, or None."""
        return next((challenge for challenge in self.challenges if challenge.url == url), None)

    def challenge(self, kind: str) -> Challenge | None:
        """The challenge of type `kind`, or None where the CA does not offer it for this name."""
        return next((challenge for challenge in self.challenges if challenge.type == kind), None)


def _status(fields: Fields) -> str:
    status = fields.text("status")
    if status not in STATUSES:
        raise ProtocolError("The CA's authorization has a status that none has.", detail=status[:200])
    return status


async def read_authorization(client: Client, url: str) -> Authorization:
    """Read the authorization at `url`. Raises what `Client.read` raises."""
    answer = await client.read(url, lagging=True)
    return Authorization.parse(url, answer.fields("authorization"))
