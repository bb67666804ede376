"""`tempfile` in a page: a file with a name, as Pyodide needs one to unpack a package."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

FOLDER: Final = "/tmp"  # noqa: S108 – the page’s own, in memory


@contextmanager
def NamedTemporaryFile(*, suffix: str = "") -> Iterator[BinaryIO]:
    """An empty file for bytes with its path as `name`; it is deleted at the end of the block."""
    path = f"{FOLDER}/{os.urandom(8).hex()}{suffix}"
    with open(path, "x+b") as file:  # noqa: PTH123 – the page has imported no pathlib yet
        try:
            yield file
        finally:
            os.unlink(path)  # noqa: PTH108
