"""Names and addresses that no public CA issues for: they mean something else in every network (CA/B BR §4.2.2, RFC 6761)."""

import ipaddress
from typing import Final

from app.acme.identifier import Identifier

PRIVATE_DOMAINS: Final = (
    "local",  # RFC 6762
    "localhost",  # RFC 6761
    "localdomain",
    "lan",
    "internal",  # reserved by ICANN in 2024
    "intranet",
    "private",
    "home.arpa",  # RFC 8375
    "home",
    "corp",
    "invalid",  # RFC 6761
    "test",  # RFC 6761
)
"""Domains that are in no public DNS. Those of examples are not among them: they stand for a public one."""

_DOCUMENTATION: Final = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
)
"""Addresses of examples (RFC 5737, RFC 3849, RFC 9637): like shop.example, they stand for public ones."""


def why_not_public(identifier: Identifier) -> str:
    """Why no public CA can issue for `identifier`, in a person's words; "" where one may."""
    if identifier.type == "ip":
        return _why_not_address(identifier.value)
    name = f".{identifier.base}"
    domain = next((domain for domain in PRIVATE_DOMAINS if name.endswith(f".{domain}")), "")
    if not domain:
        return ""
    return (
        f"{identifier.value}: no public CA can issue for names under .{domain}, which exist in private networks only. Use a "
        "name of a domain that you own, or a CA of your own network."
    )


def _why_not_address(text: str) -> str:
    address = ipaddress.ip_address(text)
    if address.is_global or any(address in network for network in _DOCUMENTATION):
        return ""
    return (
        f"{text} is an address within a network or a computer: no public CA can issue for it. Use a name of a domain that you "
        "own, or a CA of your own network."
    )
