# mypy: disable-error-code="call-arg, attr-defined, type-var, var-annotated"
# It knows nothing of the methods that `library.dataclass` makes.
"""The modules that stand in the page for some of the standard library do what the originals do."""

import ast
import dataclasses as original
import dis
import fractions
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any, ClassVar

import pytest
from asn1crypto.core import GeneralizedTime
from hypothesis import given
from hypothesis import strategies as st

from tools.archive import pack
from tools.library import dataclasses as ours
from tools.library import dis as page_dis
from tools.library import fractions as page_fractions
from tools.paths import ROOT

LIBRARIES = (page_fractions, fractions)
BOTH = pytest.mark.parametrize("library", [original, ours], ids=["original", "page"])
DESCRIBE = """
    import dataclasses, importlib, json, sys
    from importlib.machinery import PathFinder, SourceFileLoader
    from pathlib import Path

    if sys.argv[1] != "original":
        from tools.library import dataclasses
        sys.modules["dataclasses"] = dataclasses

    class Lean(SourceFileLoader):
        def get_code(self, fullname):
            path = self.get_filename(fullname)
            return compile(lean_tree(self.get_data(path), documented=False), path, "exec", dont_inherit=True)

    class LeanFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            spec = PathFinder.find_spec(name, path, target)
            if spec and spec.origin and name.startswith("app.") and spec.origin.endswith(".py"):
                spec.loader = Lean(name, spec.origin)
            return spec

    if sys.argv[1] == "lean":
        from tools.lean_code import lean_tree
        sys.meta_path.insert(0, LeanFinder)

    def default(field):
        return "" if field.default is dataclasses.MISSING else repr(field.default).partition(" at 0x")[0]

    def described(cls):
        fields = dataclasses.fields(cls)
        given = {field.name: field.name for field in fields if field.init}
        made = cls(**given)
        positional = cls(*given.values())
        other = dataclasses.replace(made, **dict.fromkeys(list(given)[:1], "other"))
        try:
            setattr(made, fields[0].name if fields else "x", "changed")
            frozen = False
        except dataclasses.FrozenInstanceError as error:
            frozen = str(error)
        return [
            [[field.name, field.init, field.repr, field.compare, default(field)] for field in fields],
            cls.__match_args__, cls.__init__.__qualname__,
            repr(made), made == positional, made == other, cls.__hash__ is None, frozen,
            [hasattr(cls, name) and getattr(cls, name) is not getattr(object, name, None) for name in ("__lt__", "__ge__")],
        ]

    found = {}
    for path in sorted(Path("app").rglob("*.py")):
        if path.parts[1] in ("browser", "main.py") or path.name == "__init__.py":
            continue
        module = importlib.import_module(".".join(path.with_suffix("").parts))
        for name, cls in sorted(vars(module).items()):
            if isinstance(cls, type) and cls.__module__ == module.__name__ and "__dataclass_fields__" in vars(cls):
                if hasattr(cls, "__post_init__"):
                    continue
                found[f"{module.__name__}.{name}"] = described(cls)
    print(json.dumps(found))
"""


def described(which: str) -> Any:
    command = [sys.executable, "-c", dedent(DESCRIBE), which]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("which", ["ours", "lean"])
def test_each_dataclass_of_the_app_is_as_the_original_makes_it(which: str) -> None:
    """Also where `tools/lean_code.py` has written its `__init__`."""
    found = described(which)
    assert len(found) > 100
    assert found == described("original")


@BOTH
def test_a_field_is_given_by_place_by_name_or_by_its_default(library: Any) -> None:
    @library.dataclass
    class Base:
        name: str
        count: int = 3
        kind: ClassVar[str] = "k"

    @library.dataclass
    class Made(Base):
        items: list[int] = library.field(default_factory=list)
        hidden: int = library.field(init=False, repr=False, compare=False, default=7)
        after: int = library.field(kw_only=True, default=9)

        def __post_init__(self) -> None:
            self.count += 1

    made = Made("a", items=[1])
    assert (made.name, made.count, made.items, made.hidden, made.after) == ("a", 4, [1], 7, 9)
    assert repr(made).endswith("Made(name='a', count=4, items=[1], after=9)")
    assert Made("a").items is not Made("a").items
    assert Made.__match_args__ == ("name", "count", "items")
    assert made == library.replace(made, count=3)
    assert made != Base("a")
    for wrong in (((), {}), (("a", 1, [], 2), {}), (("a",), {"name": "b"}), (("a",), {"other": 1}), (("a",), {"hidden": 1})):
        with pytest.raises(TypeError):
            Made(*wrong[0], **wrong[1])
    with pytest.raises((TypeError, ValueError)):  # the second before Python 3.13
        library.replace(made, hidden=1)
    with pytest.raises(TypeError):
        hash(made)


