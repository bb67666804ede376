"""The colours of the page: enough contrast in both schemes (WCAG 2.2, 1.4.3 and 1.4.11), by pairs that the stylesheet uses."""

import re
from typing import Final

import pytest

from tools.paths import ROOT

TEXT: Final = 4.5
EDGE: Final = 3.0
"""The least contrast of text, and of marks and the edges of controls."""

PAIRS: Final = [
    *((text, ground, TEXT) for text in ("ink", "soft", "accent") for ground in ("page", "surface", "accent-soft")),
    *((text, ground, TEXT) for text in ("ink", "soft") for ground in ("warn-soft", "bad-soft")),
    *(("bad", ground, TEXT) for ground in ("page", "bad-soft")),
    *((mark, "page", EDGE) for mark in ("good", "wait", "warn", "bad", "edge")),
    ("warn", "warn-soft", EDGE),
]


def colours(scheme: str) -> dict[str, tuple[int, int, int]]:
    """The tokens that are colours in `scheme`, "light" or "dark": what the dark one does not set is as in the light one."""
    light, dark = (ROOT / "static" / "css" / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)", 1)
    dark = dark.split("@media", 1)[0]
    found = re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", light if scheme == "light" else light + dark)
    return {name: rgb(digits) for name, digits in found}


def rgb(digits: str) -> tuple[int, int, int]:
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_pair_has_enough_contrast(scheme: str, front: str, ground: str, least: float) -> None:
    tokens = colours(scheme)
    assert contrast(tokens[front], tokens[ground]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("button", ["pico-primary-background", "pico-primary-hover-background"])
def test_words_on_filled_buttons_have_enough_contrast(scheme: str, button: str) -> None:
    assert contrast((255, 255, 255), colours(scheme)[button]) >= TEXT


def test_contrast_is_measured_as_in_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast(rgb("767676"), rgb("fff")) == pytest.approx(4.54, abs=0.01)
