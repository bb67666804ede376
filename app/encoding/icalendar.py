"""Writes calendar files (iCalendar, RFC 5545), which every calendar program reads: one event with a reminder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

MEDIA_TYPE: Final = "text/calendar"

MAX_LINE: Final = 75
"""Octets of a line, its end not counted (§3.1)."""

MORNING: Final = timedelta(hours=9)
"""When the reminder of an event without a time comes, after the midnight at which the day begins where the person is."""

LENGTH: Final = timedelta(minutes=30)
"""How long an event with a time takes."""


@dataclass(frozen=True)
class Event:
    """An event with a reminder.

    `uid` is unique in the world: a file with the same one and a higher `sequence` takes the place of an older one (§3.8.7.4).
    `start` is when it begins; with `all_day`, the day counts, as it is in UTC, and it is that day wherever the person is.
    `written` is when the file is made. `summary` and `description` are texts, the latter of several lines; `url` leads to what
    is to be done.
    """

    uid: str
    sequence: int
    start: datetime
    all_day: bool
    written: datetime
    summary: str
    description: str
    url: str


def calendar(event: Event) -> bytes:
    """The file: UTF-8, with the line ends and the folding of §3.1."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Keystay//Keystay//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *_event(event),
        "END:VCALENDAR",
    )
    return b"".join(_folded(lines))


def _event(event: Event) -> Iterator[str]:
    """§3.6.1. It leaves the time free, so that nobody looks busy because of it."""
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_moment(event.written)}"
    yield from _time(event)
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"DESCRIPTION:{_text(event.description)}"
    yield f"URL:{_one_line(event.url)}"
    yield "TRANSP:TRANSPARENT"
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(event.summary)}")
    yield f"TRIGGER:PT{int(MORNING.total_seconds()) // 3600}H" if event.all_day else "TRIGGER:PT0S"
    yield from ("END:VALARM", "END:VEVENT")


def _time(event: Event) -> Iterator[str]:
    if event.all_day:
        day = event.start.astimezone(UTC).date()
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"  # the day after, which is not part of it (§3.6.1)
    else:
        yield f"DTSTART:{_moment(event.start)}"
        yield f"DTEND:{_moment(event.start + LENGTH)}"


def _moment(moment: datetime) -> str:
    """§3.3.5, form 2: in UTC."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """§3.3.11: what has a meaning in the format is escaped, and control characters are left out."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _one_line("\\n".join(escaped.splitlines()))


def _one_line(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _folded(lines: Iterable[str]) -> Iterator[bytes]:
    """Each line in parts of at most `MAX_LINE` octets, each further part after a space, and no character cut in two."""
    for line in lines:
        part = b""
        for character in line:
            octets = character.encode()
            if len(part) + len(octets) > MAX_LINE:
                yield part + b"\r\n"
                part = b" "
            part += octets
        yield part + b"\r\n"
