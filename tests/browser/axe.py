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

ZOOMED: Final[ViewportSize] = {"width": 640, "height": 450}
"""What is left of `WIDE` at 200 % (WCAG 2.1, 1.4.4, Resize text)."""

RUN: Final = """(rules) => axe.run(document, { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) })"""
OVERFLOW: Final = """() => [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter((element) => !element.closest(".unseen, .copybox, pre"))
    .map((element) => `wider than the window: ${element.outerHTML.slice(0, 120)}`).slice(0, 5)"""
CUT_OFF: Final = """() => [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && getComputedStyle(element).clipPath === "none") // else for screen readers
    .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const clips = (overflow) => overflow === "hidden" || overflow === "clip";
        return (clips(overflowX) && element.scrollWidth > element.clientWidth + 1)
            || (clips(overflowY) && element.scrollHeight > element.clientHeight + 1);
    })
    .map((element) => `cut off: ${element.outerHTML.slice(0, 120)}`).slice(0, 5)"""
UNFRAMED: Final = """() => [...document.querySelectorAll("button, input:not([type=file]), select, textarea, progress")]
    .filter((element) => element.checkVisibility() && !getComputedStyle(element).textDecorationLine.includes("underline"))
    .filter((element) => [element, element.parentElement].every((framed) => {
        const { borderLeftStyle, borderLeftWidth } = getComputedStyle(framed);
        return borderLeftStyle === "none" || borderLeftWidth === "0px";
    }))
    .map((element) => `no frame: ${element.outerHTML.slice(0, 120)}`).slice(0, 5)"""
"""Where a person has chosen the colours there are no backgrounds: what can be used is known by a frame, or underlined."""

NARROW_RULES: Final = ("target-size", "scrollable-region-focusable")
"""The rules whose answer depends on the width above all."""
COLOUR_RULES: Final = ("color-contrast", "link-in-text-block")


def findings(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page as it stands, by `rules` or by all: a line for each element."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(SOURCE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(RUN, list(rules) or None)
    return [_line(violation["id"], node) for violation in found["violations"] for node in violation["nodes"]]


def _line(rule: str, node: dict[str, Any]) -> str:
    return f"{rule}: {node['target']} {node['failureSummary']} {node['html'][:200]}"


def scrolls_sideways(page: Page) -> list[str]:
    """What makes the page wider than its window, and what it cuts off instead."""
    cut_off = list(page.evaluate(CUT_OFF))
    if page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        return cut_off
    return [*(page.evaluate(OVERFLOW) or ["the page scrolls sideways"]), *cut_off]


def assert_accessible(page: Page, state: str, *, thorough: bool = False) -> None:
    """No finding in this `state`: wide and light, then at 320 px by the rules of the width.

    There, and at 200 %, nothing scrolls sideways or is cut off. In forced colours all that can be used has a frame or is
    underlined. Where it is `thorough`, by all rules at 320 px, and in the dark and in forced colours by those of the colours.
    What the schemes have in common is checked in each run: tests/unit/test_colours.py.
    """
    page.set_viewport_size(WIDE)
    found = findings(page)
    if thorough:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {line}" for line in findings(page, *COLOUR_RULES)]
        page.emulate_media(color_scheme="light")
    page.emulate_media(forced_colors="active")
    unseen = [*page.evaluate(UNFRAMED), *(findings(page, *COLOUR_RULES) if thorough else ())]
    found += [f"forced colours: {line}" for line in unseen]
    page.emulate_media(forced_colors="null")
    page.set_viewport_size(ZOOMED)
    found += [f"200 %: {line}" for line in scrolls_sideways(page)]
    page.set_viewport_size(NARROW)
    found += [f"320 px: {line}" for line in [*findings(page, *(() if thorough else NARROW_RULES)), *scrolls_sideways(page)]]
    page.set_viewport_size(WIDE)
    assert not found, f"{state}:\n" + "\n".join(found)
