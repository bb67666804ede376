"""Names and addresses that no public CA issues for: each network gives them another meaning (CA/B BR §4.2.2, RFC 6761)."""

import ipaddress
from typing import Final

from app.acme.identifier import Identifier
from app.errors import InputError

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
"""Domains that are in no public DNS. Domains for examples are not among them: they stand for a public one."""

_DOCUMENTATION: Final = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
)
"""Addresses for examples (RFC 5737, RFC 3849, RFC 9637): like shop.example, they stand for public ones."""


def check_public(identifier: Identifier) -> None:
    """Raise `InputError` where no public CA can issue for `identifier`."""
    if identifier.type == "ip":
        _check_address(identifier.value)
        return
    name = f".{identifier.base}"
    domain = next((domain for domain in PRIVATE_DOMAINS if name.endswith(f".{domain}")), "")
    if domain:
        raise InputError("name-private", name=identifier.value, domain=domain)


def _check_address(text: str) -> None:
    address = ipaddress.ip_address(text)
    if not address.is_global and not any(address in network for network in _DOCUMENTATION):
        raise InputError("address-private", name=text)
