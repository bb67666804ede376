"""Compares a deployed copy of the page with a build that is made here, file by file.

    python -m tools.verify URL [--practice] [--relay ADDRESS] [--origins ORIGINS]

The options must be those that the copy was made with. Exit code 0: all that browsers load is the same. 1: something differs,
and is listed. 2: the copy cannot be read.
"""

import argparse
import hashlib
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from tools.build import practice_from
from tools.dist import add_dist_options, make_dist

SUMS: Final = "SHA256SUMS"
TIMEOUT: Final = 30.0  # seconds for any wait on the server
MOST_BYTES: Final = 64 << 20  # of a file; the largest has some ten
AT_ONCE: Final = 8  # requests


class UnreachableError(Exception):
    """The server of the copy gives no answer, or one from another host."""


@dataclass(frozen=True)
class Differences:
    """The names of files that are not as in the build. `unserved` are missing, too, but only servers need them."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    unserved: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The differences for a person, one a line."""
        kinds = (
            ("CHANGED", self.changed),
            ("MISSING", self.missing),
            ("NOT OURS", self.extra),
            ("not served; browsers do not need it", self.unserved),
        )
        return [f"{kind}: {name}" for kind, names in kinds for name in names]

    @property
    def same(self) -> bool:
        """Whether browsers load what the build has, and nothing else is listed there."""
        return not (self.changed or self.missing or self.extra)


def verify(url: str, dist: Path) -> Differences:
    """Compare the copy at `url` (its index page) with the folder `dist`. Raises `UnreachableError`."""
    base = urljoin(url, ".")
    wanted = _read_sums((dist / SUMS).read_bytes())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = dict(zip((*wanted, SUMS), pool.map(lambda name: _fetch(base, name), (*wanted, SUMS)), strict=True))
    listed = _read_sums(bodies[SUMS] or b"")
    gone = [name for name in wanted if bodies[name] is None]
    return Differences(
        changed=tuple(name for name, digest in wanted.items() if _differs(bodies[name], digest)),
        missing=tuple(name for name in gone if not _for_servers(name)),
        extra=tuple(sorted(listed.keys() - wanted.keys())),
        unserved=tuple(name for name in gone if _for_servers(name)),
    )


def _read_sums(text: bytes) -> Mapping[str, str]:
    """File name → hash, as sha256sum writes them; other lines do not count."""
    lines = (line.partition("  ") for line in text.decode("utf-8", "replace").splitlines())
    return {name: digest for digest, _, name in lines if name}


def _for_servers(name: str) -> bool:
    """Settings and compressed copies: hosts use them and need not hand them out."""
    return name == "_headers" or name.startswith("servers/") or name.endswith((".br", ".gz"))


def _differs(body: bytes | None, digest: str) -> bool:
    return body is not None and hashlib.sha256(body).hexdigest() != digest


def _fetch(base: str, name: str) -> bytes | None:
    """The file as the server gives it, or None where it has none. The index page is asked for as visitors do."""
    address = base if name == "index.html" else urljoin(base, quote(name))
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 – main lets http and https through only
            if urlsplit(response.url).netloc != urlsplit(base).netloc:
                raise UnreachableError(f"{address} leads to another host: {response.url}")
            body: bytes = response.read(MOST_BYTES)
            return body
    except urllib.error.HTTPError as error:
        if error.code in (403, 404, 410):
            return None
        raise UnreachableError(f"{address} answers {error.code}.") from error
    except OSError as error:
        raise UnreachableError(f"{address} gives no answer: {error}") from error


def main() -> None:
    """Verify a copy from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.verify", description="Compare a deployed copy with a build made here."
    )
    parser.add_argument("url", help="the address of the page, as visitors open it")
    add_dist_options(parser)
    arguments = parser.parse_args()
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        parser.error("the address starts with https://")
    print("Building the page to compare with; the first time takes a minute.", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        make_dist(dist, practice_from(arguments), arguments.relay, arguments.origins)
        try:
            found = verify(arguments.url, dist)
        except UnreachableError as error:
            print(error, file=sys.stderr)
            sys.exit(2)
    print(*found.lines, sep="\n", end="\n" if found.lines else "")
    if not found.same:
        print(f"{arguments.url} is not this build. Another version, other options, or somebody changed it.")
        sys.exit(1)
    print(f"{arguments.url} serves this build, byte for byte.")


if __name__ == "__main__":
    main()
