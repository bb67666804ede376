"""Nothing on the page moves while Python starts (Cumulative Layout Shift)."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ContextFactory, Site

WATCH: Final = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
    const name = ({ node }) => node?.id || node?.nodeName;
    shifts.push(...list.getEntries().map(({ value, sources }) => ({ value, moved: sources.map(name) })));
}).observe({ type: "layout-shift", buffered: true });
"""

VIEWPORTS: Final = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.mark.parametrize("name", VIEWPORTS)
def test_nothing_moves_while_python_starts(new_context: ContextFactory, site: Site, name: str) -> None:
    width, height = VIEWPORTS[name]
    page = new_context(viewport={"width": width, "height": height}).new_page()
    page.add_init_script(WATCH)
    page.goto(site.url)
    expect(page.locator("html[data-app=ready]")).to_be_visible()
    shifts = page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shifts))))")
    assert sum(shift["value"] for shift in shifts) <= 0.01, shifts
