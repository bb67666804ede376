"""Tar archives with modes and symbolic links, which some programs insist on (POSIX.1-2001 pax)."""

import io
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.pki.formats.file import File


@dataclass(frozen=True)
class Entry:
    """A file at `path` in the archive with the text `content`, or a symbolic link that leads to `link`.

    A `public` one may be read by everybody, any other by its owner alone.
    """

    path: str
    content: str = ""
    link: str = ""
    public: bool = False


def tar_file(name: str, entries: Iterable[Entry], now: float, folders: Iterable[str] = ()) -> File:
    """The archive `name` of `entries` and the folders above them; only the owner may look into a folder (mode 0700).

    `folders` are further folders, with mode 0755. `now`, in Unix seconds, is the date of each. Everything belongs to root, or
    to whoever unpacks it otherwise.
    """
    listed, open_folders = tuple(entries), tuple(folders)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in _folders(listed):
            archive.addfile(_info(folder, tarfile.DIRTYPE, 0o755 if folder in open_folders else 0o700, now))
        for entry in listed:
            if entry.link:
                info = _info(entry.path, tarfile.SYMTYPE, 0o777, now)
                info.linkname = entry.link
                archive.addfile(info)
                continue
            body = entry.content.encode("utf-8")
            info = _info(entry.path, tarfile.REGTYPE, 0o644 if entry.public else 0o600, now)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return File(name, "application/x-tar", buffer.getvalue(), private=True)


def _folders(entries: Iterable[Entry]) -> tuple[str, ...]:
    """All folders above `entries`, each once, the outer ones first."""
    found = {str(folder): None for entry in entries for folder in reversed(PurePosixPath(entry.path).parents)}
    return tuple(folder for folder in found if folder != ".")


def _info(path: str, kind: bytes, mode: int, now: float) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.type, info.mode, info.mtime = kind, mode, int(now)
    info.uname = info.gname = "root"
    return info
