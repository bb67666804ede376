"""Authorizations: the CA's question whether the account controls one name (RFC 8555 §7.1.4, §7.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.acme.challenge import CHALLENGE_TYPES, Challenge
from app.acme.client import Client
from app.acme.identifier import Identifier
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

STATUSES: Final = ("pending", "processing", "valid", "invalid", "deactivated", "expired", "revoked")
"""All that an authorization can be (RFC 8555 §7.1.6); "processing" is of its drafts, and some servers still say it."""


@dataclass(frozen=True)
class Authorization:
    """The state of one name. `identifier` has its `*.` back where the CA said `wildcard`, so it equals the one ordered.

    `challenges` are those of a kind that Keystay knows. `unreadable` has the kinds of those that cannot be read, and what is
    wrong: they do not hinder the others. `offered` has the types of all.
    """

    url: str
    identifier: Identifier
    status: str
    challenges: tuple[Challenge, ...]
    unreadable: tuple[tuple[str, ProtocolError], ...] = ()
    offered: tuple[str, ...] = ()

    @classmethod
    def parse(cls, url: str, fields: JsonObject) -> "Authorization":
        """Read the authorization at `url`. Raises `ProtocolError`."""
        child = fields.child("identifier")
        identifier = Identifier.parse(child or JsonObject({}, "authorization’s identifier"))
        if fields.optional.flag("wildcard") and not identifier.is_wildcard:
            identifier = Identifier(identifier.type, f"*.{identifier.value}")
        entries = [JsonObject(entry, "challenge") for entry in fields.optional.values("challenges") if isinstance(entry, dict)]
        offered = tuple(filter(None, (entry.optional.text("type") for entry in entries)))
        return cls(url, identifier, _status(fields), *_read_challenges(entries), offered=offered)

    def challenge_at(self, url: str) -> Challenge | None:
        """The challenge with this address, or None."""
        return next((challenge for challenge in self.challenges if challenge.url == url), None)

    def challenge(self, kind: str) -> Challenge | None:
        """The challenge of type `kind`, or None where the CA does not offer it for this name.

        Raises `ProtocolError` where the CA offers it in a form that cannot be read.
        """
        found = next((challenge for challenge in self.challenges if challenge.type == kind), None)
        fault = dict(self.unreadable).get(kind)
        if found is None and fault is not None:
            raise fault
        return found


def _read_challenges(entries: Iterable[JsonObject]) -> tuple[tuple[Challenge, ...], tuple[tuple[str, ProtocolError], ...]]:
    """The challenges of the kinds that are known, and what is wrong with those that cannot be read."""
    challenges: list[Challenge] = []
    unreadable: list[tuple[str, ProtocolError]] = []
    for entry in entries:
        kind = entry.optional.text("type")
        # An unknown kind may have any form (RFC 8555 §7.1.5, §9.7.8), so nothing more of it is read.
        if kind in CHALLENGE_TYPES:
            try:
                challenges.append(Challenge.parse(entry))
            except ProtocolError as error:
                unreadable.append((kind, error))
    return tuple(challenges), tuple(unreadable)


def _status(fields: JsonObject) -> str:
    status = fields.text("status")
    if status not in STATUSES:
        raise ProtocolError("The CA's authorization has a status that none has.", detail=status[:200])
    return status


async def read_authorization(client: Client, url: str) -> Authorization:
    """Read the authorization at `url`. Raises what `Client.post_as_get` raises."""
    answer = await client.post_as_get(url, lagging=True)
    return Authorization.parse(url, answer.fields("authorization"))
