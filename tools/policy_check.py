"""Whether a host's headers for the index page agree with those that the page is made for."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import httpx

_POLICY: Final = "Content-Security-Policy"
_LISTS: Final = {_POLICY: ";", "Permissions-Policy": ","}  # header → what divides its parts, whose order says nothing
_FORBIDDEN: Final = (f"{_POLICY}-Report-Only", "Refresh")  # the first reports what happens in the page, the second leads away
_HTML: Final = re.compile(r'text/html(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)


def contradictions(headers: httpx.Headers, expected: Mapping[str, str]) -> Iterator[str]:
    """The names of headers that say something other than `expected`.

    One that is missing contradicts nothing: the policy in the page's own <meta> element stays in force. A second policy
    cannot weaken the first, but it can report to somebody, or stop what the page needs.
    """
    for name, value in expected.items():
        sent = headers.get_list(name)
        if sent and (len(sent) > 1 or _meaning(name, sent[0]) != _meaning(name, value)):
            yield name
    yield from (name for name in _FORBIDDEN if name in headers)
    if not _HTML.fullmatch(headers.get("content-type", "").strip()):
        yield "Content-Type"


def missing(headers: httpx.Headers, expected: Mapping[str, str]) -> Iterator[str]:
    """The names of the headers among `expected` that are not there."""
    return (name for name in expected if name not in headers)


def _meaning(name: str, value: str) -> object:
    """The value without what does not matter in it."""
    if name not in _LISTS:
        return value.strip().lower()
    return sorted(" ".join(part.split()) for part in value.split(_LISTS[name]) if part.strip())
