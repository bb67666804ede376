"""The crash matrix in Chromium: every request of an issuance of two names meets every mishap once, on the real page.

That takes minutes, so it runs nightly; `make test` tries each kind of mishap with one request, and the whole matrix on CPython
(tests/integration/test_crashes.py).

A kill crashes the renderer; what IndexedDB holds then is all that the next page has. The page and the relay have different
origins, so that CORS counts. Cells run beside each other in a few threads with a browser each, and the requests that hang wait
for the page's own patience all at the same time.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from tests.browser import settings
from tests.browser.mishaps import Line
from tests.browser.person import Person, assert_good
from tests.browser.secrets import assert_not_sent
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tests.crashes import (
    COLUMNS,
    CUT_SHORT,
    HANGING,
    KILLED_BEFORE,
    KILLS,
    check_table,
    committed_cell,
    judge,
)
from tests.nightly import nightly_after
from tools.practice import PracticeCA

BROWSERS = 3  # at a time; the one whose requests hang does little
PATIENCE = 120_000  # milliseconds: the page gives a request up after 60 s
RESOURCES = "Failed to load resource"  # Chromium's own word for what these tests provoke
CORS = "CORS policy"

QUICK = {KILLED_BEFORE: "finalize", CUT_SHORT: "certificate", HANGING: "newOrder"}
"""A request for each kind of mishap, where the way on is another one than for the next."""

LITTLE_PATIENCE = """
const { timeout } = AbortSignal;
AbortSignal.timeout = (milliseconds) => timeout.call(AbortSignal, milliseconds / 10);
"""
"""A minute becomes six seconds."""

Cells = dict[tuple[str, str], str]


@dataclass
class Tab:
    """A page of a visitor: the person at it, and its line to the CA."""

    person: Person
    line: Line


@dataclass
class Visitor:
    """A browser profile: what its pages do, and all tabs that were ever opened in it."""

    context: BrowserContext
    watch: Watch
    url: str
    tabs: list[Tab] = field(default_factory=list)

    def open(self) -> Tab:
        """Open the page in a new tab, and wait until Python is up."""
        page = self.context.new_page()
        tab = Tab(Person(page), Line(page))
        self.tabs.append(tab)
        tab.person.open(self.url)
        return tab

    def verdict(self, row: str, column: str, clicks: int, *tabs: Tab) -> str:
        """The word for a cell that went on in `tabs`, the first of which met the mishap. A profile has one account."""
        assert tabs[0].line.struck, "the request did not come"
        accounts = set().union(*(tab.line.made["newAccount"] for tab in self.tabs))
        orders = set().union(*(tab.line.made["newOrder"] for tab in tabs))
        return judge(row, column, clicks=clicks, accounts=len(accounts), orders=len(orders))


@dataclass
class Laboratory:
    """Where the cells are tried: the page, its CA, a folder for downloads."""

    url: str
    practice: PracticeCA
    folder: Path
    script: str = ""  # runs in each page before its own
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    @contextmanager
    def visitor(self, chromium: Browser) -> Iterator[Visitor]:
        """A fresh profile; at the end all is checked that no page may do."""
        watch = Watch()
        watch.expect(RESOURCES)
        watch.expect(CORS)
        with chromium.new_context(accept_downloads=True) as context:
            context.set_default_timeout(settings.TIMEOUT)
            context.add_init_script(self.script)
            watch.attach(context)
            visitor = Visitor(context, watch, self.url)
            yield visitor
            for tab in visitor.tabs:
                tab.line.close()
            watch.check()

    def names(self) -> tuple[str, str]:
        """Two names that nobody has ordered yet."""
        number = next(self.numbers)
        return f"a.n{number}.example", f"b.n{number}.example"

    def finish(self, visitor: Visitor, person: Person, names: tuple[str, str]) -> None:
        """Take the files away, and look at them."""
        files = person.take_files(self.folder)
        assert_good(files, set(names), self.practice.root_pem())
        assert_not_sent(files.key, visitor.watch.traffic)


def walk(person: Person, names: tuple[str, str]) -> int:
    """From the form to the certificate, pressing only what the page offers; how often a button had to be pressed again."""
    person.fill_in(*names)
    clicks = person.insist("start", "prove")
    person.publish()
    return clicks + person.insist("verify", "certificate")


def account_first(rows: list[str]) -> list[str]:
    """Those rows in an order in which newAccount meets a CA that has no account yet; the cells after it use the same one."""
    return sorted(rows, key=lambda row: row != "newAccount")


def try_nothing(lab: Laboratory, chromium: Browser) -> list[str]:
    """An undisturbed issuance: the names of its requests."""
    with lab.visitor(chromium) as visitor:
        tab, names = visitor.open(), lab.names()
        assert walk(tab.person, names) == 0
        lab.finish(visitor, tab.person, names)
        return tab.line.trail.rows()


def try_kill(lab: Laboratory, visitor: Visitor, row: str, column: str) -> str:
    """Let the last tab die at this request, open another one in the same browser, and go on there."""
    dying, names = visitor.tabs[-1], lab.names()
    dying.line.aim(row, column)
    with pytest.raises((Error, AssertionError), match="crashed"):
        walk(dying.person, names)
    dying.person.page.close()
    tab = visitor.open()
    tab.person.open_saved()
    if tab.person.step == "prove":
        tab.person.publish()
        tab.person.verify()
    lab.finish(visitor, tab.person, names)
    tab.person.start_another()
    return visitor.verdict(row, column, 0, dying, tab)


def try_fault(lab: Laboratory, visitor: Visitor, row: str, column: str) -> str:
    """One fault; the page is at the form before, and again after."""
    tab, names = visitor.tabs[-1], lab.names()
    tab.line.aim(row, column)
    clicks = walk(tab.person, names)
    lab.finish(visitor, tab.person, names)
    tab.person.start_another()
    return visitor.verdict(row, column, clicks, tab)


def try_column(lab: Laboratory, chromium: Browser, column: str, rows: list[str]) -> Cells:
    """One cell after the other in one profile."""
    attempt = try_kill if column in KILLS else try_fault
    cells: Cells = {}
    with lab.visitor(chromium) as visitor:
        visitor.open()
        for row in account_first(rows):
            cells[row, column] = told(attempt, lab, visitor, row, column)
    return cells


def press_until_struck(tab: Tab, names: tuple[str, str]) -> str:
    """Walk until the request hangs; the button that was pressed last."""
    person, button = tab.person, "start"
    person.fill_in(*names)
    person.hook(button).click()
    while not tab.line.struck:
        if button == "start" and person.needs_publishing.is_visible():
            person.publish()
            button = "verify"
            person.hook(button).click()
        person.page.wait_for_timeout(20)  # lets Playwright hand over the next request
    return button


def recover(lab: Laboratory, visitor: Visitor, tab: Tab, names: tuple[str, str], row: str, button: str) -> str:
    """The way on from a request that hangs, by the `button` that was pressed last."""
    person, clicks = tab.person, 0
    if button == "start":
        clicks = person.insist("start", "prove", PATIENCE, pressed=True)
        person.publish()
    clicks += person.insist("verify", "certificate", PATIENCE, pressed=button == "verify")
    lab.finish(visitor, person, names)
    return visitor.verdict(row, HANGING, clicks, tab)


def try_hanging(lab: Laboratory, chromium: Browser, rows: list[str]) -> Cells:
    """Each in a tab of its own, all at the same time: the page waits for a minute."""
    cells: Cells = {}
    with lab.visitor(chromium) as visitor:
        hung = []
        for row in account_first(rows):
            tab, names = visitor.open(), lab.names()
            tab.line.aim(row, HANGING)
            hung.append((tab, names, row, press_until_struck(tab, names)))
        for tab, names, row, button in hung:
            cells[row, HANGING] = told(recover, lab, visitor, tab, names, row, button)
    return cells


def told(attempt: Callable[..., str], *arguments: object) -> str:
    """What a cell comes to; the table tells of those that fail, too."""
    try:
        return attempt(*arguments)
    except (AssertionError, Error) as error:
        return f"FAILED: {' '.join(str(error).split())}"


def in_a_browser(work: Callable[[Browser], Cells]) -> Cells:
    """Do `work` with a Chromium of its own, in this thread."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        return work(chromium)