@BOTH
def test_frozen_objects_do_not_change_and_can_be_keys(library: Any) -> None:
    @library.dataclass(frozen=True, order=True)
    class Point:
        x: int
        y: int = 0

    point = Point(1)
    with pytest.raises(library.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(library.FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert {point: 1}[Point(1, 0)] == 1
    assert sorted([Point(2), Point(1, 5), Point(1)]) == [Point(1), Point(1, 5), Point(2)]
    with pytest.raises(TypeError):
        point < 3  # type: ignore[operator]  # noqa: B015
    assert library.is_dataclass(point)
    assert library.is_dataclass(Point)
    assert not library.is_dataclass(3)


@BOTH
def test_objects_become_dicts_and_tuples_with_all_in_them(library: Any) -> None:
    @library.dataclass
    class Part:
        size: int

    @library.dataclass
    class Whole:
        parts: list[Any]
        named: dict[str, Any]

    whole = Whole([Part(1), (Part(2), "b")], {"c": Part(3)})
    assert library.asdict(whole) == {"parts": [{"size": 1}, ({"size": 2}, "b")], "named": {"c": {"size": 3}}}
    assert library.astuple(whole) == ([(1,), ((2,), "b")], {"c": (3,)})
    with pytest.raises(TypeError):
        library.asdict(Whole)


@BOTH
def test_a_class_keeps_the_methods_that_it_has(library: Any) -> None:
    @library.dataclass(frozen=True)
    class Own:
        value: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 5

    assert (repr(Own(1)), hash(Own(1)), Own(1) == 3) == ("own", 5, True)

    @library.dataclass
    class Begun:
        value: int

        def __init__(self) -> None:
            self.value = 3

    assert Begun().value == 3
    with pytest.raises(ValueError, match="mutable default"):

        @library.dataclass
        class Wrong:
            value: list[int] = []  # noqa: RUF012 – the mistake that is to be refused


def test_asyncio_has_each_name_that_the_app_takes_from_it() -> None:
    tree = ast.parse((ROOT / "tools" / "library" / "asyncio" / "__init__.py").read_text())
    modules = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    offered = set().union(*(importlib.import_module(module).__all__ for module in modules))
    texts = [path.read_text() for path in (ROOT / "app").rglob("*.py")]
    used = set().union(*(re.findall(r"\basyncio\.(\w+)", text) for text in texts))
    assert {"gather", "wait", "timeout", "Lock", "Event", "Semaphore", "shield"} <= used
    assert used - offered == set()


def test_the_flags_of_code_objects_are_those_of_python() -> None:
    shared = page_dis.COMPILER_FLAG_NAMES.items() & dis.COMPILER_FLAG_NAMES.items()
    assert shared == set(dis.COMPILER_FLAG_NAMES.items())


@given(st.integers(0, 10**9), st.sampled_from([1, 2, 4, 10, 1000, 10**9]), st.sampled_from([1, 60, 3600, 10**6]))
def test_a_fraction_is_rounded_as_the_original_rounds_it(numerator: int, denominator: int, factor: int) -> None:
    by_page, by_python = (
        int((library.Fraction(numerator, denominator) * factor).limit_denominator(1)) for library in LIBRARIES
    )
    assert by_page == by_python


def test_times_with_decimals_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a signature may have (RFC 5652 §11.3); certificates have none (RFC 5280 §4.1.2.5.2)."""
    times = ("20260219140507.5Z", "202602191405.25Z", "2026021914.000001Z", "20260219140507.1234567Z", "20260219140507Z")
    expected = [GeneralizedTime.load(b"\x18" + bytes([len(time)]) + time.encode()).native for time in times]
    monkeypatch.setattr("asn1crypto.core.Fraction", page_fractions.Fraction)
    assert [GeneralizedTime.load(b"\x18" + bytes([len(time)]) + time.encode()).native for time in times] == expected


READ_ONCE = """
    import importlib, sys, zipimport

    reads, original = [], zipimport._get_data
    zipimport._get_data = lambda archive, entry: reads.append(entry[0]) or original(archive, entry)
    from tools.library import sitecustomize

    sys.path.insert(0, sys.argv[1])
    import whole.part

    assert whole.part.there == 1
    assert [whole.__file__, whole.part.__file__] == reads == [f"{sys.argv[1]}/whole/{name}.py" for name in ("__init__", "part")]
    assert whole.part.__spec__.loader.get_code("whole.part") is not None
    importlib.reload(whole.part)
    assert len(reads) == 4
    assert not sitecustomize._found
"""


def test_modules_are_read_once_out_of_an_archive(tmp_path: Path) -> None:
    archive = tmp_path / "modules.zip"
    archive.write_bytes(pack({"whole/__init__.py": b"", "whole/part.py": b"there = 1"}))
    subprocess.run([sys.executable, "-c", dedent(READ_ONCE), str(archive)], cwd=ROOT, check=True)
