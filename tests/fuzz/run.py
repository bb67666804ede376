"""Runs cases against all parsers, from a terminal (`make fuzz`) or a test.

What breaks a parser is kept in `tests/fuzz/found/`, as PARSER.SHA256.case, and is a test from then on.
"""

import argparse
import hashlib
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.parsers import PARSERS, Parser

FOUND: Final = Path(__file__).with_name("found")


@dataclass
class Tally:
    """The results for the cases of one parser: how many were read, how many refused, and what went wrong with which case.

    `slowest` is the longest case in seconds of the processor, with its size.
    """

    parser: Parser
    read: int = 0
    refused: int = 0
    faults: list[tuple[bytes, Exception]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)

    @property
    def cases(self) -> int:
        """How many there were."""
        return self.read + self.refused + len(self.faults)


def run_one(parser: Parser, data: bytes) -> Exception | None:
    """The exception that should not be, or None. Raises those that may be."""
    try:
        parser.read(data)
    except parser.allowed:
        raise
    except Exception as error:
        return error
    return None


def run(cases: int, seed: int) -> list[Tally]:
    """`cases` cases, in equal shares. The same seed gives the same cases."""
    tallies = [Tally(parser) for parser in PARSERS]
    share = -(-cases // len(tallies))
    for tally in tallies:
        random = Random(f"{seed} {tally.parser.name}")  # noqa: S311 – cases that can be had again, not secrets
        for _ in range(share):
            _play(tally, make_case(tally.parser, random))
    return tallies


def make_case(parser: Parser, random: Random) -> bytes:
    """One case for `parser`."""
    return parser.mutate(random, random.choice(parser.samples), random.choice(parser.samples))


def _play(tally: Tally, data: bytes) -> None:
    began = time.process_time()
    try:
        fault = run_one(tally.parser, data)
    except tally.parser.allowed:
        tally.refused += 1
    else:
        if fault:
            tally.faults.append((data, fault))
        else:
            tally.read += 1
    tally.slowest = max(tally.slowest, (time.process_time() - began, len(data)))


def table(tallies: list[Tally]) -> str:
    """All results, for a terminal."""
    rows = [f"{'parser':<30}{'cases':>9}{'read':>9}{'refused':>9}{'faults':>8}{'slowest':>10}"]
    rows += [
        f"{tally.parser.name:<30}{tally.cases:>9,}{tally.read:>9,}{tally.refused:>9,}{len(tally.faults):>8,}"
        f"{tally.slowest[0] * 1000:>7.0f} ms"
        for tally in tallies
    ]
    return "\n".join([*rows, f"{'all':<30}{sum(tally.cases for tally in tallies):>9,}"])


def keep(tallies: list[Tally]) -> list[Path]:
    """Keep one case of each kind of fault as a file."""
    kept = []
    for tally in tallies:
        kinds = {type(error): data for data, error in reversed(tally.faults)}
        for data in kinds.values():
            path = FOUND / f"{tally.parser.name.replace(' ', '-')}.{hashlib.sha256(data).hexdigest()[:12]}.case"
            path.write_bytes(data)
            kept.append(path)
    return kept


def main() -> int:
    """The command line. Gives 1 where a parser broke."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=200_000)
    options.add_argument("--seed", type=int, default=int(time.time()))
    chosen = options.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    tallies = run(chosen.cases, chosen.seed)
    sys.stdout.write(f"{table(tallies)}\n")
    for path in keep(tallies):
        sys.stdout.write(f"kept {path}\n")
    for tally in tallies:
        for data, error in tally.faults[:3]:
            sys.stdout.write(f"{tally.parser.name}: {error!r} from {data[:200]!r}\n")
    return int(any(tally.faults for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
