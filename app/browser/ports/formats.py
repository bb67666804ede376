"""`Formats` by the browser's Intl."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

import js
from pyodide.ffi import to_js

_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")
_LISTS: Final = {"list": ("unit", "short"), "and": ("conjunction", "long"), "or": ("disjunction", "long")}


class IntlFormats:
    """Writes values as the locale `locale` (BCP 47) does."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def number(self, value: float) -> str:
        """See `Formats.number`."""
        return str(js.Intl.NumberFormat.new(self._locale).format(value))

    def date(self, moment: datetime) -> str:
        """See `Formats.date`."""
        options = _options(dateStyle="long", timeZone="UTC")
        return str(js.Intl.DateTimeFormat.new(self._locale, options).format(moment.timestamp() * 1000))

    def time(self, moment: datetime) -> str:
        """See `Formats.time`."""
        return f"{moment:%H:%M} UTC"

    def date_time(self, moment: datetime) -> str:
        """See `Formats.date_time`."""
        return f"{self.date(moment)}, {self.time(moment)}"

    def size(self, count: int) -> str:
        """See `Formats.size`."""
        value, step = float(count), 0
        while value >= 999.5 and step < len(_UNITS) - 1:
            value, step = value / 1000, step + 1
        digits = 0 if not step or value >= 99.5 else 1
        return f"{self.number(round(value, digits))} {_UNITS[step]}"

    def listed(self, items: Iterable[str], kind: Literal["list", "and", "or"]) -> str:
        """See `Formats.listed`."""
        type_, style = _LISTS[kind]
        return str(js.Intl.ListFormat.new(self._locale, _options(type=type_, style=style)).format(to_js(list(items))))


def _options(**options: str) -> Any:
    return to_js(options, dict_converter=js.Object.fromEntries)
