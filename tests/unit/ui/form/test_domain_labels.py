"""The labels of a name: emoji and other symbols, and characters that nobody sees."""

import pytest

from app.ui.form.names import read_names
from tests.unit.ui.form.test_names import names_in


@pytest.mark.parametrize("text", ["shop.example\n\u200b\n", "\ufeff\nshop.example", "\u200d shop.example \u2060"])
def test_invisible_characters_alone_in_a_line_are_nothing(text: str) -> None:
    assert names_in(text) == ["shop.example"]
    assert read_names("\u200b", "dns-01").lines == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        pytest.param("xn--i-7iq.ws", "xn--i-7iq.ws", id="acme.sh#1872, as A-label"),
        pytest.param("i❤.ws", "xn--i-7iq.ws", id="acme.sh#1872, as emoji"),
        pytest.param("I❤️.ws", "xn--i-7iq.ws", id="with a capital and a variation selector"),
        pytest.param("😀.example", "xn--e28h.example", id="emoji alone"),
        pytest.param("*.☃.example", "*.xn--n3h.example", id="wildcard of a symbol"),
        pytest.param("👍🏽.example", "xn--on8h5e.example", id="with a skin tone"),
        pytest.param("ａ❤.example", "xn--a-7iq.example", id="beside a full-width letter"),
    ],
)
def test_emoji_that_cas_issue_for_are_accepted(typed: str, name: str) -> None:
    assert [identifier.value for identifier in read_names(typed, "dns-01").identifiers] == [name]


@pytest.mark.parametrize(
    "label",
    [
        "xn--a",
        "xn--I❤-7iq",
        "א❤",
        "❤-",
        "-❤",
        "ab--❤",
        "½",
        "❤⁄",
        "❤\u0301́" * 30,
        f"xn--{'❤'.encode('punycode').decode()}-",
        "�",
    ],
)
def test_symbols_do_not_let_anything_else_in(label: str) -> None:
    assert read_names(f"{label}.example", "dns-01").identifiers == ()
