"""What each module of Python's standard library adds to the first visit: the largest of those that the page loads.

Only the difference tells what would be won without a module: brotli writes what resembles other modules in a few bytes.
"""

import os
import re
import urllib.request
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urljoin

import brotli  # type: ignore[import-untyped]

from tests.bench.run import Run
from tests.bench.sites import NOW
from tests.bench.table import Row
from tools.archive import pack, unpack

SHOWN: Final = 30
WEIGHED: Final = 40  # modules that are weighed by leaving them out, those that are largest by themselves; each takes seconds
ARCHIVE: Final = re.compile(r'"([^"]*/python_stdlib\.zip)"')


def modules(run: Run) -> Iterable[Row]:
    """How many bytes less the archive of the standard library would be without a module, by brotli."""
    weights = {column: _weights(_archive(run.bench.sites[column]["relay"])) for column in run.bench.pages}
    largest = sorted(weights[NOW], key=lambda name: -weights[NOW][name])[:SHOWN]
    return [Row(name, {column: f"{found[name]:,}" for column, found in weights.items() if name in found}) for name in largest]


def _archive(page: str) -> Mapping[str, bytes]:
    """The files in the archive that a page loads."""
    found = ARCHIVE.search(_fetch(page).decode())
    if not found:
        raise RuntimeError(f"{page} names no archive of the standard library")
    return unpack(_fetch(urljoin(page, found[1])))


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:  # noqa: S310 – our own
        return bytes(response.read())


def _weights(files: Mapping[str, bytes]) -> dict[str, int]:
    """For each of the largest files, how many bytes it adds to the whole."""
    largest = sorted(files, key=lambda name: -_size(files[name]))[:WEIGHED]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # brotli lets other threads run
        whole, *without = pool.map(lambda left: _size(pack({k: v for k, v in files.items() if k != left})), ["", *largest])
    return {name: whole - size for name, size in zip(largest, without, strict=True)}


def _size(content: bytes) -> int:
    return len(brotli.compress(content, quality=11, lgwin=24))
