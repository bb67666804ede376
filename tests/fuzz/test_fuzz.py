"""No case breaks a parser, none costs more memory than its size explains, and what once broke one does so no more."""

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fuzz.parsers import PARSERS, Parser
from tests.fuzz.run import FOUND, run, run_one, table

CASES = 5200
SEED = 1

LARGE = 1 << 18  # bytes, nightly; in every run a part of that, because tracemalloc is slow
MAX_FOR_A_BYTE = 40  # an empty object takes two bytes of JSON, and 64 of memory
MAX_ALWAYS = 4 << 20  # bytes of memory for imports and tables at first use


def test_spoilt_samples_are_read_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    tallies = run(CASES, SEED)
    with capsys.disabled():
        print(f"\n{table(tallies)}")  # noqa: T201 – the numbers are what one wants to see
    assert {tally.parser.name: tally.faults[:1] for tally in tallies if tally.faults} == {}
    assert sum(tally.cases for tally in tallies) >= 5000
    assert sum(tally.refused for tally in tallies) > CASES / 2, "the cases are too tame"
    assert sum(tally.read for tally in tallies) > CASES / 10, "the cases are too wild"


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_good_samples_are_read(parser: Parser) -> None:
    for sample in parser.samples:
        with suppress(*parser.allowed):
            assert run_one(parser, sample) is None


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.case")), ids=lambda path: path.name)
def test_what_once_broke_a_parser_does_so_no_more(path: Path) -> None:
    parser = next(parser for parser in PARSERS if path.name.startswith(f"{parser.name.replace(' ', '-')}."))
    with suppress(*parser.allowed):
        assert run_one(parser, path.read_bytes()) is None


def large(parser: Parser, size: int) -> list[bytes]:
    """Large inputs that look good for as long as possible."""
    sample = parser.samples[0]
    repeated = (sample + b"\n") * (size // (len(sample) + 1) or 1)
    inside = sample[:1] + b'"x":"' + b"y" * size + b'",' + sample[1:]
    objects = sample[:1] + b'"x":[' + b",".join([b"{}"] * (size // 3)) + b"]," + sample[1:]
    return [repeated, inside, objects, sample + b" " * size, b"<" * size, b"\\" * size]


@pytest.mark.parametrize("size", [LARGE // 2, pytest.param(LARGE, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_large_input_costs_memory_by_its_size(parser: Parser, size: int) -> None:
    for data in large(parser, size):
        tracemalloc.start()
        try:
            with suppress(*parser.allowed):
                assert run_one(parser, data) is None
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak <= MAX_ALWAYS + MAX_FOR_A_BYTE * len(data)
