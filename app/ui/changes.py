"""What has changed in a list, so that only that is rendered again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True)
class Change:
    """From position `start` on (from 0), `removed` entries of the old list gave way to `added` entries of the new one."""

    start: int
    removed: int
    added: int


def change_between(before: Sequence[object], after: Sequence[object]) -> Change:
    """What lies between the entries that both lists begin with and those that both end with."""
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    return Change(start, len(before) - start - end, len(after) - start - end)


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many entries the two begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1] or pair[0] == pair[1], zip(one, other, strict=False)))
