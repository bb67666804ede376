"""Checks that saved records of accounts and of issuances share.

Each raises `RecordFaultError`, or `AddressError` for a URL.
"""

import re
from collections.abc import Iterable
from typing import Final

from app.acme.urls import check_same_origin
from app.errors import RecordFaultError

LAST_MOMENT: Final = 62_135_596_800  # seconds: as long after 1970 as the year 1 is before it; before the year 9999
MAX_WORD: Final = 200  # characters of a CA's id
MAX_CLOCK_ERROR: Final = 86_400  # seconds that another computer's clock may be ahead of ours


def require(condition: object, code: str) -> None:
    """Raise `RecordFaultError` with this `code` unless `condition` holds."""
    if not condition:
        raise RecordFaultError(code)


def check_url(url: str, directory: str) -> None:
    """Refuse a URL that does not belong to the CA with this `directory`; "" is no URL."""
    if url:
        check_same_origin(url, directory)


def check_account_id(id_: str, directory: str) -> None:
    """Refuse an id that is not the directory, with a number behind it for all but the first account."""
    require(is_account_id(id_, directory), "record-account-id")


def is_account_id(id_: str, directory: str) -> bool:
    """Whether `id_` may be that of an account at the CA with this `directory`."""
    return id_.startswith(directory) and bool(re.fullmatch(r"( [0-9]{1,6})?", id_.removeprefix(directory)))


def is_word(text: str) -> bool:
    """Whether all of `text` is visible: control and format characters (such as those for a direction) are not."""
    return 0 < len(text) <= MAX_WORD and text.isprintable()


def check_past(moments: Iterable[float], now: float) -> None:
    """Refuse a time that is later than `now`, as far as two clocks may differ."""
    require(all(0 <= moment <= now + MAX_CLOCK_ERROR for moment in moments), "record-time-in-the-future")
