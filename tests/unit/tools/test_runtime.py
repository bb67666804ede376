"""The runtime folder: what stays of the standard library."""

import ast
import codecs
from collections.abc import Iterator
from encodings import normalize_encoding
from encodings.aliases import aliases

from tools.paths import ROOT
from tools.runtime import ALWAYS_KEPT


def named_codecs() -> Iterator[str]:
    """Every codec of text that some constant of the app names."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.startswith(("utf-", "latin", "cp"))
            ):
                try:
                    codecs.lookup(node.value)
                except LookupError:
                    continue
                yield node.value


def test_each_codec_that_the_app_names_is_in_the_page() -> None:
    """A codec is imported by its name, when text in it comes up: no import statement leads to it."""
    found = set(named_codecs())
    assert {"utf-8", "utf-16-le", "utf-16-be"} <= found
    names = {normalize_encoding(name).lower() for name in found}
    assert {f"encodings.{aliases.get(name, name)}" for name in names} - set(ALWAYS_KEPT) == set()
