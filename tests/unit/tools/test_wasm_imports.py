"""What a WebAssembly module imports."""

import pytest

from tools.compiler import PYODIDE
from tools.wasm_imports import imports_of

HEADER = b"\0asm\1\0\0\0"


def section(id_: int, content: bytes) -> bytes:
    """A section with the size of its content, in as many bytes as a linker takes."""
    size = len(content)
    return bytes([id_, size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, 0]) + content


def entry(name: str, type_: bytes) -> bytes:
    """An import of `name` from "env"."""
    return b"\3env" + bytes([len(name)]) + name.encode() + type_


IMPORTS = {
    "function": b"\0\x81\1",
    "table": b"\1\x70\0\1",
    "table_with_maximum": b"\1\x70\1\1\2",
    "memory": b"\2\0\x80\1",
    "memory_with_maximum": b"\2\1\x80\1\x80\2",
    "global": b"\3\x7f\1",
    "tag": b"\4\0\2",
    "last": b"\0\1",
}


def test_imports_of_every_kind_are_read() -> None:
    content = bytes([len(IMPORTS)]) + b"".join(entry(name, type_) for name, type_ in IMPORTS.items())
    module = HEADER + section(1, b"\1\x60\0\0") + section(2, content) + section(3, b"\1\0")
    assert imports_of(module) == set(IMPORTS)


def test_a_module_may_import_nothing() -> None:
    assert imports_of(HEADER + section(1, b"\1\x60\0\0")) == set()


def test_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="not a WebAssembly module"):
        imports_of(b"<!doctype html>")


def test_the_interpreter_imports_what_the_script_offers() -> None:
    names = imports_of((PYODIDE / "pyodide.asm.wasm").read_bytes())
    assert {"fd_write", "JsvArray_New", "emscripten_glClear"} <= names
