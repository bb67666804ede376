"""Resolvers: who may be asked by DNS over HTTPS (RFC 8484), and what a person should know of each.

`static/data/resolvers.json` lists them. The build leaves those in that the site may ask; the page's policy and gate are made
from the same list. The facts in that list are in English; `app.text` translates them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from app.acme.urls import is_plain, origin_of, safe_link
from app.ca.catalog import CertificateAuthority
from app.encoding.entry_list import read_entries
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

LIST_NAME: Final = "resolvers.json"
"""The file of the list, in static/data."""


@dataclass(frozen=True)
class Resolver:
    """One resolver.

    `url` answers `?dns=` (RFC 8484 §4.1) and has no query of its own; a path is on the page's own host. `operator` is who runs
    it and from which country, as a person is asked for permission. `validates` is whether it checks DNSSEC, so that what it
    answers is what a CA would see. `purge` is the URL, at the same server, that makes it forget one record set, or "" where no
    page can; `purge_page` is the page on which a person can, or "". `default` is whether a site asks it unless its maker says
    otherwise. `practice` tells that it answers for the practice CA's DNS, and for nothing else.
    """

    id: str
    name: str
    url: str
    operator: str = ""
    validates: bool = False
    purge: str = ""
    purge_page: str = ""
    default: bool = False
    practice: bool = False

    @property
    def origin(self) -> str:
        """The origin to which the browser connects for it; "" where that is the page's own host."""
        return origin_of(self.url) if "//" in self.url else ""

    def relative_to(self, page: str) -> "Resolver":
        """The same resolver with absolute URLs, as the page at the address `page` reaches it."""
        return replace(self, url=urljoin(page, self.url), purge=self.purge and urljoin(page, self.purge))


_ID: Final = re.compile(r"[a-z0-9_.:\[\]-]{1,255}")
"""Ids are words; that of a resolver which only one site has is its host, perhaps an IPv6 address, and its port."""

MEMBERS: Final = frozenset(field.name for field in fields(Resolver))


def parse_resolvers(text: str) -> tuple[Resolver, ...]:
    """Read `resolvers.json`: a list of objects with the members of `Resolver`; `id`, `name` and `url` are required.

    People write that file by hand, so misspelt members are refused, too. Raises `ProtocolError`.
    """
    return tuple(map(_parse, read_entries(text, LIST_NAME, MEMBERS)))


def _parse(entry: JsonObject) -> Resolver:
    resolver = Resolver(
        id=entry.text("id"),
        name=entry.text("name"),
        url=entry.text("url"),
        operator=entry.optional_text("operator") or "",
        validates=entry.flag("validates"),
        purge=entry.optional_text("purge") or "",
        purge_page=entry.optional_text("purge_page") or "",
        default=entry.flag("default"),
        practice=entry.flag("practice"),
    )
    _check("id", resolver.id, usable=_ID.fullmatch(resolver.id) is not None)
    _check("url", resolver.url, usable=_is_endpoint(resolver.url))
    _check("purge", resolver.purge, usable=not resolver.purge or _is_same_server(resolver.purge, resolver.url))
    _check("purge_page", resolver.purge_page, usable=resolver.purge_page == safe_link(resolver.purge_page))
    return resolver


def _check(member: str, value: str, *, usable: bool) -> None:
    if not usable:
        raise ProtocolError("resolver-list-unknown-value", detail=value[:100], member=member)


def _is_endpoint(url: str) -> bool:
    """Whether the page can put a question behind `url`: https, or a path, or http where that stays on this computer."""
    try:
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname == "localhost"
        placed = bool(parts.hostname) if parts.scheme == "https" or local else not parts.scheme and not parts.netloc
        return placed and is_plain(url) and parts.username is None and not any(mark in url for mark in "?#")
    except ValueError:  # such as half of an IPv6 address
        return False


def _is_same_server(url: str, other: str) -> bool:
    return _is_endpoint(url) and origin_of(url) == origin_of(other)


def resolvers_for(authority: CertificateAuthority, resolvers: Iterable[Resolver]) -> tuple[Resolver, ...]:
    """Those of `resolvers` that see the DNS which `authority` looks into: the practice CA has one of its own."""
    return tuple(resolver for resolver in resolvers if resolver.practice == (authority.records is not None))
