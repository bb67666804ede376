"""Who was asked: the parties of the picture, and their places in it. Another kind of party is one more in `party_of`."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from urllib.parse import urlsplit

from app.network.request_log import Entry
from app.text import request_log_diagram as text
from app.text.untrusted import one_line
from app.ui.request_log.index import RequestIndex

BORDER: Final = 28.0
"""Where the dashed line is, in percent of the width. The browser is left of it."""
HOME: Final = BORDER / 2
"""The line of the browser."""
MAX_LANES: Final = 4
"""Parties that have a line of their own. More would stand in each other's way on a phone."""
MAX_LINES: Final = 4  # of the name of a party
MAX_LINE: Final = 8  # characters of one of them, but for a single long word
_MAX_WORD: Final = 12
_MIN_WIDTH: Final = 5  # characters, so that the lines of two parties with short names are not too close


@dataclass(frozen=True)
class Party:
    """One party. `id` is the same for all requests to it."""

    id: str
    name: str


@dataclass(frozen=True)
class Lane:
    """The line of a party: its name in short lines, and its place in percent of the width."""

    lines: tuple[str, ...]
    x: float


def party_of(entry: Entry, index: RequestIndex) -> Party:
    """Who got `entry` in the end, whoever passed it on."""
    if index.resolver(entry):
        return Party("resolvers", text.resolvers())
    service = index.service(entry)
    if service:
        return Party(f"service {service.id}", one_line(service.name))
    authority = index.authority(entry)
    if authority:
        return Party(f"ca {authority.id}", one_line(authority.name))
    if index.kind(entry) == "records":
        return Party("records", text.record_server())
    return Party("site", text.site()) if index.is_own_file(entry) else Party("elsewhere", text.elsewhere())


def relay_of(entry: Entry, index: RequestIndex) -> str:
    """The host of the relay that passed `entry` on, or ""."""
    return urlsplit(entry.request.url).netloc if index.ca_url(entry) != entry.request.url else ""


def relay_party() -> Party:
    """All relays together: each only passes on what somebody else gets."""
    return Party("relay", text.relay())


def browser_lane() -> Lane:
    """The line of this browser itself."""
    return Lane(name_lines(text.this_browser()), HOME)


def lanes_of(used: Iterable[Party]) -> tuple[dict[str, int], tuple[Lane, ...]]:
    """The lines for the parties `used`, in the order in which they were; and the number of the line of each, by `Party.id`.

    Those that were used last have lines of their own; the rest, if there are too many, share one.
    """
    names, recent = dict[str, str](), dict[str, None]()
    for party in used:
        names.setdefault(party.id, party.name)
        recent.pop(party.id, None)
        recent[party.id] = None
    shared = set(list(recent)[: 1 - MAX_LANES]) if len(recent) > MAX_LANES else set()
    alone = [id_ for id_ in names if id_ not in shared]
    places = {id_: n for n, id_ in enumerate(alone)} | dict.fromkeys(shared, len(alone))
    shown = [names[id_] for id_ in alone] + ([text.others()] if shared else [])
    return places, _placed([name_lines(name) for name in shown])


def name_lines(name: str) -> tuple[str, ...]:
    """`name` in lines of a few letters."""
    lines = [""]
    for word in name.split():
        short = word if len(word) <= _MAX_WORD else f"{word[: _MAX_WORD - 1]}…"
        joined = f"{lines[-1]} {short}".strip()
        if len(joined) <= MAX_LINE or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(short)
    return (*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1]}…") if len(lines) > MAX_LINES else tuple(lines)


def _placed(names: list[tuple[str, ...]]) -> tuple[Lane, ...]:
    """Each gets as much room as its longest line needs."""
    widths = [max(_MIN_WIDTH, *map(len, lines)) for lines in names]
    ends = list(accumulate(widths, initial=0))
    scale = (100 - BORDER) / (ends[-1] or 1)
    return tuple(
        Lane(lines, BORDER + (start + end) / 2 * scale) for lines, start, end in zip(names, ends, ends[1:], strict=False)
    )
