"""Reads what a WebAssembly module imports (WebAssembly Core Specification, §5.5.5)."""

from collections.abc import Iterator

_START = 8  # bytes: the magic number and the version
_IMPORTS = 2  # the id of the section
_FUNCTION, _TABLE, _, _GLOBAL, _TAG = range(5)  # the third are memories


def imports_of(module: bytes) -> set[str]:
    """Return the names of all imports of `module`, whatever module they come from. Raises `ValueError` where it is none."""
    if not module.startswith(b"\0asm"):
        message = "not a WebAssembly module"
        raise ValueError(message)
    at = _START
    while at < len(module):
        section = module[at]
        size, at = _number(module, at + 1)
        if section == _IMPORTS:
            return set(_names(module, at))
        at += size
    return set()


def _names(module: bytes, at: int) -> Iterator[str]:
    count, at = _number(module, at)
    for _ in range(count):
        _, at = _text(module, at)
        name, at = _text(module, at)
        yield name
        at = _after_type(module, at)


def _after_type(module: bytes, at: int) -> int:
    """Return where the next import begins, after the kind of this one and its type."""
    kind, at = module[at], at + 1
    if kind == _TAG:
        at += 1  # an attribute
    if kind in {_FUNCTION, _TAG}:
        return _number(module, at)[1]
    if kind == _GLOBAL:
        return at + 2  # a type of values, and whether it changes
    if kind == _TABLE:
        at += 1  # a type of references
    has_maximum = module[at] & 1
    _, at = _number(module, at + 1)
    return _number(module, at)[1] if has_maximum else at


def _text(module: bytes, at: int) -> tuple[str, int]:
    size, at = _number(module, at)
    return module[at : at + size].decode(), at + size


def _number(module: bytes, at: int) -> tuple[int, int]:
    """Read an integer in LEB128: seven bits a byte, the lowest first; return it and where the next thing begins."""
    value = shift = 0
    while True:
        byte, at = module[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
