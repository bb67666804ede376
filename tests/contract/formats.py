"""What both writers of values must do: in English, in German, and in a language with other digits and another plural."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from app.ports import Formats, Ports
from tests.contract.suite import Check, Place, group

CHECKS: dict[str, Check] = {}

_check = group(CHECKS)

MORNING: Final = datetime(2027, 2, 9, 9, 5, 59, tzinfo=UTC)
EVENING: Final = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
NAMES: Final = ("a.example", "b.example", "c.example")


def _formats(place: Place, locale: str) -> Formats:
    assert place.formats is not None
    return place.formats(locale)


def _plain(text: str) -> str:
    """`text` with plain spaces and without marks of direction: which of them stand there differs by version of the CLDR."""
    return " ".join(text.split()).replace("\u200f", "").replace("\u200e", "")


@_check
async def dates_and_times_are_in_utc_and_of_the_locale(_: Ports, place: Place) -> None:
    """Times name their zone."""
    for locale, expected in {
        "en-GB": ["9 February 2027", "09:05 UTC", "31 December 2027", "23:59 UTC"],
        "de": ["9. Februar 2027", "09:05 UTC", "31. Dezember 2027", "23:59 UTC"],
        "ar-EG": ["٩ فبراير ٢٠٢٧", "٩:٠٥ ص UTC", "٣١ ديسمبر ٢٠٢٧", "١١:٥٩ م UTC"],
    }.items():
        formats = _formats(place, locale)
        written = [write(moment) for moment in (MORNING, EVENING) for write in (formats.date, formats.time)]
        assert [_plain(text) for text in written] == expected


@_check
async def times_can_be_exact_to_the_second(_: Ports, place: Place) -> None:
    """In UTC, and on the clock of this computer, whose zone may be any."""
    for locale, expected in {"en-GB": "09:05:59 UTC", "de": "09:05:59 UTC", "ar-EG": "٩:٠٥:٥٩ ص UTC"}.items():
        formats = _formats(place, locale)
        assert _plain(formats.time(MORNING, seconds=True)) == expected
    assert re.fullmatch(r"\d\d:\d5:59", _formats(place, "en-GB").clock(MORNING))


@_check
async def numbers_are_of_the_locale(_: Ports, place: Place) -> None:
    """With their separators and digits; no more than three decimals."""
    for locale, expected in {
        "en-GB": ["0", "7", "1,234,567", "0.5", "1.235"],
        "de": ["0", "7", "1.234.567", "0,5", "1,235"],
        "ar-EG": ["٠", "٧", "١٬٢٣٤٬٥٦٧", "٠٫٥", "١٫٢٣٥"],
    }.items():
        formats = _formats(place, locale)
        assert [formats.number(value) for value in (0, 7, 1234567, 0.5, 1.23456)] == expected


@_check
async def sizes_are_in_a_unit_that_people_would_take(_: Ports, place: Place) -> None:
    """At most three digits; the words of the units are those of the locale."""
    sizes = (0, 1, 712, 999, 1000, 1_449, 123_456, 999_499, 999_500, 9_800_000_000, 5 * 10**15)
    for locale, expected in {
        "en-GB": "0 bytes, 1 byte, 712 bytes, 999 bytes, 1 kB, 1.4 kB, 123 kB, 999 kB, 1 MB, 9.8 GB, 5,000 TB",
        "de": "0 Byte, 1 Byte, 712 Byte, 999 Byte, 1 kB, 1,4 kB, 123 kB, 999 kB, 1 MB, 9,8 GB, 5.000 TB",
    }.items():
        formats = _formats(place, locale)
        assert ", ".join(_plain(formats.size(size)) for size in sizes) == expected
    assert _plain(_formats(place, "ar-EG").size(9_800_000_000)) == "٩٫٨ غ.ب"


@_check
async def lists_end_in_and_or_or(_: Ports, place: Place) -> None:
    """One item stands alone."""
    kinds: Sequence[Literal["and", "or"]] = ("and", "or")
    for locale, expected in {
        "en-GB": ["a.example, b.example and c.example", "a.example, b.example or c.example"],
        "de": ["a.example, b.example und c.example", "a.example, b.example oder c.example"],
        "ar-EG": ["a.example وb.example وc.example", "a.example أو b.example أو c.example"],
    }.items():
        formats = _formats(place, locale)
        assert [_plain(formats.listed(NAMES, kind)) for kind in kinds] == expected
        assert [formats.listed(NAMES[:1], kind) for kind in kinds] == ["a.example"] * 2
