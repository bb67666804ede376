"""Reads back the records of dns-persist-01 (draft-ietf-acme-dns-persist): do they say what the order wants, and until when?"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PersistRecord:
    """What a record at `_validation-persist` says: who may issue (`issuer`, lower case), for which account, whether also for
    wildcards and names below, and until when (Unix seconds), or None for ever.
    """

    issuer: str
    account: str
    wildcard: bool = False
    until: int | None = None


def read_persist(value: str) -> PersistRecord | None:
    """Read the value of such a record; None where it is none. Never raises: anybody may publish anything there."""
    raise NotImplementedError


def persist_match(wanted: str, found: Iterable[str], now: float) -> tuple[bool, int | None]:
    """Whether one of the values `found` says at least what the value `wanted` does, and until when it does (Unix seconds).

    Order of parameters, blanks and unknown parameters do not matter, as for the CA. One whose `persistUntil` is over at `now`
    does not count.
    """
    raise NotImplementedError
