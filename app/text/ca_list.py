"""The list of CAs in a person's language: what `static/data/cas.json` says of each, and how the form offers them.

The build makes the form's options of this, before there is a page with a language. So each function takes `translate`, which
gives the translation of a message or the message itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from app.ca.catalog import CertificateAuthority
from app.text.catalog import N_

Translate = Callable[[str], str]

GROUPS: Final[Mapping[str, str]] = {
    "relay": N_("Through a relay"),
    "unknown": N_("Perhaps directly: not known to let browsers in"),
    "none": N_("Needs a relay, and there is none here"),
    "closed": N_("Closed"),
}
"""Group of the form → its label, in the order of the form. CAs that are reached directly stand above them, in no group."""

# Translators: {ca} is the practice CA, which runs on the computer of the person who reads this.
_ON_THIS_COMPUTER: Final = N_("{ca} on this computer")
# Translators: {closed} is such as “closed since 31 October 2025; use Let’s Encrypt”.
_CLOSED: Final = N_("{ca}: {closed}")
_TEST_CERTIFICATES: Final = N_("{ca} (test certificates)")


def localized(authority: CertificateAuthority, translate: Translate) -> CertificateAuthority:
    """`authority` with its sentences in another language; its name stays, and so does what is not said of it.

    Sentences that whoever hosts a copy has added to its list are in no catalogue, and stay as they are.
    """
    members = ("external_account", "warning", "closed", "failed_validations", "summary", "limits")
    sentences: dict[str, Any] = {name: translate(text) for name in members if (text := getattr(authority, name))}
    return replace(authority, **sentences, notes=tuple(map(translate, authority.notes)))


def option_text(authority: CertificateAuthority, translate: Translate) -> str:
    """How the form's list names `authority`, which is `localized`."""
    text = authority.name
    if authority.records:
        text = translate(_ON_THIS_COMPUTER).format(ca=text)
    if authority.closed:
        text = translate(_CLOSED).format(ca=text, closed=authority.closed)
    return text if authority.trusted else translate(_TEST_CERTIFICATES).format(ca=text)
