"""The crash matrix in Chromium: every request of an issuance of two names meets every mishap once, on the real page.

A kill crashes the renderer; what IndexedDB holds then is all that the next page has. The page and the relay have different
origins, so that CORS counts. Cells run beside each other in a few threads with a browser each, and the requests that hang wait
for the page's own patience all at the same time.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser import settings
from tests.browser.mishaps import Line
from tests.browser.person import Person, assert_good
from tests.browser.secrets import assert_not_sent
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tests.crashes import COLUMNS, HANGING, KILLS, check_table, judge
from tools.practice import PracticeCA

BROWSERS = 3  # at a time; the one whose requests hang does little
PATIENCE = 120_000  # milliseconds: the page gives a request up after 60 s
RESOURCES = "Failed to load resource"  # Chromium's own word for what these tests provoke
CORS = "CORS policy"

Cells = dict[tuple[str, str], str]


@dataclass
class Visitor:
    """A fresh browser profile: its line to the CA, what its pages do, and the person at the page that is open."""

    line: Line
    watch: Watch
    person: Person
    new_page: Callable[[], Person]


@dataclass
class Laboratory:
    """Where the cells are tried: the page, its CA, a folder for downloads."""

    url: str
    practice: PracticeCA
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    @contextmanager
    def visitor(self, chromium: Browser) -> Iterator[Visitor]:
        """A visitor at the page, which begins to load; at the end all is checked that no page may do."""
        watch = Watch()
        watch.expect(RESOURCES)
        watch.expect(CORS)
        with chromium.new_context(accept_downloads=True) as context:
            context.set_default_timeout(settings.TIMEOUT)
            watch.attach(context)

            def new_page() -> Person:
                person = Person(context.new_page())
                person.page.goto(self.url, wait_until="commit")
                return person

            visitor = Visitor(Line(context), watch, new_page(), new_page)
            yield visitor
            visitor.line.close()
            watch.check()

    def names(self) -> tuple[str, str]:
        """Two names that nobody has ordered yet."""
        number = next(self.numbers)
        return f"a.n{number}.example", f"b.n{number}.example"

    def finish(self, visitor: Visitor, names: tuple[str, str]) -> None:
        """Take the files away, and look at them."""
        files = visitor.person.take_files(self.folder)
        assert_good(files, set(names), self.practice.root_pem())
        assert_not_sent(files.key, visitor.watch.traffic)


def verdict(visitor: Visitor, row: str, column: str, clicks: int) -> str:
    """The cell's word. The account may be that of the cell before, in the same profile."""
    assert visitor.line.struck, "the request did not come"
    made = visitor.line.made
    return judge(row, column, clicks=clicks, accounts=len(made["newAccount"]), orders=len(made["newOrder"]))


def walk(person: Person, names: tuple[str, str]) -> int:
    """From the form to the certificate, pressing only what the page offers; how often a button had to be pressed again."""
    person.fill_in(*names)
    clicks = person.insist("start", "prove")
    person.publish()
    return clicks + person.insist("verify", "certificate")


def try_nothing(lab: Laboratory, chromium: Browser) -> list[str]:
    """An undisturbed issuance: the names of its requests."""
    with lab.visitor(chromium) as visitor:
        visitor.person.wait_ready()
        names = lab.names()
        assert walk(visitor.person, names) == 0
        lab.finish(visitor, names)
        return visitor.line.trail.rows()


def try_kill(lab: Laboratory, visitor: Visitor, row: str, column: str) -> str:
    """Let the page die at this request, open another one in the same browser, and go on there."""
    names = lab.names()
    visitor.person.wait_ready()
    visitor.line.aim(row, column)
    with pytest.raises((Error, AssertionError), match="crashed"):
        walk(visitor.person, names)
    visitor.person.page.close()
    visitor.person = visitor.new_page()
    visitor.person.wait_ready()
    visitor.person.open_saved()
    if visitor.person.step == "prove":
        visitor.person.publish()
        visitor.person.verify()
    lab.finish(visitor, names)
    return verdict(visitor, row, column, clicks=0)


