"""deSEC (https://desec.readthedocs.io): its API answers every page, and takes a token in the Authorization header.

Writes go in bulk, one request for a zone: it allows 2 a second, 15 a minute, 100 an hour and 300 a day for each. A TTL is at
least the zone's own minimum, an hour for most.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from app.dns.services.calls import ServiceCalls
from app.dns.services.service import MAX_SETS, DnsService, DnsServiceError, ServiceApi, TxtSets, Zone
from app.encoding.strict_json import JsonObject, read_value
from app.errors import ProtocolError
from app.ports import Http, Request

DEFAULT_TTL: Final = 3600  # seconds; the minimum of new accounts
MAX_TTL: Final = 86_400
MAX_SUBNAME: Final = 178  # characters

_READS: Final = re.compile(r"domains/(\?owns_qname=[^/?&]*|[^/?]+/rrsets/\?type=TXT)?")
_WRITES: Final = re.compile(r"domains/[^/?]+/rrsets/")


@dataclass(frozen=True)
class DesecClient:
    """`app.dns.services.service.DnsService` for deSEC."""

    calls: ServiceCalls

    async def zones(self) -> tuple[Zone, ...]:
        """See `DnsService.zones`. Zones that are new come first there."""
        return tuple(self._zone(entry) for entry in await self.calls.call_for_list("domains/"))

    async def zone_of(self, name: str) -> Zone | None:
        """See `DnsService.zone_of`."""
        found = await self.calls.call_for_list(f"domains/?owns_qname={quote(name, safe='')}")
        return self._zone(found[0]) if found else None

    async def read(self, zone: Zone) -> TxtSets:
        """See `DnsService.read`."""
        entries = await self.calls.call_for_list(f"domains/{quote(zone.name, safe='')}/rrsets/?type=TXT")
        sets: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for entry in entries:
            name = f"{entry.optional.text('subname')}.{zone.name}".removeprefix(".")
            sets[name] += entry.optional.texts("records")
        return dict(sets)

    async def write(self, zone: Zone, sets: TxtSets) -> None:
        """See `DnsService.write`. A set without records is removed; where it is not there, nothing happens."""
        body = [self._set(zone, name, records) for name, records in sets.items()]
        if body:
            await self.calls.call("PATCH", f"domains/{quote(zone.name, safe='')}/rrsets/", body)

    def _set(self, zone: Zone, name: str, records: tuple[str, ...]) -> dict[str, Any]:
        subname = name.removesuffix(zone.name).removesuffix(".")
        if not name.endswith(f".{zone.name}") or len(subname) > MAX_SUBNAME:
            raise DnsServiceError("dns-name-not-in-zone", self.calls.name, name=name, zone=zone.name)
        return {"subname": subname, "type": "TXT", "ttl": zone.min_ttl, "records": list(records)}

    def _zone(self, entry: JsonObject) -> Zone:
        name, ttl = entry.optional.text("name").lower(), entry.optional.number("minimum_ttl")
        if not name:
            raise self.calls.unreadable("name")
        return Zone(name, ttl if ttl is not None and 0 < ttl <= MAX_TTL else DEFAULT_TTL)


def _allows(request: Request, path: str) -> bool:
    """Below domains/ only: the rest of the API is about the account and its tokens. A write is one of TXT records."""
    if request.method == "GET":
        return not request.body and _READS.fullmatch(path) is not None
    if request.method != "PATCH" or not _WRITES.fullmatch(path):
        return False
    try:
        entries = read_value(request.body, "write")
    except ProtocolError:
        return False
    return (
        isinstance(entries, list)
        and len(entries) <= MAX_SETS
        and all(isinstance(entry, dict) and entry.get("type") == "TXT" for entry in entries)
    )


def _client(http: Http, api: str, name: str) -> DnsService:
    return DesecClient(ServiceCalls(http, api, name, "Authorization", "Token "))


DESEC: Final = ServiceApi("Authorization", "Token ", _allows, _client)
