"""What is said in the request log: there is a text for each kind of request, and a note for each name."""

from typing import get_args

from app.text.request_log_kinds import KINDS, RequestKind
from app.text.request_log_notes import NOTES, Note, algorithm_note, note, signature_note
from app.text.untrusted import escape_as_json


def test_each_kind_of_request_has_its_text() -> None:
    assert set(KINDS) == {kind for group in get_args(RequestKind) for kind in get_args(group)}


def test_each_note_has_its_text() -> None:
    assert set(NOTES) == set(get_args(Note))


def test_text_of_a_ca_is_made_safe_in_a_note() -> None:
    shown = note("chain", names=["a\u202e.example", "b.example"], end=0.0, serial="1\n2")
    assert "a⟨U+202E⟩.example, b.example" in shown
    assert shown.isprintable()


def test_signature_of_an_unknown_algorithm_is_told_as_that() -> None:
    assert "not known here" in algorithm_note("EdDSA")
    assert signature_note("EdDSA", 64) == "64 bytes, of a kind that is not known here."


def test_json_with_hidden_characters_stays_the_same_json() -> None:
    assert escape_as_json("\U000e0001") == "\\udb40\\udc01"
