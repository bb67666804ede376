"""`tarfile` as far as the page makes archives: files, folders and symbolic links (POSIX.1-2001, pax). It reads none.

Each entry is a header of one block, before it another one with what that has no room for, and after it the content.
"""

from types import TracebackType
from typing import BinaryIO, Final, Self

REGTYPE: Final = b"0"
SYMTYPE: Final = b"2"
DIRTYPE: Final = b"5"
PAX_FORMAT: Final = 2

BLOCK: Final = 512  # bytes; everything begins at a multiple of it
RECORD: Final = 20 * BLOCK  # bytes; the whole is a multiple of it
MAX_NAME: Final = 100  # bytes, of paths and of what links lead to
MAX_OWNER: Final = 32
EXTENDED: Final = b"x"  # the type of a header with more about the next entry
MAX_SIZE: Final = 8**11 - 1  # bytes


class TarInfo:
    """What an archive says of one entry."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.type = REGTYPE
        self.mode = 0o644
        self.mtime: float = 0  # Unix seconds
        self.size = 0  # bytes
        self.linkname = self.uname = self.gname = ""
        self.uid = self.gid = 0


class TarFile:
    """An archive that is being written; as a context manager, it is whole at the end."""

    def __init__(self, fileobj: BinaryIO) -> None:
        self._file = fileobj
        self._written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if error is None:
            self.close()

    def addfile(self, tarinfo: TarInfo, fileobj: BinaryIO | None = None) -> None:
        """Add an entry, with `tarinfo.size` bytes from `fileobj`."""
        self._write(_headers(tarinfo))
        if fileobj is not None:
            self._write(_padded(fileobj.read(tarinfo.size), BLOCK))

    def close(self) -> None:
        """Write the end."""
        self._write(bytes(2 * BLOCK))
        self._write(bytes(-self._written % RECORD))

    def _write(self, content: bytes) -> None:
        self._written += self._file.write(content)


def open(*, fileobj: BinaryIO, mode: str, format: int = PAX_FORMAT) -> TarFile:
    """Begin an archive in `fileobj`. Raises `ValueError` for what this cannot do."""
    if mode != "w" or format != PAX_FORMAT:
        raise ValueError("the page only makes archives, and those in pax format")
    return TarFile(fileobj)


def _headers(info: TarInfo) -> bytes:
    """The header of an entry, and before it what does not fit into that."""
    name = f"{info.name}/" if info.type == DIRTYPE else info.name
    limits = {"path": (name, MAX_NAME), "linkpath": (info.linkname, MAX_NAME)}
    limits |= {"uname": (info.uname, MAX_OWNER), "gname": (info.gname, MAX_OWNER)}
    more = b"".join(_line(key, text) for key, (text, most) in limits.items() if not text.isascii() or len(text) > most)
    if not more:
        return _header(info, name)
    extended = TarInfo()
    extended.type, extended.mode, extended.size = EXTENDED, 0, len(more)
    return _header(extended, "././@PaxHeader") + _padded(more, BLOCK) + _header(info, name)


def _header(info: TarInfo, name: str) -> bytes:
    """One block with the fields of an entry, what is too long cut off."""
    if info.size > MAX_SIZE:
        raise ValueError("a file of this archive is too large")
    before = b"".join((
        _text(name, MAX_NAME), _octal(info.mode & 0o7777, 8), _octal(info.uid, 8), _octal(info.gid, 8),
        _octal(info.size, 12), _octal(int(info.mtime), 12),
    ))  # fmt: skip
    after = info.type + _text(info.linkname, MAX_NAME) + b"ustar\x0000" + _text(info.uname, 32) + _text(info.gname, 32)
    total = sum(before) + sum(after) + 8 * ord(" ")  # the sum counts its own field as spaces
    return _padded(before + b"%06o\0 " % total + after, BLOCK)


def _line(key: str, text: str) -> bytes:
    """A line of an extended header. It begins with its own length, which counts itself."""
    rest = b" " + key.encode() + b"=" + text.encode() + b"\n"
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


def _text(text: str, size: int) -> bytes:
    return text.encode("ascii", "replace")[:size].ljust(size, b"\0")


def _octal(number: int, size: int) -> bytes:
    return b"%0*o\0" % (size - 1, number)


def _padded(content: bytes, size: int) -> bytes:
    return content + bytes(-len(content) % size)
