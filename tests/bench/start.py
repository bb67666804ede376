"""How long a start takes, warm and cold, how many bytes arrive, and when the form takes input."""

from collections.abc import Iterable
from typing import Final

from tests.bench.browsers import Downloads, Profile
from tests.bench.run import Run
from tests.bench.saved import NUMBERS, with_orders
from tests.bench.sites import NOW
from tests.bench.table import PEER, Row, Samples, medians, ratios, ratios_to_peer

TYPED: Final = "typed.example"
MEGABYTE: Final = 1_000_000
VISITS_BEFORE: Final = 2
"""Visits of each page before it is measured, each until the browser has kept what it compiled: the third one counts."""


def warm(run: Run) -> Iterable[Row]:
    """The start from the third visit on, beside PyScript as it comes."""
    for column, url in _pages(run) * VISITS_BEFORE:
        _visit(run.profiles[column], url)
    for column, url in run.rounds(_pages(run)):
        run.samples.add("warm", column, _visit(run.profiles[column], url))
    return _compared(run.samples, run.columns, "ready, warm", "warm", "≤ 0.50")


def cold(run: Run) -> Iterable[Row]:
    """The first start, over 20 Mbit/s with 40 ms, beside PyScript as it comes."""
    for column, url in run.rounds(_pages(run)):
        with run.profiles[column].visit(url, cold=True, slow=True) as visit:
            run.samples.add("cold", column, visit.time("ready"))
    return _compared(run.samples, run.columns, "ready, cold, 20 Mbit/s, 40 ms", "cold", "≤ 0.55")


def size(run: Run) -> Iterable[Row]:
    """What the first start downloads; one visit each, for it is always the same."""
    for column, url in _pages(run):
        with run.profiles[column].visit(url, cold=True) as visit:
            downloads = Downloads(visit)
            visit.time("ready")
            run.samples.add("bytes", column, downloads.bytes / MEGABYTE)
    return [medians(run.samples, "bytes to ready, brotli", "bytes", run.columns, "MB", "≤ 4.3 MB")]


def form(run: Run) -> Iterable[Row]:
    """When the form shows what is typed, at the first visit, beside the same page without scripts."""
    bare = [("bare", run.profiles[NOW], run.bench.sites[NOW]["bare"])]
    pages = [(column, run.profiles[column], run.bench.sites[column]["direct"]) for column in run.bench.pages]
    for column, profile, url in run.rounds(bare + pages):
        run.samples.add("form", PEER if column == "bare" else column, _first_input(profile, url, is_page=column != "bare"))
    return _compared(run.samples, run.columns, "form takes input, cold", "form", "≤ 1.2", peer="the page without scripts")


def _first_input(profile: Profile, url: str, *, is_page: bool) -> float:
    """Milliseconds until the first field shows what is typed. The page must keep that while it starts."""
    with profile.visit(url, cold=True, slow=True, script=f"visit.typeAsSoonAsPossible({TYPED!r})") as visit:
        typed = visit.time("typed")
        if is_page:
            visit.time("ready")
        kept = visit.page.get_by_test_id("domains").input_value()
        if kept != TYPED:
            raise RuntimeError(f"{url} did not keep what was typed, but {kept!r}")
    return typed


def saved(run: Run) -> Iterable[Row]:
    """The start with one saved order and with 500, each an order with its certificate."""
    cases = [(column, number) for column in run.bench.pages for number in NUMBERS]
    for column, number in run.rounds(cases):
        with_orders(run, column, "direct", number)
        with run.profiles[column].visit(run.bench.sites[column]["direct"]) as visit:
            run.samples.add(f"saved {number}", column, visit.page.evaluate("visit.listed()"))
    rows = [medians(run.samples, f"ready, warm, {n} saved orders", f"saved {n}", run.bench.pages, "ms") for n in NUMBERS]
    return [*rows, ratios(run.samples, "… 500 ÷ 1", "saved 500", "saved 1", run.bench.pages, "≤ 1.2")]


def _pages(run: Run) -> list[tuple[str, str]]:
    """What is started: each column, with its address."""
    return [(column, addresses["stock" if column == PEER else "relay"]) for column, addresses in run.bench.sites.items()]


def _visit(profile: Profile, url: str) -> float:
    with profile.visit(url) as visit:
        ready = visit.time("ready")
        visit.settle()
    return ready


def _compared(
    samples: Samples, columns: Iterable[str], label: str, figure: str, goal: str, peer: str = "stock PyScript"
) -> list[Row]:
    columns = list(columns)
    times = medians(samples, f"{label} (peer: {peer})", figure, columns, "ms")
    return [times, ratios_to_peer(samples, "… ÷ peer", figure, columns, goal)]
