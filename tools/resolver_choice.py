"""Reads `RESOLVERS=` of `make dist`: whom the page may ask about DNS, by ids of static/data/resolvers.json or by URLs."""

import argparse
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from tools.origins import is_reachable_origin
from tools.paths import ROOT

_PATH: Final = re.compile(r"/[A-Za-z0-9._~/-]*")


def read_resolver_choice(text: str) -> tuple[str, ...]:
    """Read ids and URLs that are separated by spaces or commas, for argparse; each once, in their order.

    None at all means that the page asks nobody. Raises `ArgumentTypeError` with a sentence on the first that cannot be used.
    """
    words = tuple(dict.fromkeys(word for word in re.split(r"[\s,]+", text) if word))
    try:
        chosen_resolvers(json.loads((ROOT / "static" / "data" / "resolvers.json").read_bytes()), words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return words


def chosen_resolvers(listed: Sequence[dict[str, Any]], choice: Sequence[str] | None) -> list[dict[str, Any]]:
    """The entries that `choice` means, ids among `listed` or URLs; without a choice, those that are so by default.

    The resolver of the practice CA is none of them. Raises `ValueError` with a sentence where one can be none.
    """
    offered = {entry["id"]: entry for entry in listed if not entry.get("practice")}
    if choice is None:
        return [entry for entry in offered.values() if entry.get("default")]
    by_url = {entry["url"]: entry for entry in offered.values()}
    return [offered.get(word) or by_url.get(word) or _own(word, list(offered)) for word in choice]


def _own(url: str, ids: list[str]) -> dict[str, Any]:
    """The entry for a resolver that the list does not have: its host is all that is known of it.

    It is taken to check DNSSEC, so that what it says of broken signatures counts.
    """
    if "/" not in url:
        message = (
            f"{url!r} is no resolver of static/data/resolvers.json. Write its https URL or one of these ids: {', '.join(ids)}"
        )
        raise ValueError(message)
    origin, path = _parted(url)
    if not (is_reachable_origin(origin) and _PATH.fullmatch(path)):
        message = f"{url!r} is not the URL of a resolver. Write it like https://dns.example/dns-query, without a question mark"
        raise ValueError(message)
    host = origin.partition("//")[2]
    return {"id": host, "name": host, "url": url, "operator": host, "validates": True}


def _parted(url: str) -> tuple[str, str]:
    """Scheme and host of `url`, and the rest; no other reading of it than letter by letter."""
    scheme, slashes, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    return scheme + slashes + host, slash + path
