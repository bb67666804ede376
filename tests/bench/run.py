"""One run of the bench: what is served, the browsers, and what was measured up to now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.bench.browsers import Profile
from tests.bench.progress import say
from tests.bench.sites import Bench
from tests.bench.table import Samples

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """What each group of rows gets. `pairs` is how often everything is measured."""

    bench: Bench
    profiles: dict[str, Profile]
    pairs: int
    samples: Samples = field(default_factory=Samples)

    @property
    def columns(self) -> list[str]:
        """The columns of the table."""
        return self.bench.columns

    def rounds(self, cases: Sequence[T], prepare: Callable[[], None] = lambda: None) -> Iterator[T]:
        """Each of `cases` as often as there are pairs, one round after the other; each round begins with another one.

        `prepare` is called before each round.
        """
        for number in range(self.pairs):
            say(f"  round {number + 1} of {self.pairs}")
            prepare()
            first = number % len(cases)
            yield from [*cases[first:], *cases[:first]]
