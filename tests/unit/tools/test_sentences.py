"""What counts as a sentence outside app/text."""

import pytest

from tools.paths import ROOT
from tools.sentences import EXCEPTIONS, reads_like_a_sentence, sentences_in_python, sentences_in_script


@pytest.mark.parametrize(
    "text", ["The file cannot be read.", "{} is not known", "; {} should be renewed", "Is “this” one?", "and {} more of them"]
)
def test_sentences(text: str) -> None:
    assert reads_like_a_sentence(text)


@pytest.mark.parametrize(
    "text",
    ["", "two words", "ec-p256", "NEW CERTIFICATE REQUEST", "main > .step [data-slot]", "{} {} {}", "{}: {}", "a, 1 b 2 c 3"],
)
def test_other_texts(text: str) -> None:
    assert not reads_like_a_sentence(text)


def test_python() -> None:
    source = '''
"""A docstring is for programmers."""
import re
PATTERN = re.compile("this is a pattern")
def f(x):
    """So is this one."""
    assert x, "this is for programmers"
    if x:
        raise ValueError("this is for programmers")
    return f"There are {x} of them"
MESSAGE = "This is for people"
'''
    assert list(sentences_in_python(source)) == [(11, "This is for people"), (10, "There are {} of them")]


def test_scripts() -> None:
    source = """// Don't take "this one for it"
/* or "this one here" */
const a = "ok"; say(/don't match "me or you" here/, "This is for people");
throw new Error(`not there: ${file} is not known`);
"""
    assert list(sentences_in_script(source)) == [(3, "This is for people"), (4, "not there: {} is not known")]


def test_each_exception_is_still_there() -> None:
    sources = [path.read_text() for path in (ROOT / "app").rglob("*.py")]
    found = {text for source in sources for _line, text in sentences_in_python(source)}
    assert set(EXCEPTIONS) - found == set()
    assert all(EXCEPTIONS.values())