def try_kills(lab: Laboratory, chromium: Browser, column: str, rows: list[str]) -> Cells:
    """Each in a profile of its own."""
    cells: Cells = {}
    for row in rows:
        with lab.visitor(chromium) as visitor:
            cells[row, column] = told(try_kill, lab, visitor, row, column)
    return cells


def try_fault(lab: Laboratory, visitor: Visitor, row: str, column: str) -> str:
    """One fault; the page is at the form before, and again after."""
    names = lab.names()
    visitor.line.aim(row, column)
    clicks = walk(visitor.person, names)
    lab.finish(visitor, names)
    visitor.person.start_another()
    return verdict(visitor, row, column, clicks)


def try_faults(lab: Laboratory, chromium: Browser, column: str, rows: list[str]) -> Cells:
    """All on one page. The account comes first: afterwards there is one."""
    cells: Cells = {}
    with lab.visitor(chromium) as visitor:
        visitor.person.wait_ready()
        for row in sorted(rows, key=lambda row: row != "newAccount"):
            cells[row, column] = told(try_fault, lab, visitor, row, column)
    return cells


def press_until_struck(visitor: Visitor, names: tuple[str, str]) -> str:
    """Walk until the request hangs; the button that was pressed last."""
    person, button = visitor.person, "start"
    person.wait_ready()
    person.fill_in(*names)
    person.hook(button).click()
    while not visitor.line.struck:
        if button == "start" and person.needs_publishing.is_visible():
            person.publish()
            button = "verify"
            person.hook(button).click()
        person.page.wait_for_timeout(20)  # lets Playwright hand over the next request
    return button


def recover(lab: Laboratory, visitor: Visitor, names: tuple[str, str], row: str, button: str) -> str:
    """The way on from a request that hangs, by the `button` that was pressed last."""
    person = visitor.person
    clicks = 0
    if button == "start":
        clicks = person.insist("start", "prove", PATIENCE, pressed=True)
        person.publish()
    clicks += person.insist("verify", "certificate", PATIENCE, pressed=button == "verify")
    lab.finish(visitor, names)
    return verdict(visitor, row, HANGING, clicks)


def try_hanging(lab: Laboratory, chromium: Browser, rows: list[str]) -> Cells:
    """Each in a profile of its own, all at the same time: the page waits for a minute."""
    cells: Cells = {}
    with ExitStack() as stack:
        hung = []
        for row in rows:
            visitor, names = stack.enter_context(lab.visitor(chromium)), lab.names()
            visitor.line.aim(row, HANGING)
            hung.append((visitor, names, row))
        buttons = [press_until_struck(visitor, names) for visitor, names, _ in hung]
        for (visitor, names, row), button in zip(hung, buttons, strict=True):
            cells[row, HANGING] = told(recover, lab, visitor, names, row, button)
    return cells


def told(attempt: Callable[..., str], *arguments: object) -> str:
    """What a cell comes to; the table tells of those that fail, too."""
    try:
        return attempt(*arguments)
    except (AssertionError, Error) as error:
        return f"FAILED: {' '.join(str(error).split())[:300]}"


def in_a_browser(work: Callable[[Browser], Cells]) -> Cells:
    """Do `work` with a Chromium of its own, in this thread."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        return work(chromium)


@pytest.mark.timeout(900)  # nearly a hundred issuances; three minutes where nothing else runs
def test_every_request_may_meet_every_mishap(
    browser: Browser, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], tmp_path: Path
) -> None:
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    url = page_with(practice).replace("localhost", "127.0.0.1")  # the relay stays at localhost
    lab = Laboratory(url, practice, tmp_path)
    rows = try_nothing(lab, browser)
    jobs: list[Callable[[Browser], Cells]] = [partial(try_hanging, lab, rows=rows)]
    for column in COLUMNS:
        if column in KILLS:
            jobs += [partial(try_kills, lab, column=column, rows=part) for part in (rows[::2], rows[1::2])]
        elif column != HANGING:
            jobs.append(partial(try_faults, lab, column=column, rows=rows))
    with ThreadPoolExecutor(BROWSERS) as pool:
        cells = [cell for part in pool.map(in_a_browser, jobs) for cell in part.items()]
    check_table("chromium", rows, dict(cells))
