"""PowerDNS Authoritative Server (https://doc.powerdns.com/authoritative/http-api/): the API of one's own name server.

It answers every page and takes a key in the header X-API-Key. That key may do everything there, so such a server is offered
only where whoever builds the page names its origin.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from app.dns.services.calls import ServiceCalls
from app.dns.services.service import MAX_SETS, DnsService, DnsServiceError, ServiceApi, TxtSets, Zone
from app.encoding.strict_json import JsonObject, read_json, read_value
from app.errors import ProtocolError
from app.ports import Http, Request

TTL: Final = 60  # seconds; any is allowed


@dataclass(frozen=True)
class PowerDnsClient:
    """`app.dns.services.service.DnsService` for a PowerDNS server. Names in its API end with a dot."""

    calls: ServiceCalls

    async def zones(self) -> tuple[Zone, ...]:
        """See `DnsService.zones`."""
        return _zones(await self.calls.call_for_list("zones"))

    async def zone_of(self, name: str) -> Zone | None:
        """See `DnsService.zone_of`: the longest zone that is `name` or above it."""
        above = [zone for zone in await self.zones() if f".{name}".endswith(f".{zone.name}")]
        return max(above, key=lambda zone: len(zone.name), default=None)

    async def read(self, zone: Zone) -> TxtSets:
        """See `DnsService.read`."""
        response = await self.calls.call("GET", _path(zone))
        try:
            entries = read_json(response.body, self.calls.name).children("rrsets")
            return _txt_sets(entries)
        except ProtocolError as error:
            raise self.calls.unreadable(error.detail) from error

    async def write(self, zone: Zone, sets: TxtSets) -> None:
        """See `DnsService.write`."""
        body = [self._set(zone, name, records) for name, records in sets.items()]
        if body:
            await self.calls.call("PATCH", _path(zone), {"rrsets": body})

    def _set(self, zone: Zone, name: str, records: tuple[str, ...]) -> dict[str, Any]:
        if not name.endswith(f".{zone.name}"):
            raise DnsServiceError("dns-name-not-in-zone", self.calls.name, name=name, zone=zone.name)
        entry = {"name": f"{name}.", "type": "TXT", "changetype": "REPLACE" if records else "DELETE"}
        content = [{"content": record, "disabled": False} for record in records]
        return {**entry, "ttl": zone.min_ttl, "records": content} if records else entry


def _path(zone: Zone) -> str:
    return f"zones/{quote(zone.name, safe='')}."


def _zones(entries: Iterable[JsonObject]) -> tuple[Zone, ...]:
    names = (entry.optional.text("name").lower().removesuffix(".") for entry in entries)
    return tuple(Zone(name, TTL) for name in names if name)


def _txt_sets(entries: Iterable[JsonObject]) -> TxtSets:
    sets: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for entry in entries:
        if entry.optional.text("type") == "TXT":
            records = tuple(JsonObject(record, "record").text("content") for record in entry.optional.values("records"))
            sets[entry.optional.text("name").lower().removesuffix(".")] += records
    return dict(sets)


def _allows(request: Request, path: str) -> bool:
    """Zones only, and of writes only those of TXT records: the rest of the API is about keys, settings and other servers."""
    parts = path.split("/")
    if "?" in path or parts[0] != "zones" or len(parts) > 2:
        return False
    if request.method == "GET":
        return not request.body
    if request.method != "PATCH" or len(parts) != 2:
        return False
    try:
        value = read_value(request.body, "write")
    except ProtocolError:
        return False
    entries = value.get("rrsets") if isinstance(value, dict) and set(value) == {"rrsets"} else None
    return (
        isinstance(entries, list)
        and len(entries) <= MAX_SETS
        and all(isinstance(entry, dict) and entry.get("type") == "TXT" for entry in entries)
    )


def _client(http: Http, api: str, name: str) -> DnsService:
    return PowerDnsClient(ServiceCalls(http, api, name, "X-API-Key", ""))


POWERDNS: Final = ServiceApi("X-API-Key", "", _allows, _client)
