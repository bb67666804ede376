"""Reads back the records of dns-persist-01 (draft-ietf-acme-dns-persist): whether they say what the order wants, until when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.dns.checks.issue_value import read_issue_value

_SECONDS: Final = re.compile(r"-?[0-9]{1,14}")


@dataclass(frozen=True)
class PersistRecord:
    """What a record at `_validation-persist` says.

    `issuer` may issue (a domain name in lower case), for the `account`, with `wildcard` also for wildcards and names below;
    `until` is when that ends (Unix seconds), or None for ever.
    """

    issuer: str
    account: str
    wildcard: bool = False
    until: int | None = None


def read_persist(value: str) -> PersistRecord | None:
    """Read the value of such a record; None where it is none. Never raises: anybody may publish anything there."""
    read = read_issue_value(value)
    if read is None or not read.issuer or any(len(values) > 1 for values in read.parameters.values()):
        return None
    (account,) = read.parameters.get("accounturi", ("",))
    (policy,) = read.parameters.get("policy", ("",))
    (until,) = read.parameters.get("persistuntil", (None,))
    if not account or (until is not None and not _SECONDS.fullmatch(until)):
        return None
    # Any other policy counts as none.
    return PersistRecord(read.issuer, account, policy.lower() == "wildcard", None if until is None else int(until))


def persist_match(wanted: str, found: Iterable[str], now: float) -> tuple[bool, int | None]:
    """Whether one of the values `found` says at least what the value `wanted` does, and until when it does (Unix seconds).

    Order of parameters, blanks and unknown parameters do not matter, as for the CA. One whose `persistUntil` is over at `now`
    does not count; one that ends earlier than `wanted` does, because the CA takes it now. Of several, the one that ends last is
    told; None is for ever, or where there is none.
    """
    want = read_persist(wanted)
    matches = [record for record in map(read_persist, found) if want and record and _covers(record, want, now)]
    ends = [record.until for record in matches]
    known = [end for end in ends if end is not None]
    return bool(matches), max(known) if known and len(known) == len(ends) else None


def _covers(record: PersistRecord, want: PersistRecord, now: float) -> bool:
    return (
        record.issuer == want.issuer
        and record.account == want.account
        and (record.wildcard or not want.wildcard)
        and (record.until is None or record.until >= now)
    )
