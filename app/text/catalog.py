"""The language that everything is said in: whatever a person reads passes `_` or `ngettext`.

The English source text is the key of each message, as gettext has it. Placeholders are named, and say how a value is written::

    _("Valid until {end:date}.", end=certificate.not_after)
    ngettext("{n} order is open.", "{n} orders are open.", count)
    _("{names:list} and a file of {length:size}", names=names, length=len(body))

This is the one way to write a value for a person, so that no module has a format of its own:

`{x}`           a text as it stands, or a number by the locale: “1,234”; a port is no quantity, so it is passed as text
`{x:date}`      the day of a `datetime` or of Unix seconds, in UTC: “19 February 2027”
`{x:time}`      its time of day: “14:05 UTC”
`{x:datetime}`  both: “19 February 2027, 14:05 UTC”
`{x:exact}`     the same with seconds: “19 February 2027, 14:05:09 UTC”
`{x:clock}`     the time of day on the clock of this computer, in its own zone: “15:05:09”
`{x:minute}`    the same without seconds: “15:05”
`{x:size}`      bytes: “712 bytes”, “9.8 GB”
`{x:list}`      texts with commas: “a, b, c”
`{x:and}`       texts with “and” before the last one; `{x:or}` with “or”
`{x:message}`   a text that is a message itself, such as the name of a kind that is marked by `N_` elsewhere

What comes from outside is made safe before it becomes a value (`app.text.untrusted`). A comment above a message that starts
with “Translators:” goes into the catalogue with it (`make messages`).

A program without a locale, such as the build, need not call `use_language`: it says everything in English, by `PlainFormats`.
"""

import gettext as gettext_module
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal, Protocol

from app.ports import Formats, scaled_size

MAX_KEPT: Final = 500
"""Messages of which it is remembered where their placeholders are: a list says the same for each of a hundred names."""


class Translations(Protocol):
    """A catalogue of messages, such as `gettext.GNUTranslations`."""

    def gettext(self, message: str) -> str:
        """The translation of `message`, or `message` itself."""
        ...

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The translation of the form that `n` takes."""
        ...


class PlainFormats:
    """`Formats` without any data of a locale: days as in ISO 8601, and English words."""

    def number(self, value: float) -> str:
        """See `Formats.number`."""
        return f"{value:,.3f}".rstrip("0").rstrip(".")

    def date(self, moment: datetime) -> str:
        """See `Formats.date`."""
        return moment.date().isoformat()

    def time(self, moment: datetime, *, seconds: bool = False) -> str:
        """See `Formats.time`."""
        return f"{moment:%H:%M:%S} UTC" if seconds else f"{moment:%H:%M} UTC"

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """See `Formats.clock`."""
        return f"{moment.astimezone():%H:%M:%S}" if seconds else f"{moment.astimezone():%H:%M}"

    def size(self, count: int) -> str:
        """See `Formats.size`."""
        value, unit = scaled_size(count)
        return f"{self.number(value)} {unit}{'' if value == 1 else 's'}"

    def listed(self, items: Iterable[str], kind: Literal["and", "or"]) -> str:
        """See `Formats.listed`."""
        *before, last = items
        return f"{', '.join(before)} {kind} {last}" if before else last


@dataclass
class _Language:
    translations: Translations
    formats: Formats


_language = _Language(gettext_module.NullTranslations(), PlainFormats())


def use_language(formats: Formats, translations: Translations | None = None) -> None:
    """From now on, say everything by `translations` (the English source where there is none), with values in `formats`."""
    _language.translations = translations or gettext_module.NullTranslations()
    _language.formats = formats


def N_(message: str) -> str:  # noqa: N802 – gettext's own name for this
    """Mark `message` for the catalogue; `_` translates it where it is said."""
    return message


# Translators: a moment: “19 February 2027, 14:05 UTC”
DATE_AND_TIME: Final = N_("{moment:date}, {time}")
# Translators: what stands between the items of a list without “and” or “or”
SEPARATOR: Final = N_(", ")


def _(message: str, /, **values: Any) -> str:
    """`message` in the language of the page, with its placeholders filled."""
    return _fill(translated(message), values)


def translated(message: str) -> str:
    """`message` in the language of the page as it stands: for texts from data, which have no placeholders. "" stays empty."""
    return _language.translations.gettext(message) if message else ""  # gettext keeps its header under ""


def ngettext(singular: str, plural: str, n: int, /, **values: Any) -> str:
    """The form of a message that `n` takes, in the language of the page; `{n}` stands for the number."""
    return _fill(_language.translations.ngettext(singular, plural, n), {"n": n, **values})


FORMATS: Final[Mapping[str, Callable[[Formats, Any], str]]] = {
    "": lambda formats, value: formats.number(value),
    "date": lambda formats, value: formats.date(_moment(value)),
    "time": lambda formats, value: formats.time(_moment(value)),
    "datetime": lambda formats, value: _(DATE_AND_TIME, moment=value, time=formats.time(_moment(value))),
    "exact": lambda formats, value: _(DATE_AND_TIME, moment=value, time=formats.time(_moment(value), seconds=True)),
    "clock": lambda formats, value: formats.clock(_moment(value)),
    "minute": lambda formats, value: formats.clock(_moment(value), seconds=False),
    "size": lambda formats, value: formats.size(value),
    "list": lambda _formats, value: translated(SEPARATOR).join(value),
    "and": lambda formats, value: formats.listed(value, "and"),
    "or": lambda formats, value: formats.listed(value, "or"),
    "message": lambda _formats, value: _(value),
}
"""What may stand after the colon of a placeholder."""


def _fill(template: str, values: Mapping[str, Any]) -> str:
    return "".join(text if name is None else text + _said(values[name], kind) for text, name, kind in _parts(template))


@lru_cache(maxsize=MAX_KEPT)
def _parts(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Pieces of text, each with the placeholder that follows it, if any, and how that is said."""
    return tuple((text, name, kind or "") for text, name, kind, _ in string.Formatter().parse(template))


def _said(value: Any, kind: str) -> str:
    return value if isinstance(value, str) and not kind else FORMATS[kind](_language.formats, value)


def _moment(value: datetime | float) -> datetime:
    """`value` in UTC; a number counts Unix seconds."""
    return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
