"""The CAs that this page knows, and the way to each: directly, through a relay that adds CORS headers, or none.

`static/data/cas.json` lists them. The page's policy (`connect-src`) is made from the same list, so what is not in it can
not be reached, whatever a script or a CA asks for.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, get_args
from urllib.parse import urljoin

from app.acme.urls import check_same_origin, https_host, origin_of
from app.encoding.strict_json import JsonObject, parse_json
from app.errors import AddressError, FieldError, InputError, ProtocolError
from app.pki.private_key_detection import looks_like_private_key

Known = Literal["yes", "no", "unknown"]
"""A fact about a CA, as far as anybody has told."""

Reachability = Literal["direct", "relay", "none"]
"""How a page reaches a CA: straight, through the CA's `relay`, or not at all."""


@dataclass(frozen=True)
class CertificateAuthority:
    """One CA.

    `id` is the value of the page's `ca` hook. `directory` is the CA's own URL; it is what gets signed. `cors` is whether it
    lets browsers read its answers, Replay-Nonce included. `relay` is the address that its requests are sent to instead,
    ending in "/" (a path is on the page's own host), or None. `records` is the practice CA's record server, ending in "/",
    or None.

    What people want to know: `trusted` by browsers or for tests only; `external_account` says how one gets the credentials
    that it wants with a new account (EAB, RFC 8555 §7.3.4), "" where it wants none; `wildcard` and `ip` are what it issues
    for; `must_staple` is whether it takes requests for OCSP must-staple (RFC 7633); `warning` is a sentence on what it may
    cost, or ""; `notes` are sentences on other conditions; `staging` is the id of its CA for trials; `closed` says since
    when it issues nothing and what to use instead, "" while it is open. `terms` is where its terms can be read before an
    order, or None. `failed_validations` says in a few words how often a proof may fail, or ""; `failures_per_hour` is that
    as a number for each name and account, where it is known. `redundant_names` is whether it takes an order with a wildcard
    and a name that this covers.
    """

    id: str
    name: str
    directory: str
    cors: Known = "unknown"
    relay: str | None = None
    records: str | None = None
    trusted: bool = False
    external_account: str = ""
    wildcard: Known = "unknown"
    ip: Known = "unknown"
    must_staple: Known = "unknown"
    warning: str = ""
    notes: tuple[str, ...] = ()
    staging: str | None = None
    closed: str = ""
    terms: str | None = None
    failed_validations: str = ""
    failures_per_hour: int | None = None
    redundant_names: Known = "unknown"

    @property
    def reachability(self) -> Reachability:
        """How this page reaches it. Where nobody knows about its CORS headers, directly: the first requests will tell."""
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
        """The CA's own URL of a request that was sent to `sent`, or None where it did not go this CA's way."""
        if self.relay is None:
            return sent if origin_of(sent) == origin_of(self.directory) else None
        url = "https://" + sent[len(self.relay) :]
        return url if sent.startswith(self.relay) and origin_of(url) == origin_of(self.directory) else None

    def relative_to(self, page: str) -> "CertificateAuthority":
        """The same CA, with relay and record server as absolute URLs, as the page at the address `page` reaches them."""
        relay, records = (url and urljoin(page, url) for url in (self.relay, self.records))
        return replace(self, relay=relay, records=records)

    @property
    def origin(self) -> str:
        """The origin that the browser connects to for this CA; "" where it has no way there or the relay is the page's own."""
        return "" if self.reachability == "none" else origin_of(self.relay or self.directory)


MEMBERS: Final = frozenset(field.name for field in fields(CertificateAuthority))


def parse_catalog(text: str) -> tuple[CertificateAuthority, ...]:
    """Read `cas.json`: a list of objects with the members of `CertificateAuthority`, of which `id`, `name` and `directory` are needed.

    People write that file by hand, so what is misspelt is refused too. Raises `ProtocolError`.
    """
    try:
        entries = parse_json(text.encode("utf-8"), "list")
    except ValueError as error:
        raise ProtocolError("The list of CAs is not JSON.", detail=str(error)) from error
    if not isinstance(entries, list):
        raise ProtocolError("The list of CAs is not a list.")
    authorities = tuple(_parse(entry) for entry in entries)
    ids = [authority.id for authority in authorities]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise ProtocolError(f"The list of CAs has {id_} twice.")
    return authorities


