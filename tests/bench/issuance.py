"""How long a certificate takes, and how many requests, beside another ACME client in the same browser."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.bench.browsers import Profile, Requests, Visit
from tests.bench.run import Run
from tests.bench.table import PEER, Row, medians, ratios, ratios_to_peer
from tests.browser.person import Person

NUMBERS: Final = (2, 20, 100)
GOALS: Final = {2: "≤ 2.5", 20: "≤ 2.0", 100: "≤ 1.5"}
WAYS: Final = ("direct", "relay", "slow")
ORDERS_BEFORE: Final = 4
"""Orders of each column before those that are measured, each until the browser has kept what it compiled: after two of them an
order still takes longer or shorter than the next. A person stays on the page for longer than an order takes."""

_ORDERS: Final = itertools.count(1)

ISSUE: Final = "([directory, names]) => issue(directory, names)"


@dataclass(frozen=True)
class Took:
    """Milliseconds until all challenges are known, and from the wish to verify to the certificate; and requests."""

    challenges: float
    certificate: float
    requests: int

    @property
    def total(self) -> float:
        """Milliseconds without what lies between the two: the publishing of records."""
        return self.challenges + self.certificate


def issuance(run: Run) -> Iterable[Row]:
    """An order from an empty browser, of 2, 20 and 100 names, at a CA that validates at once and at one that takes a second."""
    cases = [(column, way, n) for n in NUMBERS for way in WAYS for column in run.columns if way in run.bench.sites[column]]
    for column, way, n in run.rounds(cases, lambda: _settle_anew(run)):
        took = take(run, column, way, n)
        for part in ("challenges", "certificate", "total", "requests"):
            run.samples.add(f"{way} {n} {part}", column, getattr(took, part))
    return [row for n in NUMBERS for row in _rows(run, n)]


def _settle_anew(run: Run) -> None:
    """Go on with browsers that kept what they compiled in `ORDERS_BEFORE` orders.

    Of the same page, one profile keeps quicker code than the next. So each pair is measured in new ones.
    """
    columns = [column for column in run.columns if WAYS[0] in run.bench.sites[column]]
    for column in columns:
        run.profiles[column].renew()
    for column in columns * ORDERS_BEFORE:
        take(run, column, WAYS[0], NUMBERS[0], settle=True)


def _rows(run: Run, n: int) -> Iterable[Row]:
    samples, columns = run.samples, run.columns
    yield medians(samples, f"{n} names, direct, to the challenges", f"direct {n} challenges", columns, "ms")
    yield medians(samples, "… verify to certificate", f"direct {n} certificate", columns, "ms")
    yield medians(samples, "… both", f"direct {n} total", columns, "ms")
    yield ratios_to_peer(samples, "… ÷ peer", f"direct {n} total", columns, GOALS[n])
    yield medians(samples, "… requests", f"direct {n} requests", columns, "")
    yield medians(samples, f"{n} names, through the relay, both", f"relay {n} total", run.bench.pages, "ms")
    yield ratios(samples, "… ÷ direct", f"relay {n} total", f"direct {n} total", run.bench.pages, "≤ 1.3")
    yield medians(samples, f"{n} names, 1 s of validation, both", f"slow {n} total", columns, "ms")
    yield ratios_to_peer(samples, "… ÷ peer", f"slow {n} total", columns, "≤ 1.0")
    yield medians(samples, "… requests", f"slow {n} requests", columns, "")


def take(run: Run, column: str, way: str, n: int, *, settle: bool = False) -> Took:
    """Issue a certificate for `n` names that nobody had before, by a browser that has stored nothing.

    `settle` stays on the page until the browser has kept for the next visit what it compiled in this one.
    """
    url, profile = run.bench.sites[column][way], run.profiles[column]
    directory = run.bench.directories[column]["slow" if way == "slow" else "fast"]
    order = next(_ORDERS)
    names = [f"n{i}.order{order}.example" for i in range(n)]
    if column == PEER:
        return _by_peer(profile, url, directory, names)
    profile.empty(url)
    with profile.visit(url) as visit:
        requests = Requests(visit.page, directory)
        took = by_page(visit, names, requests)
        if requests.relayed != (requests.count if way == "relay" else 0):
            raise RuntimeError(f"{requests.relayed} of {requests.count} requests went by the relay, at {url}")
        if settle:
            visit.settle()
        return took


def _by_peer(profile: Profile, url: str, directory: str, names: list[str]) -> Took:
    with profile.visit(url) as visit:
        visit.time("ready")
        requests = Requests(visit.page, directory)
        took = visit.page.evaluate(ISSUE, [directory, names])
        return Took(took["challenges"], took["certificate"], requests.count)


def by_page(visit: Visit, names: list[str], requests: Requests) -> Took:
    """Issue a certificate in a page that is loading, by its hooks, as a person does; times are taken in the page."""
    visit.time("ready")
    person = Person(visit.page)
    person.fill_in(*names)
    challenges = _from_click(visit, person, "start", "prove")
    if person.hook("record").count() != len(names):
        raise RuntimeError("the page does not show a record for each name")
    person.publish()
    certificate = _from_click(visit, person, "verify", "certificate")
    return Took(challenges, certificate, requests.count)


def _from_click(visit: Visit, person: Person, button: str, step: str) -> float:
    visit.forget()
    person.hook(button).click()
    reached = visit.time(step)
    return reached - visit.time(f"click {button}")