@pytest.fixture
def lab(practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], tmp_path: Path) -> Laboratory:
    """The page at another origin than the relay, and a CA that asks for every proof and takes every nonce."""
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    url = page_with(practice).replace("localhost", "127.0.0.1")  # the relay stays at localhost
    return Laboratory(url, practice, tmp_path)


@pytest.mark.parametrize(("column", "attempt"), nightly_after(1, [(KILLED_BEFORE, try_kill), (CUT_SHORT, try_fault)]))
def test_mishap_may_meet_a_request(column: str, attempt: Callable[..., str], browser: Browser, lab: Laboratory) -> None:
    with lab.visitor(browser) as visitor:
        visitor.open()
        row = QUICK[column]
        assert attempt(lab, visitor, row, column) == committed_cell(row, column)


@pytest.mark.nightly
def test_request_that_hangs_is_given_up_and_the_order_goes_on(browser: Browser, lab: Laboratory) -> None:
    lab.script = LITTLE_PATIENCE
    row = QUICK[HANGING]
    assert try_hanging(lab, browser, [row]) == {(row, HANGING): committed_cell(row, HANGING)}


@pytest.mark.nightly
@pytest.mark.timeout(1800)  # nearly a hundred issuances, on a machine that may have other work
def test_every_request_may_meet_every_mishap(browser: Browser, lab: Laboratory) -> None:
    rows = try_nothing(lab, browser)
    jobs = [partial(try_hanging, lab, rows=rows)]  # the longest first
    jobs += [partial(try_column, lab, column=column, rows=rows) for column in COLUMNS if column != HANGING]
    with ThreadPoolExecutor(BROWSERS) as pool:
        cells = [cell for part in pool.map(in_a_browser, jobs) for cell in part.items()]
    check_table("chromium", rows, dict(cells))
