"""The README in the zip, beside the files of a certificate."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Final

from app.text.catalog import N_, _
from app.text.certificate import KeyPlace
from app.text.message import paragraphs, sentences

MAX_WIDTH: Final = 88  # characters of a line

_FACTS: Final = N_("""\
Names:        {names}
Issued by:    {issuer}
Valid from:   {valid_from}
Valid until:  {valid_until}
Renew on:     {renew_on}
""")

_KEY: Final[Mapping[KeyPlace, str]] = {
    "here": N_("""\
privkey.pem    The private key. The server needs it; nobody else may have it.
               Keep it secret. It was made in your browser and is nowhere else.
"""),
    "elsewhere": N_("""\
(no key)       The private key is where you made the certificate request. Keystay never
               had it. The certificate works only together with that key.
"""),
    "destroyed": N_("""\
(no key)       The private key was destroyed in Keystay. The certificate works only if
               you saved privkey.pem before.
"""),
}

_FILES: Final = N_("""\
fullchain.pem  Your certificate and the CA's intermediate certificates, in one file.
               Most servers want this one (nginx, Caddy, HAProxy, Apache).
cert.pem       Your certificate alone, for forms that ask for certificate and chain separately.
chain.pem      The CA's intermediate certificates alone, also called "CA bundle".
""")


def readme(
    *,
    names: str,
    issuer: str,
    valid_from: str,
    valid_until: str,
    renew_on: str,
    warning: str,
    key: KeyPlace,
    keeps_records: bool,
    install: str = "",
) -> str:
    """The README that comes with the files.

    `warning` is that of `extra_names`. `keeps_records` tells that the proof stays in place for the next certificate.
    `install` is the part on the place where the certificate goes, or "".
    """
    facts = _(_FACTS, names=names, issuer=issuer, valid_from=valid_from, valid_until=valid_until, renew_on=renew_on)
    lasting = sentences(
        _("The certificate ends on {valid_until}. After that, browsers refuse it.", valid_until=valid_until),
        _(
            "Nobody will remind you: put the date into your calendar, and order a new one around {renew_on}.",
            renew_on=renew_on,
        ),
        _("Leave the DNS records in place: the new certificate needs no others.")
        if keeps_records
        else _("The new certificate needs new DNS records or files."),
    )
    parts = [
        f"{_heading(_('Keystay: your certificate'), '=')}\n\n{facts}",
        f"{_wrapped(warning)}\n" if warning else "",
        f"{_heading(_('The files'), '-')}\n{_(_KEY[key])}{_(_FILES)}",
        f"{install}\n" if install else "",
        f"{_heading(_('How long it lasts'), '-')}\n{_wrapped(lasting)}\n",
    ]
    return "\n".join(filter(None, parts))


def target_note(target: str, steps: str, folder: str = "") -> str:
    """The part on the place where the certificate goes: the name of the `target`, and the `steps` for it.

    `folder` is where in the zip its files are, or "" where they are not apart.
    """
    where = _("The files for it are in the folder “{folder}”.", folder=folder) if folder else ""
    text = paragraphs(where, steps)
    return f"{_heading(_('How to install it: {target}', target=target), '-')}\n{_wrapped_lines(text)}\n"


def _wrapped_lines(text: str) -> str:
    """Each line as a paragraph; those that are indented are commands and stay as they are."""
    return "\n".join(line if line.startswith(" ") else _wrapped(line) for line in text.split("\n"))


def _heading(text: str, rule: str) -> str:
    return f"{text}\n{rule * len(text)}"


def _wrapped(text: str) -> str:
    """A paragraph; names stay whole in it."""
    return "\n".join(wrap(text, MAX_WIDTH, break_long_words=False, break_on_hyphens=False))
