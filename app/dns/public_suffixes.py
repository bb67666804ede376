"""Registered domains, by the public suffix list: the name below a suffix under which anybody can get one (RFC 9499 §5).

Its package is loaded on demand. So whoever needs this module imports it inside a function, after
`packages.load("publicsuffixlist")`.
"""

from functools import cache

from publicsuffixlist import PublicSuffixList


def registered_domain(name: str) -> str:
    """The registered domain of `name`, which is in lower-case ASCII without `*.` and final dot: shop.co.uk for www.shop.co.uk.

    Names that somebody gives away count, too: x.github.io is one. Under a suffix that the list does not have, such as test, it
    is the last two labels. A suffix is its own registered domain, because there is none above.
    """
    return _list().privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Whether anybody can get names right below `name`, such as co.uk; true of each top-level domain."""
    return _list().privatesuffix(name) is None


@cache
def _list() -> PublicSuffixList:
    """The list as it came with the package: 10,000 suffixes, read once."""
    return PublicSuffixList()
