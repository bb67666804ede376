"""Step 3: what was issued, and the files that a person takes away."""

from datetime import UTC, datetime, timedelta
from textwrap import wrap
from typing import Final

from app.acme.identifier import readable
from app.acme.renewal_info import RenewalWindow
from app.issuance.issuance import Issuance
from app.pki.certificate import Certificate, read_chain
from app.pki.formats.pem_files import File, pem_files, zip_files
from app.ports import Ports
from app.text.untrusted import one_line
from app.ui.views import CertificateModel, KeyPlace

MAX_EXTRA_NAMES: Final = 10
"""Names that nobody ordered, as far as they are listed."""

_README: Final = """\
Keystay: your certificate
=========================

Names:        {names}
Issued by:    {issuer}
Valid from:   {valid_from}
Valid until:  {valid_until}
Renew on:     {renew_on}
{note}
The files
---------
{key}fullchain.pem  Your certificate and the CA's intermediate certificates, in one file.
               Most servers want this one (nginx, Caddy, HAProxy, Apache).
cert.pem       Your certificate alone, for forms that ask for certificate and chain apart.
chain.pem      The CA's intermediate certificates alone, also called "CA bundle".

How long it lasts
-----------------
The certificate ends on {valid_until}. After that, browsers refuse it.
Nobody will remind you: put the date into your calendar, and order a new one around
{renew_on}. {next_proof}
"""


_KEY_WORDS: Final[dict[KeyPlace, str]] = {
    "here": """\
privkey.pem    The private key. The server needs it; nobody else may have it.
               Keep it secret. It was made in your browser and is in no other place.
""",
    "elsewhere": """\
(no key)       The private key is where you made the certificate request. Keystay never
               had it. The certificate works only together with that key.
""",
    "destroyed": """\
(no key)       The private key was destroyed in Keystay. The certificate works only if
               you saved privkey.pem before.
""",
}


def certificate_view(issuance: Issuance) -> CertificateModel:
    """Step 3 of an issued `issuance`. Raises `CertificateError` where the saved chain is damaged."""
    certificate = read_chain(issuance.certificate_pem).certificate
    chains = issuance.chains or (issuance.certificate_pem,)
    ordered, extra = _names(certificate, issuance)
    return CertificateModel(
        names=", ".join([*map(readable, ordered), *_listed(extra)]),
        issuer=one_line(certificate.issuer),
        valid_from=_day_and_time(certificate.not_before),
        valid_until=_day_and_time(certificate.not_after),
        serial=certificate.serial,
        fingerprint=":".join(wrap(certificate.fingerprint, 2)),
        renew_on=_day(_renewal(issuance.window, certificate)),
        chains=tuple(one_line(read_chain(pem).top) for pem in chains),
        chain=chains.index(issuance.certificate_pem),
        revoked=_revoked(issuance.revoked),
        key=key_place(issuance),
        window=_window(issuance.window),
        window_why=issuance.window.explanation_url if issuance.window else "",
        extra_names=_extra_words(extra),
        title="This certificate is revoked" if issuance.revoked else "Your certificate is ready",
    )


def _names(certificate: Certificate, issuance: Issuance) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the certificate that were ordered, and the others: some CAs add the name with or without `www.`."""
    ordered = {identifier.value for identifier in issuance.choices.identifiers}
    names = tuple(dict.fromkeys(certificate.names))
    return tuple(name for name in names if name in ordered), tuple(name for name in names if name not in ordered)


def _listed(names: tuple[str, ...]) -> list[str]:
    shown = [readable(one_line(name, most=253)) for name in names[:MAX_EXTRA_NAMES]]
    return [*shown, f"{len(names) - MAX_EXTRA_NAMES:,} more"] if len(names) > MAX_EXTRA_NAMES else shown


def _extra_words(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    return (
        f"Not ordered, but also in the certificate: {', '.join(_listed(names))}. Some CAs add the name with or without “www.”, "
        "which does no harm. If one of these names is not yours, tell the CA: it must not issue for it."
    )


def _note(words: str) -> str:
    """A paragraph of the README; names stay whole in it."""
    lines = wrap(words, 88, break_long_words=False, break_on_hyphens=False)
    return "\n".join(["", *lines, ""]) if lines else ""


def key_place(issuance: Issuance) -> KeyPlace:
    """Where the private key of the certificate is."""
    if issuance.choices.csr:
        return "elsewhere"
    return "destroyed" if issuance.key_destroyed else "here"


def _renewal(window: RenewalWindow | None, certificate: Certificate) -> datetime:
    """When to come back: as the CA said, but not before it said so; its wish does not count where it comes too late."""
    if window is None or _moment(window.start) >= certificate.not_after:
        return renewal_moment(certificate)
    return _moment(max(window.start, window.asked))


def renewal_moment(certificate: Certificate) -> datetime:
    """When two thirds of the certificate's life are over: early enough for a second try."""
    life: timedelta = certificate.not_after - certificate.not_before
    return certificate.not_before + life * 2 / 3


async def certificate_file(ports: Ports, issuance: Issuance, name: str) -> File:
    """One of `certificate_files`, with the key where it is here. Raises `StorageError`."""
    here = key_place(issuance) == "here"
    pkcs8 = await ports.keys.export_pkcs8(issuance.certificate_key) if here else None
    return certificate_files(issuance, pkcs8, ports.clock.now())[name]


def certificate_files(issuance: Issuance, pkcs8: bytes | None, now: float) -> dict[str, File]:
    """All files to download, by name, with the zip under "zip".

    `pkcs8` is the DER key, or None where it is elsewhere; `now` is in Unix seconds.
    """
    chain = read_chain(issuance.certificate_pem)
    view = certificate_view(issuance)
    words = {**vars(view), "note": _note(view.extra_names), "next_proof": _next_proof(issuance), "key": _KEY_WORDS[view.key]}
    readme = _README.format(**words)
    moment = datetime.fromtimestamp(now, UTC)
    made = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    files = pem_files(chain, pkcs8)
    ordered, _ = _names(chain.certificate, issuance)
    name = (ordered or ("certificate",))[0].replace("*", "wildcard").replace(":", "-")
    return {file.name: file for file in files} | {"zip": zip_files(f"{name}.zip", files, readme, made)}


def _revoked(moment: float) -> str:
    if not moment:
        return ""
    since = _day_and_time(datetime.fromtimestamp(moment, UTC))
    return (
        f"Do not use it any more. It was revoked on {since}, and that cannot be undone. Take it off every server that still "
        "shows it, and get another certificate."
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _window(window: RenewalWindow | None) -> str:
    if window is None:
        return ""
    start, end = _day_and_time(_moment(window.start)), _day_and_time(_moment(window.end))
    if window.end <= window.asked:
        when = "at once"
    elif window.start <= window.asked:
        when = f"now, by {end}"
    else:
        when = f"between {start} and {end}"
    wish = f"would like it renewed {when}."
    return f"On {_day(_moment(window.asked))} the CA said that it {wish}" if window.asked else f"The CA {wish}"


def _next_proof(issuance: Issuance) -> str:
    if issuance.choices.kinds == ("dns-persist-01",):
        return "Leave the DNS records in place: the new one needs no others."
    return "The new one needs new DNS records or files."


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _day_and_time(moment: datetime) -> str:
    return f"{_day(moment)}, {moment:%H:%M} UTC"
