"""Reads `POWERDNS=` of `make dist`: the origin of a PowerDNS server to which the page may write."""

import argparse
from typing import Any, Final

from tools.origins import is_reachable_origin

API: Final = "/api/v1/servers/localhost/"
"""Where its API is; "localhost" is what every PowerDNS calls itself there."""


def read_powerdns(text: str) -> str:
    """The origin of the server, for argparse; "" for none.

    It is https, because a page that came by https may connect to nothing else; on this computer, http will do. Raises
    `ArgumentTypeError` with a sentence.
    """
    origin = text.strip()
    if origin and not is_reachable_origin(origin):
        message = (
            f"{origin!r} is not the origin of a PowerDNS server. Write https:// and its host, with a port if it has one, and "
            "nothing after it: https://dns.example:8443"
        )
        raise argparse.ArgumentTypeError(message)
    return origin


def powerdns_entry(origin: str) -> dict[str, Any]:
    """The entry for dns_services.json of the server at `origin`."""
    host = origin.partition("//")[2]
    return {"id": "powerdns", "name": f"PowerDNS ({host})", "kind": "powerdns", "api": origin + API, "settle": 5}
