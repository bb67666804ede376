"""Compares a host's headers for the index page with those that the page is made for."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import httpx

_FORBIDDEN: Final = ("Content-Security-Policy-Report-Only", "Refresh")  # they report what happens in the page, or lead away
_HTML: Final = re.compile(r'text/html(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)


def different_headers(headers: httpx.Headers, expected: Mapping[str, str]) -> Iterator[str]:
    """The names of headers that say something other than `expected`.

    One that is missing contradicts nothing: the policy in the page's own <meta> element stays in force. A second policy
    cannot weaken the first, but it can report to somebody, or stop what the page needs.
    """
    for name, value in expected.items():
        sent = headers.get_list(name)
        if sent and not (len(sent) == 1 and _agree(name, sent[0], value)):
            yield name
    yield from (name for name in _FORBIDDEN if name in headers)
    if not _HTML.fullmatch(headers.get("content-type", "").strip()):
        yield "Content-Type"


def missing_headers(headers: httpx.Headers, expected: Mapping[str, str]) -> Iterator[str]:
    """The names of the headers among `expected` that are not there."""
    return (name for name in expected if name not in headers)


def _agree(name: str, sent: str, expected: str) -> bool:
    match name:
        case "Content-Security-Policy":
            return _directives(sent) == _directives(expected)
        case "Permissions-Policy":  # hosts have one of their own, which takes away other features
            return all(part.strip().endswith("=()") for part in sent.split(","))
        case _:
            return sent.strip().lower() == expected.lower()


def _directives(policy: str) -> list[str]:
    """The directives of a policy; their order and the spaces between them say nothing."""
    return sorted(" ".join(directive.split()) for directive in policy.split(";") if directive.strip())
