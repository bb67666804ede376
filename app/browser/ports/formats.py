"""`Formats` by the browser's Intl (ECMA-402)."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import js
from pyodide.ffi import to_js

from app.ports import scaled_size


class IntlFormats:
    """Writes values as the locale `locale` (BCP 47) does; where the browser does not know it, as the browser's own.

    Each kind of format is made when it is first used: a browser may take five milliseconds for one.
    """

    def __init__(self, locale: str) -> None:
        self._locale = locale

    @cached_property
    def _number(self) -> Any:
        return js.Intl.NumberFormat.new(self._locale)

    @cached_property
    def _date(self) -> Any:
        return self._dates(dateStyle="long", timeZone="UTC")

    @cached_property
    def _time(self) -> Any:
        return self._dates(hour="numeric", minute="2-digit", timeZone="UTC", timeZoneName="short")

    @cached_property
    def _exact_time(self) -> Any:
        return self._dates(timeStyle="long", timeZone="UTC")

    @cached_property
    def _clock(self) -> Any:
        return self._dates(timeStyle="medium")

    @cached_property
    def _minute(self) -> Any:
        return self._dates(timeStyle="short")

    @cached_property
    def _and(self) -> Any:
        return js.Intl.ListFormat.new(self._locale, _options(type="conjunction"))

    @cached_property
    def _or(self) -> Any:
        return js.Intl.ListFormat.new(self._locale, _options(type="disjunction"))

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
        return str((self._and if kind == "and" else self._or).format(to_js(list(items))))

    def _dates(self, **options: str) -> Any:
        return js.Intl.DateTimeFormat.new(self._locale, _options(**options))


def _options(**options: str) -> Any:
    return to_js(options, dict_converter=js.Object.fromEntries)
