"""How many failed proofs a CA still forgives. It counts by name and account, over an hour that moves along.

The count comes from the orders that this browser keeps; what failed elsewhere with the same account is not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.issuance.issuance import Issuance

HOUR: Final = 3600.0  # seconds


@dataclass(frozen=True)
class Budget:
    """What is `left` of the tries for `name`; one more comes back at `again` (Unix seconds)."""

    name: str
    left: int
    again: float


def budgets(failed: Issuance, saved: Sequence[Issuance], allowed: int, now: float) -> tuple[Budget, ...]:
    """The budget of each name that failed in `failed`, in their order; `allowed` is the CA's number for an hour.

    `saved` are all orders of this browser, `failed` among them; `now` is in Unix seconds.
    """
    found: list[Budget] = []
    for name in _failures(failed):
        moments = [
            other.since
            for other in saved
            if other.account_url == failed.account_url and other.since > now - HOUR
            for failure in _failures(other)
            if failure == name
        ]
        found.append(Budget(name, max(0, allowed - len(moments)), min(moments, default=now) + HOUR))
    return tuple(dict.fromkeys(found))


def _failures(issuance: Issuance) -> list[str]:
    """The names whose proof failed, once for each proof; a wildcard counts for the name below it."""
    if issuance.state != "failed":
        return []
    return [proof.identifier.base for proof in issuance.proofs if proof.problem]
