"""The CAs that this page knows, and how it reaches each: directly, through a relay that adds CORS headers, or not at all.

`static/data/cas.json` lists them. The page's policy (`connect-src`) is made from the same list, so nothing else can be reached,
whatever a script or a CA asks for. The facts in that list are in English; `app.text` translates them.
"""

import re
from dataclasses import dataclass, fields, replace
from typing import Final, Literal, get_args
from urllib.parse import urljoin

from app.acme.urls import check_same_origin, https_host, origin_of
from app.encoding.entry_list import read_entries
from app.encoding.strict_json import JsonObject
from app.errors import AddressError, InputError, ProtocolError
from app.pki.private_key_detection import looks_like_private_key

YesNoUnknown = Literal["yes", "no", "unknown"]
"""A fact about a CA, as far as it is known."""

Reachability = Literal["direct", "relay", "none"]
"""How a page reaches a CA: directly, through the CA's `relay`, or not at all."""


@dataclass(frozen=True)
class CertificateAuthority:
    """One CA.

    `id` is the value of the page's `ca` hook. `directory` is the CA's own URL; it is what gets signed. `cors` is whether it
    lets browsers read its responses, Replay-Nonce included. `relay` is the URL to which its requests are sent instead, ending
    in "/" (a path is on the page's own host), or None. `records` is the practice CA's record server, ending in "/", or None.

    Facts for people: `trusted` by browsers or for tests only; `external_account` says how to get the credentials that it
    requires with a new account (EAB, RFC 8555 §7.3.4), "" where it requires none; `wildcard` and `ip` are what it issues for;
    `must_staple` is whether it accepts requests for OCSP must-staple (RFC 7633); `warning` is a sentence about possible costs,
    or ""; `notes` are sentences about other conditions; `staging` is the id of its CA for trials; `closed` says since when it
    issues nothing and what to use instead, "" while it is open. `terms` is where its terms can be read before an order, or
    None. `failed_validations` says in a few words how often a validation may fail, or ""; `failures_per_hour` is that as a
    number for each name and account, where it is known. `redundant_names` is whether it accepts an order with a wildcard and a
    name that this covers. A CA with a `summary`, one line that says what to know before one chooses it, stands in the form as a
    card; `limits` is the second line there, or "". `caa` are the domain names by which CAA records name it (RFC 8659 §4.2),
    none where they are not known.
    """

    id: str
    name: str
    directory: str
    cors: YesNoUnknown = "unknown"
    relay: str | None = None
    records: str | None = None
    trusted: bool = False
    external_account: str = ""
    wildcard: YesNoUnknown = "unknown"
    ip: YesNoUnknown = "unknown"
    must_staple: YesNoUnknown = "unknown"
    warning: str = ""
    notes: tuple[str, ...] = ()
    staging: str | None = None
    closed: str = ""
    terms: str | None = None
    failed_validations: str = ""
    failures_per_hour: int | None = None
    redundant_names: YesNoUnknown = "unknown"
    summary: str = ""
    limits: str = ""
    caa: tuple[str, ...] = ()

    @property
    def reachability(self) -> Reachability:
        """How this page reaches it. Where its CORS headers are unknown, directly: the first requests will tell."""
        if self.closed:
            return "none"
        if self.relay is not None:
            return "relay"
        return "none" if self.cors == "no" else "direct"

    def relay_url(self, url: str) -> str:
        """Where a request for the CA's `url` is sent: `RELAY/HOST/PATH` or the URL itself.

        Raises `AddressError` unless `url` is https (RFC 8555 §6.1) and at the origin of the directory.
        """
        check_same_origin(url, self.directory)
        if self.relay is None:
            return url
        return self.relay + url[len("https://") :]

    def ca_url_of(self, sent: str) -> str | None:
        """The CA's own URL of a request that was sent to `sent`, or None where it was not for this CA."""
        if self.relay is None:
            return sent if origin_of(sent) == origin_of(self.directory) else None
        if not sent.startswith(self.relay):
            return None
        url = "https://" + sent[len(self.relay) :]
        return url if origin_of(url) == origin_of(self.directory) else None

    def relative_to(self, page: str) -> "CertificateAuthority":
        """The same CA, with relay and record server as absolute URLs, as the page at the address `page` reaches them."""
        relay, records = (url and urljoin(page, url) for url in (self.relay, self.records))
        return replace(self, relay=relay, records=records)

    @property
    def origin(self) -> str:
        """The origin to which the browser connects for this CA; "" where it cannot, or the relay is on the page's host."""
        return "" if self.reachability == "none" else origin_of(self.relay or self.directory)


_CATALOG: Final = "cas.json"

_IDENTITY: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")

MEMBERS: Final = frozenset(field.name for field in fields(CertificateAuthority))


