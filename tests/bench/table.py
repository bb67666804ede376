"""Samples of a run, their medians, and the table that is printed.

Everything that is compared is measured in pairs, one right after the other. A ratio is the median of the ratios of these
pairs, not the ratio of two medians: what slows the machine down for a while slows both sides of a pair.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

PEER: Final = "peer"
NOT_RUN: Final = "not run"

Values = Sequence[float]


class Samples:
    """What was measured: for each figure and each column of the table, the values in the order of the rounds."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], list[float]] = defaultdict(list)

    def add(self, figure: str, column: str, value: float) -> None:
        """Keep one value, the next of its figure in this column."""
        self._values[figure, column].append(value)

    def of(self, figure: str, column: str) -> Values:
        """The values of a figure in a column; none where it was not measured."""
        return self._values.get((figure, column), [])


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, a cell for each column, and the goal if there is one."""

    label: str
    cells: Mapping[str, str] = field(default_factory=dict)
    goal: str = ""


def middle(values: Values, unit: str = "") -> str:
    """The median with its unit, or that this was not run."""
    return f"{_rounded(median(values))} {unit}".strip() if values else NOT_RUN


def ratio(values: Values, others: Values) -> str:
    """The median of the ratios of the pairs, or that there are none."""
    pairs = list(zip(values, others, strict=False))  # a run that was stopped has a pair that is half done
    return f"{median(value / other for value, other in pairs):.2f}" if pairs else NOT_RUN


def medians(samples: Samples, label: str, figure: str, columns: Iterable[str], unit: str, goal: str = "") -> Row:
    """A row with the median of `figure` in each of `columns`."""
    return Row(label, {column: middle(samples.of(figure, column), unit) for column in columns}, goal)


def ratios_to_peer(samples: Samples, label: str, figure: str, columns: Iterable[str], goal: str = "") -> Row:
    """A row that tells for each of `columns` how many times the peer's value its own is."""
    peer = samples.of(figure, PEER)
    return Row(label, {column: ratio(samples.of(figure, column), peer) for column in columns if column != PEER}, goal)


def ratios(samples: Samples, label: str, figure: str, to: str, columns: Iterable[str], goal: str = "") -> Row:
    """A row that tells for each of `columns` how many times its value of the figure `to` its value of `figure` is."""
    return Row(label, {column: ratio(samples.of(figure, column), samples.of(to, column)) for column in columns}, goal)


def table(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """The rows as a table in Markdown, with a column for each of `columns` and one for the goal."""
    lines = [["figure", *columns, "goal"]]
    lines += [[row.label, *(row.cells.get(column, "") for column in columns), row.goal] for row in rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (lines[0], rule, *lines[1:])
    )


def _rounded(value: float) -> str:
    """Three digits that count, and no more than there is to know: 1234, 123, 12.3, 1.23."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}"
