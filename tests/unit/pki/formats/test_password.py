"""Passwords of files: those that are made here, and those that people choose."""

import math
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.pki.formats.password import GROUP, GROUPS, LETTERS, MAX_PASSWORD, check_password, generate_password

PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def test_generated_password_cannot_be_guessed_or_misread() -> None:
    made = {generate_password(os.urandom) for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([2-9A-Za-z]{4}-){3}[2-9A-Za-z]{4}", password) for password in made)
    assert not set("".join(made)) & set("0O1lIo")
    assert GROUPS * GROUP * math.log2(len(LETTERS)) > 80
    assert all(check_password(password) == password for password in made)


def test_every_letter_is_as_likely_as_any_other() -> None:
    numbers = iter(list(range(256)) * 16)
    letters = "".join(generate_password(lambda count: bytes(next(numbers) for _ in range(count))) for _ in range(14 * 4))
    counts = {letters.count(letter) for letter in LETTERS}
    assert max(counts) - min(counts) <= 1


@given(st.text(PRINTABLE, min_size=1, max_size=MAX_PASSWORD).filter(lambda text: text == text.strip()))
def test_any_printable_ascii_is_taken_as_it_is(text: str) -> None:
    assert check_password(text) == text


@given(st.text())
def test_everything_else_is_refused_without_a_word_of_it(text: str) -> None:
    if re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]{,62}[\x21-\x7e])?", text):
        assert check_password(text) == text
        return
    with pytest.raises(InputError) as caught:
        check_password(text)
    assert not caught.value.detail
    assert caught.value.values.keys() <= {"most"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-file-password"),
        ("gänseblümchen", "file-password-not-ascii"),
        ("a\tb", "file-password-not-ascii"),
        ("пароль", "file-password-not-ascii"),
        (" ", "file-password-with-spaces"),
        ("word ", "file-password-with-spaces"),
        ("x" * (MAX_PASSWORD + 1), "file-password-too-long"),
    ],
)
def test_each_refusal_has_its_reason(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        check_password(text)
    assert caught.value.code == code
