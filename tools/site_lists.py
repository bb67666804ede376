"""What a built site offers a choice of, and may talk to: the lists in static/data/."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from app.ca.catalog import CertificateAuthority, parse_catalog
from app.dns.providers import DnsProvider, parse_providers
from app.dns.resolvers import Resolver, parse_resolvers
from app.dns.services.catalog import ServiceEntry, parse_services
from app.errors import ProtocolError
from app.install.targets import Target, parse_targets
from app.text.sentences import sentence
from tools.policy import security_headers
from tools.powerdns_choice import powerdns_entry
from tools.practice_address import Practice
from tools.resolver_choice import chosen_resolvers

CA_LIST: Final = "data/cas.json"
PROVIDER_LIST: Final = "data/dns_providers.json"
RESOLVER_LIST: Final = "data/resolvers.json"
TARGET_LIST: Final = "data/targets.json"
SERVICE_LIST: Final = "data/dns_services.json"

T = TypeVar("T")

PRACTICE: Final = "practice"
"""The id of the practice CA, and of its resolver."""


@dataclass(frozen=True)
class Lists:
    """The lists of a site: CAs, DNS providers, resolvers that it may ask, targets, and DNS services that it may write to."""

    authorities: tuple[CertificateAuthority, ...]
    providers: tuple[DnsProvider, ...]
    resolvers: tuple[Resolver, ...]
    targets: tuple[Target, ...]
    services: tuple[ServiceEntry, ...] = ()


def read_lists(data: Mapping[str, bytes]) -> Lists:
    """Read the lists of a site from its files, which are named by their paths in static/; stop at one that cannot be used."""
    return Lists(
        read_authorities(data[CA_LIST]),
        _read(PROVIDER_LIST, data[PROVIDER_LIST], parse_providers),
        _read(RESOLVER_LIST, data[RESOLVER_LIST], parse_resolvers),
        _read(TARGET_LIST, data[TARGET_LIST], parse_targets),
        _read(SERVICE_LIST, data[SERVICE_LIST], parse_services),
    )


def read_authorities(content: bytes) -> tuple[CertificateAuthority, ...]:
    """Read a site's cas.json; stop with a sentence where it cannot be used."""
    return _read(CA_LIST, content, parse_catalog)


def _read(name: str, content: bytes, parse: Callable[[str], T]) -> T:
    try:
        return parse(content.decode())
    except ProtocolError as error:
        raise SystemExit(f"static/{name} cannot be used. {sentence(error)} {error.detail}".strip()) from error


def headers_of(site: Path) -> dict[str, str]:
    """Return the headers that a server should send with every file of the built site in the folder `site`."""
    return security_headers(
        [ca for file in site.rglob("cas.json") for ca in read_authorities(file.read_bytes())],
        [one for file in site.rglob("resolvers.json") for one in _read(RESOLVER_LIST, file.read_bytes(), parse_resolvers)],
        [one for file in site.rglob("dns_services.json") for one in _read(SERVICE_LIST, file.read_bytes(), parse_services)],
    )


def ca_list(content: bytes, practice: Practice | None, relay: str | None) -> bytes:
    """Tell cas.json where the practice CA stands, or take it out; and where the relay for the others is."""
    read_authorities(content)
    return _json([_placed(entry, practice, relay) for entry in json.loads(content) if practice or entry["id"] != PRACTICE])


def _placed(entry: dict[str, Any], practice: Practice | None, relay: str | None) -> dict[str, Any]:
    if practice and entry["id"] == PRACTICE:
        return entry | {"directory": practice.directory, "relay": practice.relay, "records": practice.records}
    unreached = entry.get("cors") != "yes" and not entry.get("relay") and not entry.get("closed")
    return entry | {"relay": relay} if relay and unreached else entry


def resolver_list(content: bytes, practice: Practice | None, choice: Sequence[str] | None) -> bytes:
    """Leave in resolvers.json whom the site may ask: those of the `choice`, or without one those that are so by default.

    With a `practice` CA there is the resolver for its DNS, too, at that CA's address; but an empty choice leaves nobody.
    Raises `ValueError` as `tools.resolver_choice.chosen_resolvers`.
    """
    _read(RESOLVER_LIST, content, parse_resolvers)
    entries = json.loads(content)
    own = [entry | {"url": practice.resolver} for entry in entries if practice and entry.get("practice")]
    return _json([*chosen_resolvers(entries, choice), *(own if choice is None or choice else [])])


def service_list(content: bytes, powerdns: str) -> bytes:
    """Add to dns_services.json the PowerDNS server at the origin `powerdns`, or none where it is ""."""
    _read(SERVICE_LIST, content, parse_services)
    return _json([*json.loads(content), *([powerdns_entry(powerdns)] if powerdns else [])])


def _json(entries: list[dict[str, Any]]) -> bytes:
    return (json.dumps(entries, ensure_ascii=False, indent=2) + "\n").encode()
