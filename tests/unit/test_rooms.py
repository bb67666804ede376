"""The rooms of `app/` keep to what is theirs, as far as the import contract (`.importlinter`) does not see it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT

APP = ROOT / "app"
ABOVE = ("main.py", "browser", "ui", "text")
"""The rooms that know the page or speak to a person."""
BELOW = sorted(path for path in APP.rglob("*.py") if path.relative_to(APP).parts[0] not in ABOVE)
VIEWS = sorted(path for room in ("form", "steps", "panels") for path in (APP / "browser" / room).glob("[!_]*.py"))
HOOKS = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (ROOT / "docs" / "hooks.md").read_text("utf-8"))) | {"domains"}
"""The hooks of the page; one word alone may as well be a member of a record or of a JSON object of RFC 8555."""
NO_HOOKS = {"letsencrypt-staging", "left-over"}
"""Values of hooks, which docs/hooks.md names, too: the id of a CA, and a purpose of a key."""
MEMBERS = {"app/handover/lego5.py": {"domains"}}
"""By module: members that other programs' files have, and that are named as hooks by chance."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def names_in(path: Path) -> Iterator[str]:
    """Every name that a module uses, imports or asks an object for."""
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name


def texts_in(path: Path) -> Iterator[str]:
    return (node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def imports_of(path: Path) -> set[str]:
    return {node.module or "" for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom)}


def field_errors() -> set[str]:
    """The names of `FieldError` and of all classes that follow from it."""
    classes = [node for path in APP.rglob("*.py") for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]
    found: set[str] = {"FieldError"}
    while more := {node.name for node in classes if found & {ast.unparse(base) for base in node.bases}} - found:
        found |= more
    return found


FIELD_ERRORS = field_errors()


@pytest.mark.parametrize("path", BELOW, ids=name_of)
def test_below_the_page_no_module_names_a_field_or_a_message(path: Path) -> None:
    assert (HOOKS - NO_HOOKS - MEMBERS.get(name_of(path), set())).isdisjoint(texts_in(path))
    assert FIELD_ERRORS.isdisjoint(names_in(path))
    assert not {"gettext", "app.text"} & {part for name in imports_of(path) for part in (name, name.rpartition(".")[0])}


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=name_of)
def test_only_a_presenter_puts_an_error_into_a_field(path: Path) -> None:
    made = {ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
    assert path.is_relative_to(APP / "ui") or FIELD_ERRORS.isdisjoint(made)


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_view_has_a_presenter_of_the_same_name(path: Path) -> None:
    assert (APP / "ui" / path.relative_to(APP / "browser")).is_file()


def test_there_are_rooms_and_hooks_to_look_at() -> None:
    assert len(BELOW) > 60
    assert len(VIEWS) > 14
    assert {"eab-kid", "directory-url", "agree-tos", "import-key"} <= HOOKS
    assert "TypedNameError" in FIELD_ERRORS
