"""DNS providers and hosting panels: what their forms for a record look like, and what one must know there.

`static/data/dns_providers.json` lists them. The facts in that list are in English; `app.text` translates them. What nobody has
verified is named in `guesses`, so that the page says “usually” of it.
"""

import re
from dataclasses import dataclass, fields
from typing import Final, Literal, TypeVar, get_args

from app.encoding.entry_list import check_members, read_entries
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

NameForm = Literal["relative", "full", "either"]
"""What a form takes as the name of a record: the part before the domain, which it adds; the full name; or both."""

Apex = Literal["@", "", "full"]
"""How a form calls the domain itself: "@", nothing, or by its full name."""

MAX_MINUTES: Final = 24 * 60
MAX_PATH: Final = 10
LIST_NAME: Final = "dns_providers.json"
"""The file of the list, in static/data."""

DOMAIN: Final = "{domain}"
"""The step of a menu path that is the person's own domain."""

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DOMAIN_NAME: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SERVER_NAME: Final = re.compile(r"[a-z0-9*-]+(\.[a-z0-9-]+)+")  # a "*" in its first label stands for any part of a label
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True)
class DnsProvider:
    """One provider, or (`panel`) the software in which many hosts manage DNS.

    `id` is the value of the page's `provider` hook. `host_label` is what its form calls the field for the name, "" where it has
    none; `name_form` and `apex` are what goes in there. `quotes` is whether a person types quotes around the value. `one_set`:
    several values at one name are one record there, with one value a line, because a second record is refused. `max_values`
    is how many TXT values it holds at a time, for all names of an account together; None where that is no limit to speak of.
    `min_ttl` is the lowest TTL that its form takes, in seconds, or None. `where` is the way to the form, one step of the menu
    each; the step `DOMAIN` is the domain. `trap` is what goes wrong there, in one or two sentences, or "". `minutes` is how
    long it can take until its name servers have a new record, or None. `tool` is the id of its own program in
    `app.dns.text_forms.tools`, or "". `name_servers` are the ends of its name servers' names, where a `*` stands for any part
    of a label; `own_domains` are those domains under which it gives away names; each such name is a zone. `guesses` are the
    members above that nobody has verified.
    """

    id: str
    name: str
    panel: bool = False
    host_label: str = ""
    name_form: NameForm = "relative"
    apex: Apex = "@"
    quotes: bool = False
    one_set: bool = False
    max_values: int | None = None
    min_ttl: int | None = None
    where: tuple[str, ...] = ()
    trap: str = ""
    minutes: int | None = None
    tool: str = ""
    name_servers: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    guesses: frozenset[str] = frozenset()

    def is_sure_of(self, member: str) -> bool:
        """Whether `member` is a fact, not a guess."""
        return member not in self.guesses

    def has_name_server(self, name: str) -> bool:
        """Whether the name server `name` (lower case, no final dot) is one of its own."""
        return any(_ends_with(name.split("."), end.split(".")) for end in self.name_servers)

    def gives_away(self, name: str) -> bool:
        """Whether `name` is below one of its `own_domains`."""
        return any(name.endswith(f".{domain}") for domain in self.own_domains)


def _ends_with(labels: list[str], end: list[str]) -> bool:
    """Whether the last of `labels` are those of `end`, of which the first may contain one `*`."""
    last = labels[-len(end) :]
    before, star, after = end[0].partition("*")
    if not star or len(last) < len(end):
        return last == end
    whole = len(last[0]) >= len(before) + len(after)
    return whole and last[0].startswith(before) and last[0].endswith(after) and last[1:] == end[1:]


MEMBERS: Final = frozenset(field.name for field in fields(DnsProvider))


def parse_providers(text: str) -> tuple[DnsProvider, ...]:
    """Read `dns_providers.json`: a list of objects with the members of `DnsProvider`; `id` and `name` are required.

    People write that file by hand, so misspelt members are refused, too, also among `guesses`. Raises `ProtocolError`.
    """
    return tuple(map(_parse, read_entries(text, LIST_NAME, MEMBERS)))


def _parse(entry: JsonObject) -> DnsProvider:
    guesses = frozenset(entry.texts("guesses"))
    check_members(guesses, LIST_NAME, MEMBERS)
    return DnsProvider(
        id=_id(entry),
        name=entry.text("name"),
        panel=entry.flag("panel"),
        host_label=entry.optional_text("host_label") or "",
        name_form=_one_of(entry, "name_form", get_args(NameForm), "relative"),
        apex=_one_of(entry, "apex", get_args(Apex), "@"),
        quotes=entry.flag("quotes"),
        one_set=entry.flag("one_set"),
        max_values=_positive(entry, "max_values"),
        min_ttl=_positive(entry, "min_ttl"),
        where=entry.texts("where", MAX_PATH),
        trap=entry.optional_text("trap") or "",
        minutes=_positive(entry, "minutes", MAX_MINUTES),
        tool=entry.optional_text("tool") or "",
        name_servers=_domain_names(entry, "name_servers", _SERVER_NAME),
        own_domains=_domain_names(entry, "own_domains", _DOMAIN_NAME),
        guesses=guesses,
    )


def _id(entry: JsonObject) -> str:
    id_ = entry.text("id")
    if not _ID.fullmatch(id_):
        raise ProtocolError("dns-list-unusable-id", detail=id_[:100])
    return id_


def _one_of(entry: JsonObject, name: str, known: tuple[_Choice, ...], default: _Choice) -> _Choice:
    value = entry.optional_text(name)
    if value is None:
        return default
    for choice in known:
        if value == choice:
            return choice
    raise ProtocolError("dns-list-unknown-value", detail=value[:100], member=name)


def _positive(entry: JsonObject, name: str, most: int = 1 << 31) -> int | None:
    value = entry.number(name)
    if value is not None and not 0 < value <= most:
        raise ProtocolError("dns-list-unknown-value", detail=str(value), member=name)
    return value


def _domain_names(entry: JsonObject, name: str, form: re.Pattern[str]) -> tuple[str, ...]:
    values = entry.texts(name)
    for value in values:
        if not form.fullmatch(value) or value.count("*") > 1:
            raise ProtocolError("dns-list-unknown-value", detail=value[:100], member=name)
    return values
