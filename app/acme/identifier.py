"""What a certificate is for (RFC 8555 §7.1.3, §9.7.7)."""

from dataclasses import dataclass

import idna

from app.acme.fields import Fields


@dataclass(frozen=True, order=True)
class Identifier:
    """One name as the CA writes it: `type` is "dns"; `value` is lower-case ASCII, `*.` in front for a wildcard."""

    type: str
    value: str

    @property
    def is_wildcard(self) -> bool:
        """Whether it stands for every name one label below (RFC 8555 §7.1.3)."""
        return self.value.startswith("*.")

    @property
    def base(self) -> str:
        """The name without `*.`: the one that an authorization speaks of (RFC 8555 §7.1.4)."""
        return self.value.removeprefix("*.")

    @property
    def readable(self) -> str:
        """The name as people write it, with the ASCII form behind where that differs: "bücher.example (xn--…)"."""
        return readable(self.value)

    def to_json(self) -> dict[str, str]:
        """The identifier object of RFC 8555 §7.1.3."""
        return {"type": self.type, "value": self.value}

    @classmethod
    def parse(cls, fields: Fields) -> "Identifier":
        """Read an identifier object; names are compared in lower case (RFC 4343). Raises `ProtocolError`."""
        return cls(fields.text("type"), fields.text("value").lower())


def readable(name: str) -> str:
    """A name from a CA or a certificate as people write it; what is no valid IDN stays as it is (RFC 5891 §4.4)."""
    if "xn--" not in name:
        return name
    star = "*." if name.startswith("*.") else ""
    try:
        own_script = idna.decode(name.removeprefix("*."))
    except idna.IDNAError:
        return name
    return f"{star}{own_script} ({name})"
