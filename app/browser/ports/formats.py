"""`Formats` by the browser's Intl (ECMA-402)."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal

import js
from pyodide.ffi import to_js

from app.ports import scaled_size

_LISTS: Final = {"and": "conjunction", "or": "disjunction"}


class IntlFormats:
    """Writes values as the locale `locale` (BCP 47) does; where the browser does not know it, as the browser's own."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def number(self, value: float) -> str:
        """See `Formats.number`."""
        return self._said("NumberFormat", value)

    def date(self, moment: datetime) -> str:
        """See `Formats.date`."""
        return self._moment(moment, dateStyle="long", timeZone="UTC")

    def time(self, moment: datetime, *, seconds: bool = False) -> str:
        """See `Formats.time`."""
        if seconds:
            return self._moment(moment, timeStyle="long", timeZone="UTC")
        return self._moment(moment, hour="numeric", minute="2-digit", timeZone="UTC", timeZoneName="short")

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """See `Formats.clock`."""
        return self._moment(moment, timeStyle="medium" if seconds else "short")

    def size(self, count: int) -> str:
        """See `Formats.size`."""
        value, unit = scaled_size(count)
        display = "long" if unit == "byte" else "short"  # the short form of “712 bytes” is “712 byte”
        return self._said("NumberFormat", value, style="unit", unit=unit, unitDisplay=display)

    def listed(self, items: Iterable[str], kind: Literal["and", "or"]) -> str:
        """See `Formats.listed`."""
        return self._said("ListFormat", to_js(list(items)), type=_LISTS[kind])

    def _moment(self, moment: datetime, **options: str) -> str:
        return self._said("DateTimeFormat", moment.timestamp() * 1000, **options)

    def _said(self, kind: str, value: Any, **options: str) -> str:
        return str(_format(self._locale, kind, **options).format(value))


@cache
def _format(locale: str, kind: str, **options: str) -> Any:
    """The format of this `kind` of Intl, made when it is first used: a browser may take five milliseconds for one."""
    return getattr(js.Intl, kind).new(locale, to_js(options, dict_converter=js.Object.fromEntries))
