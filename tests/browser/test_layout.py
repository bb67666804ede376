"""Nothing on the page moves while Python starts (Cumulative Layout Shift)."""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from app.issuance.record import issuance_to_json
from tests.browser.conftest import ContextFactory, Site
from tests.unit.records import record

WATCH: Final = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
    const name = ({ node }) => node?.id || node?.nodeName;
    shifts.push(...list.getEntries().map(({ value, sources }) => ({ value, moved: sources.map(name) })));
}).observe({ type: "layout-shift", buffered: true });
"""

VIEWPORTS: Final = {"desktop": (1280, 900), "phone": (390, 844)}


PUT: Final = """(records) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onsuccess = () => {
        const transaction = opening.result.transaction("records", "readwrite");
        for (const record of records) transaction.objectStore("records").put(record, `issuance ${JSON.parse(record).id}`);
        transaction.oncomplete = () => { opening.result.close(); resolve(); };
        transaction.onabort = () => reject(transaction.error);
    };
})"""

LAST_SIZES: Final = (
    *("", "nonsense", "null", "5", "[1, 2]", "[" * 10_000, '{"width": 1280}', '{"width": 1280, "height": "9"}'),
    *('{"width": 1280, "height": -1}', '{"width": 1280, "height": 1e9}', '{"width": 1280, "height": 0.5}'),
    *('{"width": 1280, "height": "1px;--x:1"}', '{"width": 390, "height": 300}'),
)
"""What another page of the address could have stored, and the size in a window of another width."""


def shifts_until_ready(page: Page) -> list[Any]:
    """What has moved until the page is ready, its list of orders stands, and the browser has had its turn."""
    expect(page.locator("html[data-app=ready]:not([data-list])")).to_be_visible()
    shifts: list[Any] = page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shifts))))")
    return shifts


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        *(("desktop", (10, 30)), ("phone", (1,))),
        *(pytest.param(name, counts, marks=pytest.mark.nightly) for name, counts in (("desktop", (1,)), ("phone", (10, 30)))),
    ],
)
def test_nothing_moves_while_python_starts(new_context: ContextFactory, site: Site, name: str, counts: tuple[int, ...]) -> None:
    """In a new browser, and at the second visit with so many orders. Thirty are listed when the page is ready already."""
    width, height = VIEWPORTS[name]
    page = new_context(viewport={"width": width, "height": height}).new_page()
    page.add_init_script(WATCH)
    page.goto(site.url)
    assert_still(shifts_until_ready(page))
    assert page.evaluate("localStorage.length") == 0
    for count in counts:
        records = [record(f"{n}.example", id=str(n), created=1000.0 + n, state="failed") for n in range(count)]
        page.evaluate(PUT, [json.dumps(issuance_to_json(one)) for one in records])
        page.evaluate("localStorage.clear()")
        for _ in range(2):
            page.reload()
            shifts = shifts_until_ready(page)
            expect(page.locator("[data-standing=failed]")).to_have_count(count)
            page.wait_for_function("localStorage.length === 1")
        assert_still(shifts)


def assert_still(shifts: list[Any]) -> None:
    assert sum(shift["value"] for shift in shifts) <= 0.01, shifts


def test_a_strangers_size_of_the_list_is_not_taken(new_context: ContextFactory, site: Site) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(site.url, wait_until="domcontentloaded")
    for stored, taken in (*((text, False) for text in LAST_SIZES), ('{"width": 1280, "height": 300}', True)):
        page.evaluate("(stored) => localStorage.setItem('keystay-list', stored)", stored)
        page.reload(wait_until="domcontentloaded")
        room = page.locator("#saved").evaluate("(list) => list.offsetHeight")
        assert room == (301 if taken else 0), stored  # with a line below
