"""index.html: its fields and codes, and what looks for its elements: stylesheet, scripts, views and browser tests."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tools.build import site_files
from tools.partials import read_page
from tools.paths import ROOT

BROWSER_TESTS = sorted([*ROOT.glob("tests/browser/*.py"), *ROOT.glob("tests/servers/browser/*.py")])
VIEWS = sorted(ROOT.glob("app/browser/**/*.py"))
SCRIPTS = sorted([*ROOT.glob("static/*.mjs"), *ROOT.glob("static/*.js")])
STYLESHEETS = sorted(ROOT.glob("static/**/*.css"))

ID = r"(?<![\w-])#([a-z][a-z-]*)(?=[\s.,:>\[\])~+\"']|$)"
"""An id in a selector. A fragment of a link goes on with "="."""
HOOK = r"""\[data-testid=["']?([\w-]+)"""


class Elements(HTMLParser):
    """The ids and the hooks of a page, its templates included."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hooks: set[str] = set()
        self.references: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element is called, and what it calls others by."""
        del tag
        for name, value in attrs:
            match name:
                case "id":
                    self.ids.append(value or "")
                case "data-testid":
                    self.hooks.add(value or "")
                case "for" | "aria-describedby" | "aria-labelledby":
                    self.references.update((value or "").split())


PAGE = Elements(read_page(ROOT))
SET_BY_VIEWS = {hook for file in VIEWS for hook in re.findall(r'dataset\.testid = "([\w-]+)"', file.read_text())}


def constants(file: Path) -> Iterator[str]:
    """Every text in a Python file, the parts of f-strings included."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_known(id_: str) -> bool:
    """Whether the page has this id, or several that begin with it where it ends in "-": the first part of an f-string."""
    return any(known == id_ or (id_.endswith("-") and known.startswith(id_)) for known in PAGE.ids)


def in_selectors(text: str) -> set[str]:
    return set(re.findall(ID, text))


def test_no_id_stands_twice_and_what_names_another_element_finds_it() -> None:
    assert len(PAGE.ids) == len(set(PAGE.ids))
    assert PAGE.references <= set(PAGE.ids)


@pytest.mark.parametrize("file", [*VIEWS, *SCRIPTS, *STYLESHEETS], ids=lambda file: file.name)
def test_neither_style_nor_code_selects_by_a_hook(file: Path) -> None:
    assert not re.search(r"data-testid|dataset\.testid(?! = )", file.read_text())


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: file.name)
def test_the_views_find_their_elements(file: Path) -> None:
    named = set(re.findall(r'(?:by_id|from_template)\("([\w-]+)"\)', file.read_text()))
    assert named.union(*map(in_selectors, constants(file))) <= set(PAGE.ids)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_the_scripts_find_their_elements(file: Path) -> None:
    text = file.read_text()
    selectors = re.findall(r"""querySelector(?:All)?\((?:"([^"]+)"|'([^']+)')""", text)
    named = set(re.findall(r'getElementById\("([\w-]+)"\)', text))
    assert named.union(*(in_selectors("".join(both)) for both in selectors)) <= set(PAGE.ids)


@pytest.mark.parametrize("file", STYLESHEETS, ids=lambda file: file.name)
def test_the_stylesheet_finds_its_elements(file: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    selectors = re.findall(r"[^{};]+(?=\{)", css)
    assert set[str]().union(*map(in_selectors, selectors)) <= set(PAGE.ids)


@pytest.mark.parametrize("file", BROWSER_TESTS, ids=lambda file: file.name)
def test_the_browser_tests_look_for_what_is_there(file: Path) -> None:
    texts = list(constants(file))
    ids = set[str]().union(*map(in_selectors, texts))
    assert {id_ for id_ in ids if not is_known(id_)} == set()
    hooks = set(re.findall(r'(?:hook|get_by_test_id)\("([\w-]+)"', file.read_text()))
    hooks.update(hook for text in texts for hook in re.findall(HOOK, text))
    assert hooks - SET_BY_VIEWS <= PAGE.hooks


def test_the_stylesheet_is_one_file_made_of_all_its_parts() -> None:
    imported = re.findall(r'@import "(.+?)";', (ROOT / "static" / "keystay.css").read_text())
    assert sorted(imported) == sorted(f"css/{file.name}" for file in ROOT.glob("static/css/*.css"))
    site = site_files(ROOT, None)
    (built,) = (content.decode() for name, content in site.items() if name.endswith("/keystay.css"))
    assert "@import" not in built
    assert all((ROOT / "static" / name).read_text() in built for name in imported)
    assert not [name for name in site if name.startswith("static/") and ("/css/" in name or "/partials/" in name)]


class Codes(HTMLParser):
    """All elements that hold a program's words, by their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        if tag in ("code", "pre"):
            self.found.append(dict(attrs))


def test_browsers_are_asked_to_translate_no_code() -> None:
    codes = Codes()
    codes.feed(read_page(ROOT))
    assert len(codes.found) > 40
    assert [attributes for attributes in codes.found if attributes.get("translate") != "no"] == []


class Fields(HTMLParser):
    """The fields that one types into, each with the form that it is in, and the forms with their submit buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.form = ""
        self.fields: dict[str, tuple[str, str | None]] = {}
        self.submits: dict[str, list[str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        values = dict(attrs)
        if tag == "form":
            self.form = str(values["id"])
            self.submits[self.form] = []
        elif tag == "textarea" or (tag == "input" and values.get("type") not in ("checkbox", "radio")):
            self.fields[str(values["id"])] = (self.form, values.get("autocomplete"))
        elif tag == "button" and values["type"] == "submit":
            self.submits[self.form].append(values.get("data-testid"))

    def handle_endtag(self, tag: str) -> None:
        """See `HTMLParser`."""
        if tag == "form":
            self.form = ""


def read_fields() -> Fields:
    """Those of index.html."""
    fields = Fields()
    fields.feed(read_page(ROOT))
    return fields


def test_each_field_is_in_a_form_with_one_button_that_enter_presses() -> None:
    fields = read_fields()
    assert all(form for form, _ in fields.fields.values())
    assert fields.submits == {
        "names": ["start"],
        "for-target": ["download-target"],
        "pfx-form": ["download-pfx-legacy"],
        "delegate-form": ["delegate"],
        "move-out-form": ["move-out-download"],
        "account-contact-form": ["account-update"],
        "import-form": ["import"],
        "backup-form": ["backup-make"],
        "restore-form": ["restore"],
        "viewer-form": ["viewer-look"],
        "revoke-form": ["revoke-by-key"],
    }


def test_browsers_are_told_what_they_may_fill_in() -> None:
    fill_in = {name: autocomplete for name, (_, autocomplete) in read_fields().fields.items()}
    assert fill_in["contact"] == fill_in["account-contact"] == "email"
    assert fill_in["backup-passphrase"] == fill_in["backup-again"] == "new-password"
    assert fill_in["restore-passphrase"] == "current-password"
    secrets = ("eab-kid", "eab-key", "csr", "import-key", "revoke-certificate", "revoke-key")
    assert {fill_in[name] for name in secrets} == {"off"}
