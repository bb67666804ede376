"""`Formats` by the browser's Intl (ECMA-402)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

import js
from pyodide.ffi import to_js

from app.ports import scaled_size

_LISTS: Final = {"and": "conjunction", "or": "disjunction"}


class IntlFormats:
    """Writes values as the locale `locale` (BCP 47) does; where the browser does not know it, as the browser's own."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._number = js.Intl.NumberFormat.new(locale)
        self._date = self._dates(dateStyle="long", timeZone="UTC")
        self._time = self._dates(hour="numeric", minute="2-digit", timeZone="UTC", timeZoneName="short")
        self._exact_time = self._dates(timeStyle="long", timeZone="UTC")
        self._clock = self._dates(timeStyle="medium")
        self._minute = self._dates(timeStyle="short")
        self._lists = {kind: js.Intl.ListFormat.new(locale, _options(type=type_)) for kind, type_ in _LISTS.items()}

    def number(self, value: float) -> str:
        """See `Formats.number`."""
        return str(self._number.format(value))

    def date(self, moment: datetime) -> str:
        """See `Formats.date`."""
        return str(self._date.format(moment.timestamp() * 1000))

    def time(self, moment: datetime, *, seconds: bool = False) -> str:
        """See `Formats.time`."""
        return str((self._exact_time if seconds else self._time).format(moment.timestamp() * 1000))

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """See `Formats.clock`."""
        return str((self._clock if seconds else self._minute).format(moment.timestamp() * 1000))

    def size(self, count: int) -> str:
        """See `Formats.size`."""
        value, unit = scaled_size(count)
        display = "long" if unit == "byte" else "short"  # the short form of “712 bytes” is “712 byte”
        options = _options(style="unit", unit=unit, unitDisplay=display)
        return str(js.Intl.NumberFormat.new(self._locale, options).format(value))

    def listed(self, items: Iterable[str], kind: Literal["and", "or"]) -> str:
        """See `Formats.listed`."""
        return str(self._lists[kind].format(to_js(list(items))))

    def _dates(self, **options: str) -> Any:
        return js.Intl.DateTimeFormat.new(self._locale, _options(**options))


def _options(**options: str) -> Any:
    return to_js(options, dict_converter=js.Object.fromEntries)
