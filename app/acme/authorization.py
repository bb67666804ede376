"""Authorizations: whether the account controls one name (RFC 8555 §7.1.4, §7.5)."""

from dataclasses import dataclass
from functools import cached_property
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

    `entries` are its challenges of all types, each with its type, "" where it has none. A CA offers about five for each name,
    of which one is needed, so they are read when they are asked for. One that cannot be read leaves the others usable.
    """

    url: str
    identifier: Identifier
    status: str
    entries: tuple[tuple[str, JsonObject], ...]

    @classmethod
    def parse(cls, url: str, fields: JsonObject) -> "Authorization":
        """Read the authorization at `url`. Raises `ProtocolError`."""
        child = fields.child("identifier")
        identifier = Identifier.parse(child or JsonObject({}, "authorization.identifier"))
        if fields.optional.flag("wildcard") and not identifier.is_wildcard:
            identifier = Identifier(identifier.type, f"*.{identifier.value}")
        entries = [JsonObject(entry, "challenge") for entry in fields.optional.values("challenges") if isinstance(entry, dict)]
        return cls(url, identifier, _status(fields), tuple((entry.optional.text("type"), entry) for entry in entries))

    @property
    def offered(self) -> tuple[str, ...]:
        """The types of all challenges."""
        return tuple(type_ for type_, _ in self.entries if type_)

    @cached_property
    def challenges(self) -> tuple[Challenge, ...]:
        """The challenges of the types that Keystay knows, without those that cannot be read."""
        # An unknown type may have any form (RFC 8555 §7.1.5, §9.7.8), so nothing more of it is read.
        read = [_read(entry) for type_, entry in self.entries if type_ in CHALLENGE_TYPES]
        return tuple(challenge for challenge in read if isinstance(challenge, Challenge))

    def challenge_at(self, url: str) -> Challenge | None:
        """The challenge with this URL, or None."""
        return next((challenge for challenge in self.challenges if challenge.url == url), None)

    def challenge(self, type_: str) -> Challenge | None:
        """The challenge of `type_`, or None where the CA does not offer it for this name, or Keystay does not know it.

        Raises `ProtocolError` where the CA offers it in a form that cannot be read.
        """
        fault: ProtocolError | None = None
        for offered, entry in self.entries:
            if offered == type_ and offered in CHALLENGE_TYPES:
                challenge = _read(entry)
                if isinstance(challenge, Challenge):
                    return challenge
                fault = challenge
        if fault is not None:
            raise fault
        return None


def _read(entry: JsonObject) -> Challenge | ProtocolError:
    """The challenge, or why it cannot be read."""
    try:
        return Challenge.parse(entry)
    except ProtocolError as error:
        return error


def _status(fields: JsonObject) -> str:
    status = fields.text("status")
    if status not in STATUSES:
        raise ProtocolError("unknown-status", detail=status[:200], where="authorization")
    return status


async def read_authorization(client: Client, url: str) -> Authorization:
    """Read the authorization at `url`. Raises what `Client.post_as_get` raises."""
    response = await client.post_as_get(url, lagging=True)
    return Authorization.parse(url, response.fields("authorization"))
