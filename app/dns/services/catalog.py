"""Which DNS services this site may write to: `static/data/dns_services.json`. The page's policy and gate are made from it.

A service of a new kind is a module in this room and an entry in `APIS`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final, cast

from app.acme.urls import is_plain, origin_of, safe_link
from app.dns.services.desec import DESEC
from app.dns.services.powerdns import POWERDNS
from app.dns.services.service import DnsService, Kind, ServiceApi
from app.encoding.entry_list import read_entries
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError
from app.ports import Http, Request

LIST_NAME: Final = "dns_services.json"
"""The file of the list, in static/data."""

APIS: Final[Mapping[Kind, ServiceApi]] = {"desec": DESEC, "powerdns": POWERDNS}
"""What each kind of service is asked, and how."""

MAX_SETTLE: Final = 600  # seconds
_ID: Final = re.compile(r"[a-z0-9_.:\[\]-]{1,255}")


@dataclass(frozen=True)
class ServiceEntry:
    """One service of the site. `api` is the URL of its API, https, or http on this computer, and ends in "/".

    `page` is the page on which a person makes a token, or "". `settle` is how many seconds its name servers usually need until
    all of them have what was written.
    """

    id: str
    name: str
    kind: Kind
    api: str
    page: str = ""
    settle: int = 0

    @property
    def origin(self) -> str:
        """The origin to which the browser connects for it."""
        return origin_of(self.api)

    @property
    def protocol(self) -> ServiceApi:
        """How it is asked."""
        return APIS[self.kind]

    def client(self, http: Http) -> DnsService:
        """A client that reaches it by `http`."""
        return self.protocol.client(http, self.api, self.name)

    def owns(self, url: str) -> bool:
        """Whether `url` belongs to its API."""
        return url.startswith(self.api)

    def allows(self, request: Request) -> bool:
        """Whether `request`, which goes to its API, is one that this page makes."""
        return self.protocol.allows(request, request.url.removeprefix(self.api))


MEMBERS: Final = frozenset(field.name for field in fields(ServiceEntry))


def parse_services(text: str) -> tuple[ServiceEntry, ...]:
    """Read `dns_services.json`: a list of objects with the members of `ServiceEntry`; the first four are required.

    People write that file by hand, so misspelt members are refused, too. Raises `ProtocolError`.
    """
    return tuple(map(_parse, read_entries(text, LIST_NAME, MEMBERS)))


def find_service(services: Iterable[ServiceEntry], id_: str) -> ServiceEntry | None:
    """The service with this id, or None."""
    return next((service for service in services if service.id == id_), None)


def _parse(entry: JsonObject) -> ServiceEntry:
    service = ServiceEntry(
        id=entry.text("id"),
        name=entry.text("name"),
        kind=cast("Kind", entry.text("kind")),
        api=entry.text("api"),
        page=entry.optional_text("page") or "",
        settle=entry.number("settle") or 0,
    )
    _check("id", service.id, usable=_ID.fullmatch(service.id) is not None)
    _check("kind", service.kind, usable=service.kind in APIS)
    _check("api", service.api, usable=_is_api(service.api))
    _check("page", service.page, usable=service.page == safe_link(service.page))
    _check("settle", str(service.settle), usable=0 <= service.settle <= MAX_SETTLE)
    return service


def _check(member: str, value: str, *, usable: bool) -> None:
    if not usable:
        raise ProtocolError("service-list-unknown-value", detail=value[:100], member=member)


def _is_api(url: str) -> bool:
    """Whether a token may go below `url`: to nothing but this host by https, or on this computer by http."""
    host = re.match(r"(https://[a-z0-9_.\[\]:-]+|http://localhost(:[0-9]+)?)/", url)
    odd = any(mark in url for mark in ("?", "#", "@", "/.."))
    return host is not None and url.endswith("/") and is_plain(url) and not odd
