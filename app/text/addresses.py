"""Addresses of a name in words: whether the CA can reach the web server there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.acme.identifier import readable
from app.dns.checks.addresses import AddressFinding, AddressVerdict
from app.text.catalog import N_, _

MAX_SHOWN: Final = 3
"""Addresses of a kind that are named."""

_WORDS: Final[Mapping[AddressVerdict, tuple[str, str]]] = {
    "fine": ("", ""),
    "two-machines": (
        N_("Two servers may answer."),
        N_(
            "{name} has an IPv4 address ({ipv4:list}) and an IPv6 address ({ipv6:list}). CAs try IPv6 first. If that is "
            "another machine, put the file there too, or remove its AAAA record."
        ),
    ),
    "private": (
        N_("The address leads nowhere from outside."),
        N_("{name} has the address {private:list}, which only your own network reaches, so {ca} cannot open it."),
    ),
    "none": (N_("The name has no address."), N_("{name} has no A and no AAAA record, so {ca} cannot open it.")),
    "no-domain": (
        N_("The name is not in DNS."),
        N_("{name} is not there: it may be spelt differently, not be there yet, or have expired. {ca} cannot open it."),
    ),
    "failure": (
        N_("The address cannot be looked up."),
        N_("The question for {name} fails, and {ca} would probably see the same."),
    ),
    "unknown": ("", ""),
}
"""What is wrong, and what it means."""


@dataclass(frozen=True)
class AddressWords:
    """`title` is what is wrong, `means` what it means."""

    title: str
    means: str


def address_words(finding: AddressFinding, ca: str) -> AddressWords | None:
    """What is said about the addresses of a name at the CA with the name `ca`; None where nothing must be said."""
    title, means = _WORDS[finding.verdict]
    if not title:
        return None
    values = {
        "name": readable(finding.name),
        "ca": ca,
        "ipv4": finding.ipv4[:MAX_SHOWN],
        "ipv6": finding.ipv6[:MAX_SHOWN],
        "private": finding.private[:MAX_SHOWN],
    }
    return AddressWords(_(title), _(means, **values))
