"""What every DNS service can do for a proof, and what goes wrong there. One module beside this one for each kind of service.

A write replaces a whole record set, so whoever writes reads first, adds to what is there, and holds the lock of the zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from app.errors import KeystayError
from app.ports import Http, Request

TOKEN_MARK: Final = "(token)"  # noqa: S105 – it stands for one
"""Stands for the token in a request. Only below the log the token takes its place (`app.network.token_header`)."""

MAX_SETS: Final = 100
"""Record sets of one write: a certificate has no more names."""

TxtSets = Mapping[str, tuple[str, ...]]
"""Names (lower-case ASCII without final dot) → their TXT records, each as a zone file writes it: in quotes."""

Kind = Literal["desec", "powerdns"]
"""The kinds of services, named as in static/data/dns_services.json."""


class DnsServiceError(KeystayError):
    """A DNS service did not do what was asked of it. Whether it has acted is not known, unless the class says so.

    `service` is its name for people.
    """

    def __init__(self, code: str, service: str, *, detail: str = "", **values: Any) -> None:
        super().__init__(code, detail=detail, service=service, **values)
        self.service = service


class TokenError(DnsServiceError):
    """… because of the token: there is none, it is not known there, or it does not allow this. Nothing was changed there."""


class BusyServiceError(DnsServiceError):
    """… because it was asked too often. Nothing was changed there. `wait` is for how many seconds, None for unknown."""

    def __init__(self, service: str, wait: int | None, *, detail: str = "") -> None:
        super().__init__("dns-service-busy", service, detail=detail, wait=wait or 0)
        self.wait = wait


@dataclass(frozen=True)
class Zone:
    """A zone at a service. `min_ttl` is the lowest TTL that it takes there, in seconds."""

    name: str
    min_ttl: int


class DnsService(Protocol):
    """The API of one service. Every method raises `DnsServiceError`; names are lower-case ASCII without final dot."""

    async def zones(self) -> tuple[Zone, ...]:
        """The zones that the token may see."""
        ...

    async def zone_of(self, name: str) -> Zone | None:
        """The zone there in which records at `name` belong, or None."""
        ...

    async def read(self, zone: Zone) -> TxtSets:
        """All TXT record sets of `zone`."""
        ...

    async def write(self, zone: Zone, sets: TxtSets) -> None:
        """Replace each of `sets` in `zone` as a whole; an empty one is removed. All of them in one request."""
        ...


@dataclass(frozen=True)
class ServiceApi:
    """One kind of service, as a client of its API.

    The token goes into the `header`, behind `prefix`. `allows` tells whether a request, whose URL continues the API's by
    `path`, is one that this page makes: it reads records, or writes TXT records. `client` makes the client by which `Http`
    reaches the service called `name`, at the URL `api`.
    """

    header: str
    prefix: str
    allows: Callable[[Request, str], bool]
    client: Callable[[Http, str, str], DnsService]


def quoted(value: str) -> str:
    """A TXT record with one string of at most 255 letters, digits and other characters that need no escape (RFC 1035 §5.1)."""
    return f'"{value}"'
