"""Compiled code without what nobody reads does the same, and its tracebacks name the same lines."""

import dis
import inspect
import traceback
from typing import Any

import pytest

from tools.lean_code import lean_code, lean_tree

SOURCE = b'''"""The module."""
from dataclasses import dataclass, field
from functools import singledispatch
from typing import ClassVar, NamedTuple, Protocol

LIMIT: int = 3
later: "Unknown"


class Shape(Protocol):
    """Only a docstring."""


class Sized(Protocol):
    size: "Unknown"


class Pair(NamedTuple):
    left: int
    right: int = 2


@dataclass(frozen=True)
class Box:
    """A box."""

    width: "Unknown"
    kind: ClassVar[str] = "box"


@dataclass(frozen=True, order=True)
class Parcel:
    weight: int
    label: str = ""
    about: "tuple[str, ...]" = (LIMIT, -1)
    kind: ClassVar[str] = "parcel"


@dataclass
class Filled:
    items: list = field(default_factory=list)


@singledispatch
def name_of(value: object) -> str:
    """Name it."""
    return "object"


@name_of.register
def _(value: int) -> str:
    return "int"


def fail(value: "Unknown", *rest: "Unknown", **others: "Unknown") -> "Unknown":
    """Fail."""
    count: int
    count = value
    try:
        if count:
            [
                1 / each
                for each in (1, 0)
            ]
    except ValueError:
        pass
    finally:
        count = 0
    return count


def many_lines():
    total = 0
'''
SOURCE += (
    b"\n".join(b"    total += %d * total + %d" % (number, number) for number in range(200)) + b"\n    raise KeyError(total)\n"
)


def namespace(*, lines: bool, documented: bool = False) -> dict[str, Any]:
    code = compile(lean_tree(SOURCE, documented=documented), "lean.py", "exec", dont_inherit=True)
    names: dict[str, Any] = {"__name__": __name__}
    exec(lean_code(code, lines=lines), names)  # noqa: S102 – it is this file's own source
    return names


def lines_of(names: dict[str, Any], function: str, *values: object) -> list[tuple[str, int | None]]:
    with pytest.raises((ZeroDivisionError, KeyError)) as caught:
        names[function](*values)
    frames = traceback.extract_tb(caught.tb)
    return [(frame.name, frame.lineno) for frame in frames if frame.filename == "lean.py"]


def as_written() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": __name__}
    exec(compile(SOURCE, "lean.py", "exec", dont_inherit=True), names)  # noqa: S102
    return names


@pytest.mark.parametrize(("function", "values"), [("fail", (1,)), ("many_lines", ())])
def test_tracebacks_name_the_lines_of_the_source(function: str, values: tuple[object, ...]) -> None:
    found = lines_of(namespace(lines=True), function, *values)
    assert found == lines_of(as_written(), function, *values)


def test_without_lines_a_traceback_names_the_function_and_its_first_line() -> None:
    names = namespace(lines=False)
    assert lines_of(names, "fail", 1)[0] == ("fail", names["fail"].__code__.co_firstlineno)


def test_exceptions_are_caught_as_in_the_source() -> None:
    assert namespace(lines=True)["fail"](0) == namespace(lines=False)["fail"](0) == 0


def test_annotations_and_docstrings_are_gone_where_nobody_reads_them() -> None:
    names = namespace(lines=True)
    assert names["LIMIT"] == 3
    assert "later" not in names
    assert (names["fail"].__annotations__, names["fail"].__doc__) == ({}, None)
    assert inspect.get_annotations(names["Sized"]) == {}
    assert namespace(lines=True, documented=True)["fail"].__doc__ == "Fail."


def test_annotations_that_are_read_at_run_time_work_as_in_the_source() -> None:
    names = namespace(lines=True)
    assert names["Pair"](1) == (1, 2)
    assert (names["Box"](4).width, names["Box"].kind) == (4, "box")
    assert list(names["Box"].__dataclass_fields__) == list(as_written()["Box"].__dataclass_fields__)
    assert (names["name_of"](1), names["name_of"]("")) == ("int", "object")


def test_a_dataclass_gets_its_init_when_it_is_compiled() -> None:
    names = namespace(lines=True)
    made = names["Parcel"](2, about=())
    assert (made.weight, made.label, made.about) == (2, "", ())
    assert names["Parcel"](2).about == (3, -1)
    assert names["Parcel"].__init__.__code__.co_filename == "lean.py"
    assert names["Parcel"].__init__.__qualname__ == "Parcel.__init__"
    for wrong in ({}, {"weight": 1, "other": 2}, {"weight": 1, "kind": ""}):
        with pytest.raises(TypeError):
            names["Parcel"](**wrong)
    assert names["Filled"]().items is not names["Filled"]().items


def test_the_instructions_stay() -> None:
    lean, written = (names["fail"].__code__ for names in (namespace(lines=False), as_written()))
    assert [each.opname for each in dis.get_instructions(lean)] == [each.opname for each in dis.get_instructions(written)]
    assert lean.co_exceptiontable == written.co_exceptiontable
