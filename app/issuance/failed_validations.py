"""How many more failed validations a CA allows. It counts them by name and account, over the last hour.

The count is made from the orders saved in this browser; what failed elsewhere with the same account is not included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.issuance.issuance import Issuance

HOUR: Final = 3600.0  # seconds


@dataclass(frozen=True)
class RemainingTries:
    """How many tries are `left` for `name`; there is one more at `again` (Unix seconds)."""

    name: str
    left: int
    again: float


def remaining_tries(failed: Issuance, saved: Sequence[Issuance], allowed: int, now: float) -> tuple[RemainingTries, ...]:
    """The budget of each name that failed in `failed`, in the order of its proofs; `allowed` is the CA's limit for an hour.

    `saved` are all orders of this browser, `failed` among them; `now` is in Unix seconds.
    """
    found: list[RemainingTries] = []
    for name in _failures(failed):
        moments = [
            other.since
            for other in saved
            if other.account_url == failed.account_url and other.since > now - HOUR
            for failure in _failures(other)
            if failure == name
        ]
        found.append(RemainingTries(name, max(0, allowed - len(moments)), min(moments, default=now) + HOUR))
    return tuple(dict.fromkeys(found))


def _failures(issuance: Issuance) -> list[str]:
    """The names whose proof failed, once for each proof; a wildcard counts for its base name."""
    if issuance.state != "failed":
        return []
    return [proof.identifier.base for proof in issuance.proofs if proof.problem]
