"""Which names are proven by a record that this page writes itself: at a target that a CNAME points to, or in an own zone.

A record of the store for each name; it holds no token. Anybody may have written it, so what is read is checked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.dns.services.service import Zone
from app.errors import InputError, StorageError
from app.ports import JsonRecord, Store

RECORD_PREFIX: Final = "delegation "
"""What the keys in the store begin with; the name follows."""
VERSION: Final = 1
LABEL: Final = "_acme-challenge"  # RFC 8555 §8.4
MAX_NAME: Final = 253  # RFC 1035 §2.3.4, as text without final dot
MAX_TTL: Final = 604_800  # seconds; a week

_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


@dataclass(frozen=True)
class Delegation:
    """The records that prove `name` (no wildcard, ASCII) are written at `target` in `zone`, at the `service` with this id.

    `confirmed` is whether the CNAME was seen, or a person says that it is there; until then nothing is written by itself.
    """

    name: str
    service: str
    zone: Zone
    target: str
    confirmed: bool = False

    @property
    def owner(self) -> str:
        """Where the CA looks (RFC 8555 §8.4)."""
        return f"{LABEL}.{self.name}"

    @property
    def is_direct(self) -> bool:
        """Whether `zone` is the name's own, so that no CNAME is needed."""
        return self.target == self.owner


def delegated(name: str, service: str, zone: Zone) -> Delegation:
    """The delegation of `name` into `zone`: a target of its own, since a write replaces all records there.

    Raises `InputError` where the target would be longer than a name may be.
    """
    owner = f"{LABEL}.{name}"
    if f".{name}".endswith(f".{zone.name}"):
        return Delegation(name, service, zone, owner, confirmed=True)
    target = f"{owner}.{zone.name}"
    if len(target) > MAX_NAME:
        raise InputError("delegation-target-too-long", name=name, zone=zone.name)
    return Delegation(name, service, zone, target)


class Delegations:
    """Those that are saved in `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> Mapping[str, Delegation]:
        """Name → its delegation, for all that can be read. Raises `StorageError` where none can be listed."""
        found = {}
        for key, record in (await self._store.get_all(RECORD_PREFIX)).items():
            delegation = _read(record)
            if delegation and RECORD_PREFIX + delegation.name == key:
                found[delegation.name] = delegation
        return found

    async def save(self, delegation: Delegation) -> None:
        """Save it in place of any other for that name. Raises `StorageError`."""
        await self._store.put(RECORD_PREFIX + delegation.name, _to_json(delegation))

    async def delete(self, name: str) -> None:
        """Forget that of `name`; at the service and in DNS nothing changes. Raises `StorageError`."""
        await self._store.delete(RECORD_PREFIX + name)


def _read(record: JsonRecord | StorageError) -> Delegation | None:
    try:
        return None if isinstance(record, StorageError) else _from_json(record)
    except (KeyError, TypeError, ValueError):
        return None


def _to_json(delegation: Delegation) -> JsonRecord:
    return {
        "version": VERSION,
        "name": delegation.name,
        "service": delegation.service,
        "zone": delegation.zone.name,
        "min_ttl": delegation.zone.min_ttl,
        "target": delegation.target,
        "confirmed": delegation.confirmed,
    }


def _from_json(record: JsonRecord) -> Delegation:
    """Raises `KeyError`, `TypeError` or `ValueError` where Keystay would not have written it."""
    names: tuple[Any, ...] = tuple(record[member] for member in ("name", "zone", "target"))
    ttl, service = record["min_ttl"], record["service"]
    if record["version"] != VERSION or not all(isinstance(name, str) and _NAME.fullmatch(name) for name in names):
        raise ValueError(record["version"])
    if not isinstance(service, str) or type(ttl) is not int or not 0 < ttl <= MAX_TTL:
        raise ValueError(service)
    name, zone, target = names
    if not target.endswith(f".{zone}"):
        raise ValueError(target)
    return Delegation(name, service, Zone(zone, ttl), target, confirmed=record["confirmed"] is True)
