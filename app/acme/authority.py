"""The CAs that this page may talk to, and the way to each: directly, or through a relay that adds CORS headers.

`static/data/cas.json` lists them. The page's policy (`connect-src`) is made from the same list, so what is not in it can
not be reached, whatever a script or a CA asks for.
"""

import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from app.acme.fields import Fields
from app.errors import InputError, ProtocolError


@dataclass(frozen=True)
class Authority:
    """One CA.

    `id` is the value of the page's `ca` hook. `directory` is the CA's own URL; it is what gets signed. `relay` is the
    address that its requests are sent to instead, ending in "/", or None for a CA that sends CORS headers. `records` is
    the practice CA's record server, ending in "/", or None. `terms` is where its terms can be read before an order, or
    None. `failed_validations` says in a few words how often a proof may fail, or "".
    """

    id: str
    name: str
    directory: str
    relay: str | None = None
    records: str | None = None
    terms: str | None = None
    failed_validations: str = ""

    def route(self, url: str) -> str:
        """Where a request for the CA's `url` is sent: `RELAY/HOST/PATH` or the URL itself.

        Raises `ProtocolError` unless `url` is https (RFC 8555 §6.1).
        """
        if not _https_host(url):
            raise ProtocolError("The CA named an address that is not https.", detail=url[:500])
        if self.relay is None:
            return url
        return self.relay + url[len("https://") :]

    @property
    def origin(self) -> str:
        """The origin that the browser connects to for this CA."""
        return origin_of(self.relay or self.directory)


def origin_of(url: str) -> str:
    """Scheme, host and port of `url`, as the policy names them: lower case, without https’s own port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}".removesuffix(":443" if parts.scheme == "https" else "")


def parse_authorities(text: str) -> tuple[Authority, ...]:
    """Read `cas.json`: a list of objects with the members of `Authority`. Raises `ProtocolError`."""
    entries = (Fields(entry, "list of CAs") for entry in json.loads(text))
    return tuple(
        Authority(
            id=entry.text("id"),
            name=entry.text("name"),
            directory=entry.text("directory"),
            relay=entry.optional_text("relay"),
            records=entry.optional_text("records"),
            terms=entry.optional_text("terms"),
            failed_validations=entry.optional_text("failed_validations") or "",
        )
        for entry in entries
    )


def find_authority(authorities: tuple[Authority, ...], id_: str, directory: str) -> Authority:
    """The CA with this `id_`; for "custom" the one behind the `directory` URL that a person typed.

    A custom CA goes the way of the listed CA at the same address. Raises `InputError` for `ca` or `directory-url`.
    """
    if id_ == "custom":
        return _custom_authority(authorities, directory.strip())
    for authority in authorities:
        if authority.id == id_:
            return authority
    raise InputError("ca", "This copy of Keystay does not know that CA. Choose another.")


def _custom_authority(authorities: tuple[Authority, ...], url: str) -> Authority:
    host = _https_host(url)
    if not host:
        raise InputError("directory-url", "A directory URL starts with https:// and a host, like https://ca.example/dir.")
    for listed in authorities:
        if origin_of(listed.directory) == origin_of(url):
            return replace(listed, id="custom", name=host, directory=url, terms=None)
    raise InputError(
        "directory-url",
        f"This copy of Keystay may not connect to {origin_of(url)}: its security policy lists the CAs that it may reach. "
        "Whoever hosts it can add this one: an entry in static/data/cas.json, then “make dist” again.",
    )


def _https_host(url: str) -> str:
    """The host (and port) of an https URL, or "" where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme == "https" and parts.hostname else ""
