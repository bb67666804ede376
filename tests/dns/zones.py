"""The zones of `make test-dns`: what is in them, and how some are signed.

All are below `example`. Where not said otherwise, resolvers forget at once what they were told, also that there is nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import dns.dnssec
import dns.rdtypes.ANY.DNSKEY
import dns.versioned
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

SHORT, LONG = 0, 600  # seconds
ALGORITHM: Final = "ECDSAP256SHA256"

Signing = Literal["", "good", "expired"]
"""Not signed; signed by the server, also after each change; signed long ago, so that no signature is good any more."""


@dataclass(frozen=True)
class Zone:
    """One zone. `records` are lines of its zone file beside SOA, NS and the server's address.

    `minimum` is how many seconds resolvers remember that there is nothing (RFC 2308), and the TTL of all records here.
    """

    name: str
    records: tuple[str, ...] = ()
    signing: Signing = ""
    minimum: int = SHORT

    def text(self) -> str:
        """Its zone file, not signed (RFC 1035 §5)."""
        start = (
            f"$ORIGIN {self.name}.",
            f"$TTL {self.minimum}",
            f"@ SOA ns1 hostmaster 1 3600 600 86400 {self.minimum}",
            "@ NS ns1",
            "ns1 A 127.0.0.1",
        )
        return "\n".join((*start, *self.records, ""))


ZONES: Final = (
    Zone("example"),
    Zone("plain.example", ("single A 1.2.3.4", "dual A 1.2.3.4", "dual AAAA 2a00::1", "inside A 192.168.1.2", "empty TXT x")),
    Zone("slow.example", minimum=LONG),
    Zone("signed.example", signing="good"),
    Zone("slow-signed.example", signing="good", minimum=LONG),
    Zone("bogus.example", signing="expired"),
    Zone("wild.example", ('* TXT "from a wildcard"',)),
    Zone("delegated.example", ("_acme-challenge NS ns.elsewhere.example.", "_acme-challenge.lost NS ns.nowhere.example.")),
    Zone("_acme-challenge.delegated.example"),
    Zone(
        "caa.example",
        (
            '@ CAA 0 issue "other.example"',
            'ours CAA 0 issue "ca.example"',
            'nobody CAA 0 issue ";"',
            'stars CAA 0 issue "ca.example"',
            'stars CAA 0 issuewild "other.example"',
            'critical CAA 0 issue "ca.example"',
            'critical CAA 128 future "unknown"',
            'account CAA 0 issue "ca.example; accounturi=https://ca.example/account/1"',
            'method CAA 0 issue "ca.example; validationmethods=http-01"',
            "alias CNAME ours",
        ),
    ),
    Zone("caa-fails.example"),
)

LAME: Final = "lame.example"
"""Its server answers REFUSED to everything."""

SILENT: Final = ("silent.example", "_acme-challenge.lost.delegated.example")
"""Nobody listens where their server should be."""

CAA_FAILS: Final = "caa-fails.example"
"""Its server answers NOTIMP to CAA questions."""


def zone_of(name: str) -> str:
    """The zone in `ZONES` that holds `name`."""
    return max((zone.name for zone in ZONES if f".{name}".endswith(f".{zone.name}")), key=len)


def write_zone_files(folder: Path, zones: Iterable[Zone] = ZONES) -> Mapping[str, str]:
    """Write ZONE.zone for each. Gives the DS records of those whose signatures are expired: name → record."""
    anchors = {}
    for zone in zones:
        text = zone.text()
        if zone.signing == "expired":
            text, anchors[zone.name] = _signed_long_ago(zone)
        (folder / f"{zone.name}.zone").write_text(text)
    # The root, so that a resolver asks nobody outside this machine.
    (folder / "root.zone").write_text("$TTL 0\n. SOA ns1.example. h.example. 1 3600 600 86400 0\n. NS ns1.example.\n")
    return anchors


def anchor(zone: str, key: dns.rdtypes.ANY.DNSKEY.DNSKEY) -> str:
    """The DS record by which a resolver trusts `key` for `zone` (RFC 4034 §5)."""
    return f"{zone}. DS {dns.dnssec.make_ds(f'{zone}.', key, 'SHA256')}"


def _signed_long_ago(zone: Zone) -> tuple[str, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), ALGORITHM, flags=257)
    content = dns.zone.from_text(zone.text(), relativize=False, zone_factory=dns.versioned.Zone)
    now, day = datetime.now(UTC), timedelta(days=1)
    with content.writer() as change:
        dns.dnssec.sign_zone(
            content,
            change,
            [(private, key)],
            add_dnskey=True,
            dnskey_ttl=zone.minimum,
            inception=now - 30 * day,
            expiration=now - 2 * day,
        )
    return content.to_text(relativize=False, want_origin=True), anchor(zone.name, key)
