"""Compares a deployed copy of the page with a build that is made here, file by file.

    python -m tools.verify URL [--practice] [--relay ADDRESS] [--origins ORIGINS] [--resolvers RESOLVERS]
                               [--powerdns ORIGIN] [--default-ca CA] [--contact ADDRESS]

The options must be those that the copy was made with. Every file is requested as browsers do, in every encoding; the
pages and the data, which no hash protects, as each of several browsers. Exit code 0: all that browsers load is the same. 1:
something differs, and is listed. 2: the copy cannot be read.
"""

import argparse
import asyncio
import hashlib
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from tools.browsers import BROWSERS, ENCODINGS, Browser
from tools.build import practice_from
from tools.cli import run_command
from tools.dist import add_dist_options, defaults_from, make_dist
from tools.host import FetchedFile, Host, UnreachableError, printable
from tools.policy import HASHED_FOLDER, is_page
from tools.policy_check import different_headers, missing_headers
from tools.site_lists import headers_of

SUMS: Final = "SHA256SUMS"
MAX_SECONDS: Final = 900  # for all files together
MAX_LIST: Final = 1 << 20  # bytes of the copy's own list of files
MAX_NAMES: Final = 50  # that are printed of a kind


@dataclass(frozen=True)
class Differences:
    """The names of files that are not as in the build. `unserved` are missing, too, but only servers need them.

    `different_policy` names headers of the pages that contradict those of the build, `missing_policy` those that are not
    sent. `only_for` lists, by file, the requests that got something else where others did not. `undecoded` are the files and
    encodings that could not be compared.
    """

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    unserved: tuple[str, ...]
    different_policy: tuple[str, ...] = ()
    missing_policy: tuple[str, ...] = ()
    undecoded: tuple[str, ...] = ()
    only_for: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The differences for a person, one a line; nothing in them can do anything to a terminal."""
        kinds = (
            ("CHANGED", self.changed),
            ("MISSING", self.missing),
            ("NOT OURS", self.extra),
            ("DIFFERENT HEADER", self.different_policy),
            ("not served; browsers do not need it", self.unserved),
        )
        return [line for kind, names in kinds for line in self._lines(kind, names)]

    @property
    def notes(self) -> list[str]:
        """What else a person should know, where all is the same."""
        missing_policy = "not sent, so only the policy inside the page holds"
        undecoded = "not compared, because it cannot be decoded here; Chrome and Firefox accept it"
        return [*self._lines(missing_policy, self.missing_policy), *self._lines(undecoded, self.undecoded)]

    @property
    def same(self) -> bool:
        """Whether browsers load what the build has under no other policy, and nothing else is listed there."""
        return not (self.changed or self.missing or self.extra or self.different_policy)

    def _lines(self, kind: str, names: Sequence[str]) -> Iterator[str]:
        for name in names[:MAX_NAMES]:
            yield f"{kind}: {printable(name)}"
            if name in self.only_for:
                yield f"    only for some requests: {'; '.join(self.only_for[name])}"
        if len(names) > MAX_NAMES:
            yield f"{kind}: {len(names) - MAX_NAMES} more"


def verify(url: str, dist: Path) -> Differences:
    """Compare the copy at `url` (its index page) with the folder `dist`. Raises `UnreachableError`."""
    return asyncio.run(_verify(urljoin(url, "."), dist))


async def _verify(base: str, dist: Path) -> Differences:
    wanted = _read_sums((dist / SUMS).read_bytes())
    # A compressed copy may also be decoded on its way, so that the file itself arrives.
    limits = {name: (dist / re.sub(r"\.(br|gz)$", "", name)).stat().st_size for name in wanted} | {SUMS: MAX_LIST}
    plan = [*_plan(wanted), (SUMS, BROWSERS[0], "identity")]
    try:
        async with asyncio.timeout(MAX_SECONDS), Host(base) as host:
            first = await host.fetch(*plan[0], limits[plan[0][0]])  # alone: where nobody answers, nothing else is begun
            others = await asyncio.gather(*(host.fetch(*question, limits[question[0]]) for question in plan[1:]))
    except TimeoutError as error:
        raise UnreachableError(f"{printable(base)} has not sent all files within {MAX_SECONDS} seconds.") from error
    answers: dict[str, list[FetchedFile]] = {}
    for (name, _, _), answer in zip(plan, (first, *others), strict=True):
        answers.setdefault(name, []).append(answer)
    listed = _read_sums(answers.pop(SUMS)[0].content or b"")
    return _compared(wanted, answers, tuple(sorted(listed.keys() - wanted.keys())), headers_of(dist))


def _read_sums(text: bytes) -> Mapping[str, str]:
    """File name → hash, as sha256sum writes them; other lines do not count."""
    lines = (line.partition("  ") for line in text.decode("utf-8", "replace").splitlines())
    return {name: digest for digest, _, name in lines if name}


def _plan(names: Iterable[str]) -> Iterator[tuple[str, Browser, str]]:
    """Which file is requested as which browser and in which encoding.

    The pages hold the hashes of what lies in folders named by their content, so not every browser requests these.
    """
    for number, name in enumerate(names):
        if _for_servers(name):
            yield name, BROWSERS[0], "identity"
        elif HASHED_FOLDER.search(name):
            yield from ((name, BROWSERS[(number + turn) % len(BROWSERS)], how) for turn, how in enumerate(ENCODINGS))
        else:
            yield from ((name, browser, encoding) for browser in BROWSERS for encoding in ENCODINGS)


def _for_servers(name: str) -> bool:
    """Settings and compressed copies: hosts use them and need not hand them out."""
    return name == "_headers" or name.startswith("servers/") or name.endswith((".br", ".gz"))


def _compared(
    wanted: Mapping[str, str], answers: Mapping[str, list[FetchedFile]], extra: tuple[str, ...], headers: Mapping[str, str]
) -> Differences:
    wrong = {name: [answer for answer in answers[name] if _differs(answer, name, wanted[name])] for name in wanted}
    gone = {name: [answer for answer in answers[name] if not answer.found] for name in wanted}
    odd = {name: [answer.request_name for answer in (*wrong[name], *gone[name])] for name in wanted}
    pages = [answer for name in wanted if is_page(name) for answer in answers[name] if answer.found]
    return Differences(
        changed=tuple(name for name in wanted if wrong[name]),
        missing=tuple(name for name in wanted if gone[name] and not _for_servers(name)),
        extra=extra,
        unserved=tuple(name for name in wanted if gone[name] and _for_servers(name)),
        different_policy=tuple(dict.fromkeys(name for page in pages for name in different_headers(page.headers, headers))),
        missing_policy=tuple(dict.fromkeys(name for page in pages for name in missing_headers(page.headers, headers))),
        undecoded=tuple(
            dict.fromkeys(f"{name} as {answer.undecoded}" for name in wanted for answer in answers[name] if answer.undecoded)
        ),
        only_for={name: requests for name, requests in odd.items() if 0 < len(requests) < len(answers[name])},
    )


def _differs(answer: FetchedFile, name: str, digest: str) -> bool:
    """Whether it is another file. A host may say of a compressed copy that it is the file, compressed."""
    if not answer.found or answer.undecoded:
        return False
    bodies = [answer.content, answer.sent] if _for_servers(name) else [answer.content]
    return all(body is None or hashlib.sha256(body).hexdigest() != digest for body in bodies)


def main() -> None:
    """Verify a copy from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.verify", description="Compare a deployed copy with a build from this checkout."
    )
    parser.add_argument("url", help="the URL of the page, as visitors open it")
    add_dist_options(parser)
    arguments = parser.parse_args()
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        parser.error("the address starts with https://")
    defaults = defaults_from(parser, arguments)
    print("Building the page to compare with; the first time takes a minute.", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        practice, relay, origins = practice_from(arguments), arguments.relay, arguments.origins
        make_dist(dist, practice, relay, origins, defaults, arguments.resolvers, arguments.powerdns)
        try:
            found = verify(arguments.url, dist)
        except UnreachableError as error:
            print(error, file=sys.stderr)
            sys.exit(2)
    for line in (*found.lines, *found.notes):
        print(line)
    url = printable(arguments.url)
    if not found.same:
        print(f"{url} is not this build: it is another version, was made with other options, or was changed by somebody.")
        sys.exit(1)
    print(f"{url} serves this build, byte for byte.")


if __name__ == "__main__":
    sys.exit(run_command("verify", main))
