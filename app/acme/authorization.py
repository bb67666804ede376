"""Authorizations: whether the account controls one name (RFC 8555 §7.1.4, §7.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.acme.challenge import CHALLENGE_TYPES, Challenge
from app.acme.client import Client
from app.acme.identifier import Identifier
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

STATUSES: Final = ("pending", "processing", "valid", "invalid", "deactivated", "expired", "revoked")
"""All statuses of an authorization (RFC 8555 §7.1.6); "processing" comes from its drafts, and some servers still use it."""


@dataclass(frozen=True)
class Authorization:
    """The state of one name. `identifier` starts with `*.` again where the CA set `wildcard`, so it equals the one ordered.

    `challenges` are those of the types that Keystay knows. `unreadable` has the types of those that cannot be read, each with
    its error: the others stay usable. `offered` has the types of all.
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
        identifier = Identifier.parse(child or JsonObject({}, "authorization.identifier"))
        if fields.optional.flag("wildcard") and not identifier.is_wildcard:
            identifier = Identifier(identifier.type, f"*.{identifier.value}")
        entries = [JsonObject(entry, "challenge") for entry in fields.optional.values("challenges") if isinstance(entry, dict)]
        offered = tuple(filter(None, (entry.optional.text("type") for entry in entries)))
        return cls(url, identifier, _status(fields), *_read_challenges(entries), offered=offered)

    def challenge_at(self, url: str) -> Challenge | None:
        """The challenge with this URL, or None."""
        return next((challenge for challenge in self.challenges if challenge.url == url), None)

    def challenge(self, type_: str) -> Challenge | None:
        """The challenge of `type_`, or None where the CA does not offer it for this name.

        Raises `ProtocolError` where the CA offers it in a form that cannot be read.
        """
        found = next((challenge for challenge in self.challenges if challenge.type == type_), None)
        fault = dict(self.unreadable).get(type_)
        if found is None and fault is not None:
            raise fault
        return found


def _read_challenges(entries: Iterable[JsonObject]) -> tuple[tuple[Challenge, ...], tuple[tuple[str, ProtocolError], ...]]:
    """The challenges of the known types, and the errors of those that cannot be read."""
    challenges: list[Challenge] = []
    unreadable: list[tuple[str, ProtocolError]] = []
    for entry in entries:
        type_ = entry.optional.text("type")
        # An unknown type may have any form (RFC 8555 §7.1.5, §9.7.8), so nothing more of it is read.
        if type_ in CHALLENGE_TYPES:
            try:
                challenges.append(Challenge.parse(entry))
            except ProtocolError as error:
                unreadable.append((type_, error))
    return tuple(challenges), tuple(unreadable)


def _status(fields: JsonObject) -> str:
    status = fields.text("status")
    if status not in STATUSES:
        raise ProtocolError("unknown-status", detail=status[:200], where="authorization")
    return status


async def read_authorization(client: Client, url: str) -> Authorization:
    """Read the authorization at `url`. Raises what `Client.post_as_get` raises."""
    response = await client.post_as_get(url, lagging=True)
    return Authorization.parse(url, response.fields("authorization"))
