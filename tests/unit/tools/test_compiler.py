"""Which modules stay in the trimmed standard library, and that archives hold nothing but their content."""

import ast
from pathlib import Path

import pytest

from tools import compiler
from tools.archive import pack, unpack
from tools.compile_archive import imports, module_name, reachable
from tools.compiler import Job, compile_archives, imported_names

LIBRARY = {
    "json/__init__.py": b"from .decoder import JSONDecoder\nimport codecs",
    "json/decoder.py": b"from json import scanner\nimport re",
    "json/scanner.py": b"",
    "json/tool.py": b"import argparse",
    "codecs.py": b"def encode():\n    import lazily",
    "re.py": b"if __name__ == '__main__':\n    import doctest\nelse:\n    import enum",
    "enum.py": b"try:\n    import types\nexcept ImportError:\n    import fallback",
    "lazily.py": b"",
    "doctest.py": b"",
    "types.py": b"",
    "fallback.py": b"",
    "argparse.py": b"",
}


def kept(*roots: str, without: tuple[str, ...] = ()) -> set[str]:
    return {module_name(path) for path in reachable(LIBRARY, roots, without)}


def test_what_a_module_imports_stays_with_it() -> None:
    assert kept("json") == {"json", "json.decoder", "json.scanner", "codecs", "re", "enum", "types", "fallback"}


def test_imports_in_functions_wait_until_somebody_needs_them() -> None:
    assert kept("codecs") == {"codecs"}
    assert kept("codecs", "lazily") == {"codecs", "lazily"}


def test_a_module_brings_its_packages() -> None:
    assert kept("json.tool") >= {"json", "json.decoder", "json.tool", "argparse"}


def test_a_star_brings_the_whole_package() -> None:
    assert kept("json.*") >= {"json.tool", "argparse"}


def test_what_is_never_used_is_left_out() -> None:
    assert kept("json.tool", without=("argparse", "fallback")).isdisjoint({"argparse", "fallback"})


def test_names_that_are_no_modules_are_ignored() -> None:
    assert kept("types.ModuleType", "nowhere.to.be.found") == {"types"}


@pytest.mark.parametrize(
    ("source", "module", "is_package", "names"),
    [
        ("import a.b, c", "m", False, {"a.b", "c"}),
        ("from a import b", "m", False, {"a", "a.b"}),
        ("from . import b", "p.m", False, {"p", "p.b"}),
        ("from .a import b", "p", True, {"p.a", "p.a.b"}),
        ("from ..a import b", "p.q.m", False, {"p.a", "p.a.b"}),
        ("if TYPE_CHECKING:\n    import a", "m", False, set()),
        ("class C:\n    import a", "m", False, {"a"}),
    ],
)
def test_imports_are_found_and_made_absolute(source: str, module: str, is_package: bool, names: set[str]) -> None:  # noqa: FBT001
    assert set(imports(ast.parse(source), module, is_package)) == names


def test_the_apps_imports_count_in_functions_too() -> None:
    sources = {"app/a.py": b"def f():\n    from zipfile import ZipFile", "app/b.txt": b"import nothing"}
    assert imported_names(sources) == {"zipfile", "zipfile.ZipFile"}


def test_archive_depends_on_its_content_only() -> None:
    one = pack({"b.txt": b"2", "a/c.txt": b"1"})
    assert pack({"a/c.txt": b"1", "b.txt": b"2"}) == one
    assert unpack(one) == {"a/c.txt": b"1", "b.txt": b"2"}


@pytest.mark.nightly  # in every run, test_dist.py compares two whole builds
def test_compiled_anew_an_archive_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(pack({"app/a.py": b"LIMIT = 1\n\n\ndef limit() -> int:\n    return LIMIT\n"}), "/")
    made = []
    for folder in ("one", "other"):
        monkeypatch.setattr(compiler, "COMPILED", tmp_path / folder)
        made += compile_archives([job])
    assert made[0] == made[1]
