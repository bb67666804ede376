"""Texts of strangers: nothing hidden, nothing endless, and links that are what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.untrusted import MAX_DETAIL, MAX_LINE, MAX_LINKS, Segment, escape_invisible, isolate_bidi, linkify, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words\n\tin lines", "plain words\n\tin lines"),
        ("Grüße, 你好, שלום", "Grüße, 你好, שלום"),
        ("a\u202eb\u2069c", "a⟨U+202E⟩b⟨U+2069⟩c"),
        ("a\u200bb\ufeffc", "a⟨U+200B⟩b⟨U+FEFF⟩c"),
        ("a\x00b\x1bc\r\n", "a⟨U+0000⟩b⟨U+001B⟩c⟨U+000D⟩\n"),
        ("a\u2028b\ud800c", "a⟨U+2028⟩b⟨U+D800⟩c"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_code(text: str, shown: str) -> None:
    assert escape_invisible(text) == shown


def test_long_text_keeps_its_beginning_and_its_end_and_says_its_length() -> None:
    shown = escape_invisible("begin " + "x" * 1_000_000 + " end")
    assert shown.startswith("begin x")
    assert shown.endswith("x end")
    assert "1,000,010 characters" in shown
    assert len(shown) < MAX_DETAIL + 200


def test_line_stays_a_line() -> None:
    assert one_line("a\nb\tc\u202e") == "a b c⟨U+202E⟩"
    assert one_line("x" * 1000) == "x" * MAX_LINE + "…"
    assert isolate_bidi("Test CA") == "Test CA"
    assert isolate_bidi("שלום") == "\u2068שלום\u2069"


def test_text_is_split_into_words_and_links() -> None:
    assert linkify("see https://ca.example/a. (https://bücher.example/)") == (
        Segment("see "),
        Segment("https://ca.example/a", link=True),
        Segment(". ("),
        Segment("https://xn--bcher-kva.example/", link=True),
        Segment(")"),
    )


def test_links_are_few() -> None:
    found = linkify(" ".join(f"https://ca.example/{n}" for n in range(100)))
    assert sum(piece.link for piece in found) == MAX_LINKS
    assert "https://ca.example/99" in found[-1].text


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Cs")), max_size=200))
def test_text_without_links_comes_out_as_it_was(text: str) -> None:
    assert "".join(piece.text for piece in linkify(text)) == text or "https://" in text