def parse_catalog(text: str) -> tuple[CertificateAuthority, ...]:
    """Read `cas.json`: a list of objects with the members of `CertificateAuthority`; `id`, `name` and `directory` are required.

    People write that file by hand, so misspelt members are refused, too. Raises `ProtocolError`.
    """
    return tuple(map(_parse, read_entries(text, _CATALOG, MEMBERS)))


def _parse(entry: JsonObject) -> CertificateAuthority:
    authority = CertificateAuthority(
        id=entry.text("id"),
        name=entry.text("name"),
        directory=entry.text("directory"),
        cors=_yes_no_unknown(entry, "cors"),
        relay=entry.optional_text("relay"),
        records=entry.optional_text("records"),
        trusted=entry.flag("trusted"),
        external_account=entry.optional_text("external_account") or "",
        wildcard=_yes_no_unknown(entry, "wildcard"),
        ip=_yes_no_unknown(entry, "ip"),
        must_staple=_yes_no_unknown(entry, "must_staple"),
        warning=entry.optional_text("warning") or "",
        notes=entry.texts("notes"),
        staging=entry.optional_text("staging"),
        closed=entry.optional_text("closed") or "",
        terms=entry.optional_text("terms"),
        failed_validations=entry.optional_text("failed_validations") or "",
        failures_per_hour=entry.number("failures_per_hour"),
        redundant_names=_yes_no_unknown(entry, "redundant_names"),
        summary=entry.optional_text("summary") or "",
        limits=entry.optional_text("limits") or "",
        caa=_identities(entry),
    )
    if not https_host(authority.directory):
        raise ProtocolError("ca-list-directory-not-https", id=authority.id)
    if any(prefix is not None and not prefix.endswith("/") for prefix in (authority.relay, authority.records)):
        raise ProtocolError("ca-list-url-without-slash", id=authority.id)
    return authority


def _identities(entry: JsonObject) -> tuple[str, ...]:
    names = entry.texts("caa")
    for name in names:
        if not _IDENTITY.fullmatch(name):
            raise ProtocolError("ca-list-not-a-domain", detail=name[:100], id=entry.text("id"))
    return names


def _yes_no_unknown(entry: JsonObject, name: str) -> YesNoUnknown:
    value = entry.optional_text(name) or "unknown"
    for known in get_args(YesNoUnknown):
        if value == known:
            return known  # type: ignore[no-any-return]
    raise ProtocolError("ca-list-not-yes-no-unknown", detail=value, member=name)


def find_ca(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> CertificateAuthority:
    """The CA with this `id_`; for "custom" the one behind the `directory` URL that a person typed.

    A custom CA is reached like the listed CA at the same origin. Raises `InputError`, about the `directory` for "custom", else
    about the `id_`.
    """
    if id_ == "custom":
        return _custom_authority(authorities, directory.strip())
    for authority in authorities:
        if authority.id == id_:
            return authority
    raise InputError("unknown-ca")


def production_of(
    authorities: tuple[CertificateAuthority, ...], authority: CertificateAuthority
) -> CertificateAuthority | None:
    """The listed CA for whose trials `authority` is, or None. A custom one counts as the listed CA with the same directory."""
    trials = {listed.id for listed in authorities if listed.directory == authority.directory}
    return next((listed for listed in authorities if listed.staging in trials), None)


def usable_ca(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> CertificateAuthority:
    """As `find_ca`, for a new order: also raises `InputError` where this page cannot reach that CA."""
    authority = find_ca(authorities, id_, directory)
    if authority.reachability == "none":
        raise unreachable(authority)
    return authority


def unreachable(authority: CertificateAuthority) -> InputError:
    """Why this page cannot reach `authority`, whose `reachability` is "none"."""
    if authority.closed:
        return InputError("ca-closed", ca=authority.name, closed=authority.closed)
    return InputError("ca-needs-relay", ca=authority.name)


def _custom_authority(authorities: tuple[CertificateAuthority, ...], url: str) -> CertificateAuthority:
    if looks_like_private_key(url):
        raise InputError("directory-url-private-key")
    try:
        check_same_origin(url, url)
    except AddressError as error:
        raise InputError("directory-url-invalid") from error
    for listed in authorities:
        if origin_of(listed.directory) == origin_of(url):
            return replace(listed, id="custom", name=https_host(url), directory=url, terms=None)
    raise InputError("directory-url-not-allowed", origin=origin_of(url))


def find_ca_or_none(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> CertificateAuthority | None:
    """What `find_ca` gives, or None where it raises."""
    try:
        return find_ca(authorities, id_, directory)
    except InputError:
        return None


def ca_name(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> str:
    """What people call the CA of a record; its directory URL where the list does not have it any more."""
    authority = find_ca_or_none(authorities, id_, directory)
    return authority.name if authority else directory
