"""Identifiers: the names and addresses of a certificate (RFC 8555 §7.1.3, §9.7.7; RFC 8738 for IP addresses)."""

import ipaddress
from dataclasses import dataclass
from typing import Final

import idna

from app.encoding.strict_json import JsonObject

MAX_NAME: Final = 253  # characters of a DNS name (RFC 1035 §2.3.4)


@dataclass(frozen=True, order=True)
class Identifier:
    """One name or address as the CA writes it.

    `type` is "dns", and `value` is lower-case ASCII, `*.` in front for a wildcard; or `type` is "ip", and `value` is an IPv4
    address or an IPv6 address in its short form (RFC 5952 §4, RFC 8738 §3).
    """

    type: str
    value: str

    @property
    def is_wildcard(self) -> bool:
        """Whether it covers every name one label below (RFC 8555 §7.1.3)."""
        return self.value.startswith("*.")

    @property
    def base(self) -> str:
        """The name without `*.`: the one that an authorization names (RFC 8555 §7.1.4)."""
        return self.value.removeprefix("*.")

    @property
    def domains(self) -> tuple[str, ...]:
        """The name without `*.`, then each domain above it; an address is alone. Whoever is below a domain has it here."""
        labels = self.base.split(".") if self.type == "dns" else [self.base]
        return tuple(".".join(labels[n:]) for n in range(len(labels)))

    @property
    def server_name(self) -> str:
        """The name in SNI: the name itself, or an address's name in the reverse DNS (RFC 8738 §6)."""
        return ipaddress.ip_address(self.value).reverse_pointer if self.type == "ip" else self.value

    @property
    def readable(self) -> str:
        """The name as people write it, followed by the ASCII form where that differs: "bücher.example (xn--…)"."""
        return readable(self.value)

    @property
    def typed(self) -> str:
        """The name as a person types it: "bücher.example"; in ASCII where the other form would be read as another name."""
        name = _unicode(self.value)
        return name if _ascii(name) == self.value else self.value

    def to_json(self) -> dict[str, str]:
        """The identifier object of RFC 8555 §7.1.3."""
        return {"type": self.type, "value": self.value}

    @classmethod
    def parse(cls, fields: JsonObject) -> "Identifier":
        """Read an identifier object: names in lower case (RFC 4343), addresses in canonical form, so that they compare equal.

        Raises `ProtocolError`.
        """
        type_, value = fields.text("type"), fields.text("value").lower()
        return cls(type_, ip_text(value) or value) if type_ == "ip" else cls(type_, value)

    @property
    def canonical(self) -> "Identifier":
        """The name in the form in which it is ordered. CAs may write a final dot or U-labels (RFC 5890 §2.3.2.1)."""
        return Identifier(self.type, _ascii(self.value.removesuffix("."))) if self.type == "dns" else self

    def is_below(self, other: "Identifier") -> bool:
        """Whether this is a name within the domain `other`, at any depth: an authorization for that can cover it (RFC 9444)."""
        return self.type == other.type == "dns" and self.base.endswith(f".{other.base}")


def _ascii(name: str) -> str:
    """A name with its U-labels as A-labels (RFC 5891 §4.4); an invalid IDN stays as it is."""
    if name.isascii() or len(name) > MAX_NAME:
        return name
    star = "*." if name.startswith("*.") else ""
    try:
        return star + idna.encode(name.removeprefix("*."), uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def ip_text(address: str | bytes) -> str:
    """An IPv4 or IPv6 address, given as text or packed, in canonical form; "" for anything else."""
    if isinstance(address, str) and ":" not in address and not address[-1:].isdigit():
        return ""  # nearly every name: quicker than to try
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def readable(name: str) -> str:
    """A name from a CA or a certificate as people write it; an invalid IDN stays as it is (RFC 5891 §4.4)."""
    unicode_name = _unicode(name)
    return name if unicode_name == name else f"{unicode_name} ({name})"


def _unicode(name: str) -> str:
    """A name with its A-labels as U-labels; an invalid IDN stays as it is."""
    if "xn--" not in name:
        return name
    star = "*." if name.startswith("*.") else ""
    try:
        return star + idna.decode(name.removeprefix("*."))
    except idna.IDNAError:
        return name
