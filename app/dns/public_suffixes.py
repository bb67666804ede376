"""Registered domains, by the public suffix list: the name below a suffix under which anybody can get one (RFC 9499 §5).

Its package is loaded on demand. So whoever needs this module imports it inside a function, after
`packages.load("publicsuffixlist")`.
"""

from functools import cache
from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList


def registered_domain(name: str) -> str:
    """The registered domain of `name`, which is in lower-case ASCII without `*.` and final dot: shop.co.uk for www.shop.co.uk.

    Names that somebody gives away count, too: x.github.io is one. Under a suffix that the list does not have, such as test, it
    is the last two labels. A suffix is its own registered domain, because there is none above.
    """
    return _list(_top_of(name)).privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Whether anybody can get names right below `name`, such as co.uk; true of each top-level domain."""
    return _list(_top_of(name)).privatesuffix(name) is None


def _top_of(name: str) -> str:
    return name.rpartition(".")[2]


@cache
def _list(top: str) -> PublicSuffixList:
    """The suffixes in one top-level domain: to read all 10,000 would hold the page up."""
    return PublicSuffixList(_rules(top))


def _rules(top: str) -> list[str]:
    if top.startswith("xn--"):  # it is in Unicode there
        return [line for line in _lines() if not line.isascii()]
    return [line for line in _lines() if line == top or line.endswith(f".{top}")]


@cache
def _lines() -> tuple[str, ...]:
    return tuple(Path(PSLFILE).read_text(encoding="utf-8").splitlines())
