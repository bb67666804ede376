"""Runs axe-core in the page: finds barriers for people with disabilities, as far as a program can.

It runs by the browser's debugger, so under the page's own policy.
"""

from typing import Any, Final

from playwright.sync_api import Page, ViewportSize

from tools.paths import CACHE

SOURCE: Final = CACHE / "npm" / "node_modules" / "axe-core" / "axe.min.js"
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
NARROW: Final[ViewportSize] = {"width": 320, "height": 640}
"""CSS pixels to which WCAG 2.1 (1.4.10, Reflow) holds a page: nothing may need scrolling in two directions."""

RUN: Final = """(rules) => axe.run(document, { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) })"""
OVERFLOW: Final = """() => [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter((element) => !element.closest(".unseen, .copybox, pre"))
    .map((element) => `wider than the window: ${element.outerHTML.slice(0, 120)}`).slice(0, 5)"""


NARROW_RULES: Final = ("target-size", "scrollable-region-focusable")
"""The rules whose answer depends on the width above all."""


def findings(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page as it stands, by `rules` or by all: a line for each element."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(SOURCE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(RUN, list(rules) or None)
    return [_line(violation["id"], node) for violation in found["violations"] for node in violation["nodes"]]


def _line(rule: str, node: dict[str, Any]) -> str:
    return f"{rule}: {node['target']} {node['failureSummary']} {node['html'][:200]}"


def scrolls_sideways(page: Page) -> list[str]:
    """What makes the page wider than its window."""
    if page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        return []
    return list(page.evaluate(OVERFLOW)) or ["the page scrolls sideways"]


def assert_accessible(page: Page, state: str, *, thorough: bool = False) -> None:
    """No finding in this `state`: wide and light, then at 320 px by the rules of the width, where nothing scrolls sideways.

    Where it is `thorough`, by all rules at 320 px, and in the dark by those of the colours. What both schemes have in common is
    checked in each run: tests/unit/test_colours.py.
    """
    page.set_viewport_size(WIDE)
    found = findings(page)
    if thorough:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {line}" for line in findings(page, "color-contrast", "link-in-text-block")]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += [f"320 px: {line}" for line in [*findings(page, *(() if thorough else NARROW_RULES)), *scrolls_sideways(page)]]
    page.set_viewport_size(WIDE)
    assert not found, f"{state}:\n" + "\n".join(found)
