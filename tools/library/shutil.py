"""`shutil` as far as the page needs it: copying what is open or in memory, deleting, and unpacking zips, as wheels are."""

import os
from collections.abc import Callable, Iterable
from typing import IO, Any, Final, TypeAlias

COPIED: Final = 256 * 1024  # bytes at a time

PathLike: TypeAlias = str | os.PathLike[str]
Unpack: TypeAlias = Callable[..., None]


class ReadError(OSError):
    """An archive cannot be read."""


def copyfileobj(fsrc: IO[bytes], fdst: IO[bytes], length: int = COPIED) -> None:
    """Copy from one open file to another, `length` bytes at a time."""
    while content := fsrc.read(length or COPIED):
        fdst.write(content)


def copy2(src: PathLike, dst: PathLike) -> PathLike:
    """Copy a file with its mode and its times to the file or into the folder `dst`. Return where it is now."""
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    with open(src, "rb") as before, open(dst, "wb") as after:
        copyfileobj(before, after)
    found = os.stat(src)
    os.chmod(dst, found.st_mode & 0o7777)
    os.utime(dst, ns=(found.st_atime_ns, found.st_mtime_ns))
    return dst


def rmtree(path: PathLike) -> None:
    """Delete a folder and all in it; what links lead to stays."""
    for folder, folders, files in os.walk(path, topdown=False):
        for name in files:
            os.unlink(os.path.join(folder, name))
        for name in folders:
            inner = os.path.join(folder, name)
            (os.unlink if os.path.islink(inner) else os.rmdir)(inner)
    os.rmdir(path)


def _unpack_zipfile(filename: PathLike, extract_dir: PathLike) -> None:
    """Unpack a zip. What would lie elsewhere is left out."""
    from zipfile import ZipFile  # which imports this module

    with ZipFile(filename) as archive:
        for name in archive.namelist():
            if name.startswith("/") or ".." in name:
                continue
            path = os.path.join(extract_dir, *name.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if not name.endswith("/"):
                with archive.open(name) as before, open(path, "wb") as after:
                    copyfileobj(before, after)


_formats: dict[str, tuple[list[str], Unpack, str]] = {"zip": ([".zip"], _unpack_zipfile, "ZIP file")}


def register_archive_format(name: str, function: Callable[..., Any], extra_args: Any = None, description: str = "") -> None:
    """Do nothing: the page makes no archives in this way."""


def register_unpack_format(
    name: str, extensions: Iterable[str], function: Unpack, extra_args: Any = None, description: str = ""
) -> None:
    """Say how archives with these extensions are unpacked. Raises `ValueError` where that wants further arguments."""
    if extra_args:
        raise ValueError("the page passes no further arguments to what unpacks")
    _formats[name] = (list(extensions), function, description)


def get_unpack_formats() -> list[tuple[str, list[str], str]]:
    """The formats that can be unpacked: name, extensions, description."""
    return sorted((name, extensions, description) for name, (extensions, _, description) in _formats.items())


def unpack_archive(filename: PathLike, extract_dir: PathLike | None = None, format: str | None = None) -> None:
    """Unpack an archive of the named format, or of the one that its name ends with.

    Raises `ValueError` for another format, and `ReadError` for a name with none of these ends.
    """
    if format is None:
        ends = (name for name, (extensions, _, _) in _formats.items() if os.fspath(filename).endswith(tuple(extensions)))
        format = next(ends, None)
        if format is None:
            raise ReadError(f"Unknown archive format {os.fspath(filename)!r}")
    if format not in _formats:
        raise ValueError(f"Unknown unpack format {format!r}")
    _formats[format][1](os.fspath(filename), os.getcwd() if extract_dir is None else os.fspath(extract_dir))
