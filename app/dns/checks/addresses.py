"""Addresses of a name that is to be proven by a file or on port 443: are there any, and can a CA reach them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.dns.lookup.client import ResolverClient

AddressVerdict = Literal["fine", "two-machines", "private", "none", "no-domain", "failure", "unknown"]
"""Fine; there is IPv4 and IPv6, which CAs try first, so both must lead to the same server; an address that nobody outside reaches;
no address; no such name; the question fails; nobody could be asked."""


@dataclass(frozen=True)
class AddressFinding:
    """What is known of the addresses of `name`.

    `ipv4` and `ipv6` are what the resolvers answer, `private` are those among them that lead nowhere from outside, `alias` is where
    a CNAME leads, or "". `detail` are the resolver's words, untrusted, or "".
    """

    name: str
    verdict: AddressVerdict
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    alias: str = ""
    detail: str = ""


async def look_at_addresses(client: ResolverClient, names: Iterable[str]) -> tuple[AddressFinding, ...]:
    """Ask A and AAAA of each of `names`, each once. Raises `PackageError`."""
    raise NotImplementedError