def _parse(value: Any) -> CertificateAuthority:
    entry = JsonObject(value, "list of CAs")
    unknown = sorted(set(value) - MEMBERS)
    if unknown:
        raise ProtocolError(f"The list of CAs has an entry with unknown members: {', '.join(unknown)}.")
    authority = CertificateAuthority(
        id=entry.text("id"),
        name=entry.text("name"),
        directory=entry.text("directory"),
        cors=_known(entry, "cors"),
        relay=entry.optional_text("relay"),
        records=entry.optional_text("records"),
        trusted=entry.flag("trusted"),
        external_account=entry.optional_text("external_account") or "",
        wildcard=_known(entry, "wildcard"),
        ip=_known(entry, "ip"),
        must_staple=_known(entry, "must_staple"),
        warning=entry.optional_text("warning") or "",
        notes=entry.texts("notes"),
        staging=entry.optional_text("staging"),
        closed=entry.optional_text("closed") or "",
        terms=entry.optional_text("terms"),
        failed_validations=entry.optional_text("failed_validations") or "",
        failures_per_hour=entry.number("failures_per_hour"),
        redundant_names=_known(entry, "redundant_names"),
    )
    if not https_host(authority.directory):
        raise ProtocolError(f"The list of CAs has a directory for {authority.id} that is not https.")
    if any(prefix is not None and not prefix.endswith("/") for prefix in (authority.relay, authority.records)):
        raise ProtocolError(f"The list of CAs has a relay or record server for {authority.id} that does not end in “/”.")
    return authority


def _known(entry: JsonObject, name: str) -> Known:
    value = entry.optional_text(name) or "unknown"
    for known in get_args(Known):
        if value == known:
            return known  # type: ignore[no-any-return]
    raise ProtocolError(f"The list of CAs has a “{name}” that is neither yes, no nor unknown.", detail=value)


def find_ca(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> CertificateAuthority:
    """The CA with this `id_`; for "custom" the one behind the `directory` URL that a person typed.

    A custom CA goes the way of the listed CA at the same address. Raises `FieldError` for `ca` or `directory-url`.
    """
    if id_ == "custom":
        return _custom_authority(authorities, directory.strip())
    for authority in authorities:
        if authority.id == id_:
            return authority
    raise FieldError("ca", "This copy of Keystay does not know that CA. Choose another.")


def usable_ca(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> CertificateAuthority:
    """As `find_ca`, for a new order: raises `FieldError` where this page has no way to that CA, too."""
    authority = find_ca(authorities, id_, directory)
    if authority.reachability == "none":
        raise FieldError("directory-url" if id_ == "custom" else "ca", no_way(authority))
    return authority


def no_way(authority: CertificateAuthority) -> str:
    """Why a page has no way to `authority`, and what helps."""
    if authority.closed:
        return f"{authority.name} is {authority.closed}."
    return (
        f"{authority.name} does not let browsers read its answers (it sends no usable CORS headers), so it needs a relay: a "
        "few lines on a web server that add them. This copy of Keystay has none. Whoever hosts it can set one up; the README "
        "says how, under “A relay”. With “make run” on your own computer there is one."
    )


def _custom_authority(authorities: tuple[CertificateAuthority, ...], url: str) -> CertificateAuthority:
    if looks_like_private_key(url):
        raise FieldError("directory-url", "There is what looks like a private key in it. Paste the directory URL alone.")
    try:
        check_same_origin(url, url)
    except AddressError as error:
        message = "A directory URL starts with https:// and a host, like https://ca.example/dir."
        raise FieldError("directory-url", message) from error
    for listed in authorities:
        if origin_of(listed.directory) == origin_of(url):
            return replace(listed, id="custom", name=https_host(url), directory=url, terms=None)
    raise FieldError(
        "directory-url",
        f"This copy of Keystay may not connect to {origin_of(url)}: its security policy lists the CAs that it may reach. "
        "Whoever hosts it can add this one: an entry in static/data/cas.json, then “make dist” again.",
    )


def ca_name(authorities: tuple[CertificateAuthority, ...], id_: str, directory: str) -> str:
    """What people call the CA of a record; its directory URL where the list does not have it any more."""
    try:
        return find_ca(authorities, id_, directory).name
    except InputError:
        return directory
