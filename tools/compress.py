"""Makes compressed copies of a site's files, and caches them by content."""

import gzip
import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from tools.paths import CACHE

WINDOW = 21
"""Brotli’s window, as a power of two in bytes. The largest, 24, makes the interpreter 46 KB larger: 2.77 MB instead of 2.72."""

COMPRESSED = CACHE / "compressed" / f"window-{WINDOW}"
SUFFIXES = (".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".whl", ".zip")
"""What is worth compressing: the zips and compiled wheels of a site are stored, not deflated."""

WORTH_IT = 0.95  # a copy is kept only if it is at most this part of the original


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


def _brotli(content: bytes) -> bytes:
    return bytes(brotli.compress(content, quality=11, lgwin=WINDOW))


ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {".br": _brotli, ".gz": _gzip}
"""Suffix of the copy → how it is made."""


def compressed_copies(name: str, content: bytes) -> dict[str, bytes]:
    """Return the copies to put beside a file: its name with .br and .gz, where that saves anything."""
    if not name.endswith(SUFFIXES):
        return {}
    copies = {name + suffix: _cached(suffix, content) for suffix in ENCODERS}
    return {copy: small for copy, small in copies.items() if len(small) <= WORTH_IT * len(content)}


def _cached(suffix: str, content: bytes) -> bytes:
    """Compress, or read what was made of the same content before: brotli takes half a minute for the whole site."""
    path: Path = COMPRESSED / f"{hashlib.sha256(content).hexdigest()}{suffix}"
    if not path.exists():
        COMPRESSED.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        unfinished.write_bytes(ENCODERS[suffix](content))
        unfinished.replace(path)
    return path.read_bytes()
