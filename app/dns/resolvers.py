"""Resolvers: who may be asked by DNS over HTTPS (RFC 8484), and what a person should know of each.

`static/data/resolvers.json` lists them. The build leaves those in that the site may ask; the page's policy and gate are made
from the same list. The facts in that list are in English; `app.text` translates them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urljoin

from app.acme.urls import origin_of
from app.ca.catalog import CertificateAuthority
from app.encoding.strict_json import JsonObject, parse_json
from app.errors import ProtocolError

LIST_NAME: Final = "resolvers.json"
"""The file of the list, in static/data."""


@dataclass(frozen=True)
class Resolver:
    """One resolver.

    `url` answers `?dns=` (RFC 8484 §4.1); a path is on the page's own host. `operator` is who runs it and from which country,
    as a person is asked for permission. `validates` is whether it checks DNSSEC, so that what it answers is what a CA would
    see. `purge` is the URL that makes it forget one record set, or "" where no page can; `purge_page` is the page on which a
    person can, or "". `default` is whether a site asks it unless its maker says otherwise. `practice` tells that it answers
    for the practice CA's DNS, and for nothing else.
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
        """The same resolver with an absolute URL, as the page at the address `page` reaches it."""
        return replace(self, url=urljoin(page, self.url))


MEMBERS: Final = frozenset(field.name for field in fields(Resolver))


def parse_resolvers(text: str) -> tuple[Resolver, ...]:
    """Read `resolvers.json`: a list of objects with the members of `Resolver`; `id`, `name` and `url` are required.

    People write that file by hand, so misspelt members are refused, too. Raises `ProtocolError`.
    """
    try:
        entries = parse_json(text.encode("utf-8"), LIST_NAME)
    except ValueError as error:
        raise ProtocolError("json-invalid", detail=str(error), where=LIST_NAME) from error
    if not isinstance(entries, list):
        raise ProtocolError("resolver-list-not-a-list")
    resolvers = tuple(_parse(entry) for entry in entries)
    ids = [resolver.id for resolver in resolvers]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise ProtocolError("resolver-list-duplicate-id", id=id_)
    return resolvers


def _parse(value: Any) -> Resolver:
    entry = JsonObject(value, LIST_NAME)
    unknown = sorted(set(value) - MEMBERS)
    if unknown:
        raise ProtocolError("resolver-list-unknown-member", member=unknown[0])
    return Resolver(
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


def resolvers_for(authority: CertificateAuthority, resolvers: Iterable[Resolver]) -> tuple[Resolver, ...]:
    """Those of `resolvers` that see the DNS which `authority` looks into: the practice CA has one of its own."""
    return tuple(resolver for resolver in resolvers if resolver.practice == (authority.records is not None))
