"""The base stylesheet: what stays of Pico."""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from tools.partials import read_page
from tools.paths import ROOT
from tools.pico import LEFT_OUT, PICO, stylesheet

STYLED: Final[Mapping[str, str]] = {
    "layout/container": r'class="[^"]*\bcontainer',
    "layout/grid": r'class="[^"]*\bgrid\b',
    "layout/overflow-auto": r'class="[^"]*\boverflow-auto\b',
    "content/table": r"<t(able|r|d|h)\b",
    "forms/input-color": r'type="color"',
    "forms/input-range": r'type="range"',
    "components/dropdown": r'class="[^"]*\bdropdown\b',
    "components/group": r'<(?!pre\b)\w+[^>]* role="(group|search)"',  # of a pre it would make a flexible box
    "components/loading": r"aria-busy",
    "components/nav": r"<nav\b",
    "components/tooltip": r"data-tooltip",
}
"""By module: what it styles."""


@pytest.mark.parametrize("module", LEFT_OUT)
def test_nothing_in_the_page_needs_what_is_left_out(module: str) -> None:
    assert f'"{module}": true' in (PICO / "scss" / "_settings.scss").read_text()
    assert not re.search(STYLED[module], read_page(ROOT))
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "static").rglob("*.*js")]
    code = "".join(path.read_text() for path in files)
    assert not re.search(STYLED[module], code)


def test_what_the_page_has_is_styled() -> None:
    text = stylesheet().decode()
    assert text.startswith("/*!\n * Pico CSS")
    for selector in ("progress", "summary", "dialog", "select", "[type=checkbox]", "[type=search]", "pre"):
        assert re.search(rf"[\s,:(}}]{re.escape(selector)}", text), selector
    for gone in ("breadcrumb", "data-tooltip", "[role=group]", "[role=search]"):
        assert gone not in text


def test_no_move_of_the_focus_styles_what_stands_elsewhere() -> None:
    assert not re.search(r":has\([^{},]*:focus[^{}]*\)\s+[\w\[.#:*]", stylesheet().decode())
