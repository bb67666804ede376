"""What each saved record must hold, whatever it is of: checks that records of accounts and of issuances share.

Each raises `ValueError` (or `ProtocolError`, for a URL).
"""

import re
from collections.abc import Iterable
from typing import Final

from app.acme.urls import check_same_origin

LAST_MOMENT: Final = 62_135_596_800  # seconds: as far from 1970 as the year 1, and well before the year 9999
MAX_WORD: Final = 200  # characters of a CA's id
MAX_CLOCK_ERROR: Final = 86_400  # seconds that another computer's clock may be ahead of ours


def need(condition: object, fault: str) -> None:
    """Refuse the record unless `condition` holds; `fault` says what is wrong with it."""
    if not condition:
        raise ValueError(fault)


def check_url(url: str, directory: str) -> None:
    """Refuse a URL that is not of the CA with this `directory`; "" is none."""
    if url:
        check_same_origin(url, directory)


def check_account_id(id_: str, directory: str) -> None:
    """The directory, for more than one account with a number behind it."""
    number = id_.removeprefix(directory)
    need(id_.startswith(directory) and re.fullmatch(r"( [0-9]{1,6})?", number), "Its account has an id that is none.")


def is_word(text: str) -> bool:
    """Whether `text` can be seen whole, which control and format characters (such as those for a direction) cannot."""
    return 0 < len(text) <= MAX_WORD and text.isprintable()


def check_past(moments: Iterable[float], now: float) -> None:
    """Refuse a time that is later than `now`, as far as two clocks may differ."""
    need(all(0 <= moment <= now + MAX_CLOCK_ERROR for moment in moments), "It has a time that is still to come.")
