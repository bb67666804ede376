"""Dates as HTTP writes them (RFC 9110 §5.6.7).

`email.utils` of the standard library reads them too, and brings a hundred kilobytes to every start for it.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME: Final = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMS: Final = (
    # Sun, 06 Nov 1994 08:49:37 GMT, and Sunday, 06-Nov-94 08:49:37 GMT; some servers write +0000 for GMT
    r"(?:[A-Za-z]+, *)?(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3})[ -](?P<year>\d{4}|\d\d) "
    + _TIME
    + r" (?P<zone>GMT|UTC|(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d))",
    r"[A-Za-z]{3} (?P<month>[A-Za-z]{3}) +(?P<day>\d{1,2}) " + _TIME + r" (?P<year>\d{4})",  # Sun Nov  6 08:49:37 1994
)
_CENTURY_TURNS: Final = 69  # a year of two digits from here on is one of the last century


def parse_http_date(text: str) -> float:
    """Return the moment (Unix seconds) that an HTTP date names. Raises `ValueError` where it is none."""
    for form in _FORMS:
        if found := re.fullmatch(form, text, re.ASCII):
            return _moment(found.groupdict())
    raise ValueError(text)


def _moment(parts: dict[str, str | None]) -> float:
    day, year, hour, minute, second = (int(parts[name] or "") for name in ("day", "year", "hour", "minute", "second"))
    if len(parts["year"] or "") == 2:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    month = _MONTHS.index((parts["month"] or "").title()) + 1
    zone: timezone = UTC
    if parts.get("sign"):
        offset = timedelta(hours=int(parts["hours"] or ""), minutes=int(parts["minutes"] or ""))
        zone = timezone(-offset if parts["sign"] == "-" else offset)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).timestamp()
