"""Each error that is raised has a sentence, and each message gets the values that it names. Read from the source, not run."""

import ast
import inspect
import re
import string
from collections.abc import Iterator

import pytest

from app.text.sentences.table import ROOMS, SENTENCES, Sentence
from tools.paths import ROOT

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in sorted((ROOT / "app").rglob("*.py"))}
CALLS = [
    (f"{name}:{node.lineno}", node) for name, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.Call)
]


def fields_of(message: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(message) if name is not None}


def values_of(sentence: Sentence) -> set[str]:
    """The values that a sentence names: a message, or a function that says it."""
    return fields_of(sentence) if isinstance(sentence, str) else set(inspect.signature(sentence).parameters)


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def texts_of(arguments: list[ast.expr]) -> list[str]:
    return [node.value for node in arguments if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def error_classes() -> set[str]:
    """The names of `KeystayError` and of all classes below it."""
    bases = {
        node.name: {getattr(base, "id", "") for base in node.bases}
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"KeystayError"}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


def raised() -> Iterator[tuple[str, str, ast.Call]]:
    """Where an error is made, its code, and the call: the code is the last argument by position."""
    errors = error_classes()
    for place, call in CALLS:
        if name_of(call) in errors and call.args and texts_of(call.args[-1:]):
            yield place, texts_of(call.args[-1:])[0], call


def test_no_code_has_two_sentences() -> None:
    assert len(SENTENCES) == sum(map(len, ROOMS))
    assert [code for code in SENTENCES if not CODE.fullmatch(code)] == []


def test_each_code_that_is_raised_has_a_sentence() -> None:
    assert [
        f"{place}: {code}" for place, code, _call in raised() if "-" in code and CODE.fullmatch(code) and code not in SENTENCES
    ] == []


def test_each_sentence_is_of_a_code_that_is_raised() -> None:
    used = {
        node.value
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and not name.startswith("app/text/sentences/")
    }
    assert set(SENTENCES) - used == set()


def test_each_error_has_the_values_that_its_sentence_names() -> None:
    for place, code, call in raised():
        given = {keyword.arg for keyword in call.keywords}
        if name_of(call) == "LabelError":
            given.add("name")  # which its caller adds
        if code in SENTENCES and None not in given:
            assert values_of(SENTENCES[code]) <= given, f"{place}: {code}"


@pytest.mark.parametrize("function", ["_", "ngettext"])
def test_each_message_gets_the_values_that_it_names(function: str) -> None:
    for place, call in CALLS:
        given = {keyword.arg for keyword in call.keywords}
        texts = texts_of(call.args)
        if name_of(call) == function and texts and None not in given:
            named = set().union(*map(fields_of, texts)) - ({"n"} if function == "ngettext" else set())
            assert named == given, f"{place}: {texts[0]}"
