"""What the form says of the CA that is chosen: its facts, how this page reaches it, its profiles and its terms.

The CA's own facts (warning, notes, how to get credentials …) come from `static/data/cas.json`, translated already.
"""

from collections.abc import Mapping
from typing import Final

from app.acme.urls import origin_of, safe_link
from app.ca.catalog import CertificateAuthority, YesNoUnknown, unreachable
from app.text.catalog import N_, _
from app.text.errors import message_for
from app.text.message import sentences
from app.text.sentences import sentence

_WILDCARDS: Final[Mapping[YesNoUnknown, str]] = {
    "yes": N_("Wildcards: yes."),
    "no": N_("Wildcards: no."),
    "unknown": N_("Wildcards: not known."),
}
_IP_ADDRESSES: Final[Mapping[YesNoUnknown, str]] = {
    "yes": N_("IP addresses: yes."),
    "no": N_("IP addresses: no."),
    "unknown": N_("IP addresses: not known."),
}


def in_short(authority: CertificateAuthority) -> str:
    """The one line under the list: what decides whether this CA will do."""
    if authority.closed:
        return sentence(unreachable(authority))
    if authority.reachability == "none":
        return _("It needs a relay, and this copy of Keystay has none. You can read below what that is.")
    return sentences(
        _("Trusted by browsers.") if authority.trusted else _("For tests: browsers do not trust it."),
        _(_WILDCARDS[authority.wildcard]),
        _(_IP_ADDRESSES[authority.ip]),
        _("Needs credentials from its website (EAB).") if authority.external_account else "",
        authority.warning,
    )


def details(authority: CertificateAuthority, authorities: tuple[CertificateAuthority, ...]) -> tuple[str, ...]:
    """The rest of what is known of `authority`, one of `authorities`, and how this page reaches it, line by line."""
    credentials = authority.external_account
    lines = [
        _reachability(authority),
        _("Credentials (EAB: a key ID and an HMAC key) for a new account: {how}", how=credentials) if credentials else "",
        *authority.notes,
        *(_("For tests there is {ca}.", ca=ca.name) for ca in authorities if ca.id == authority.staging),
        _("Directory URL: {url}", url=authority.directory),
    ]
    return tuple(filter(None, lines))


def _reachability(authority: CertificateAuthority) -> str:
    if authority.reachability == "none":
        return sentence(unreachable(authority))
    if authority.reachability == "relay":
        host = origin_of(authority.relay or "")
        if host:
            return _(
                "Your browser reaches it through a relay at {host}. The relay sees what the CA sees, but never a private key.",
                host=host,
            )
        return _(
            "Your browser reaches it through a relay at this page’s own host. The relay sees what the CA sees, but never a "
            "private key."
        )
    if authority.cors == "yes":
        return _("Your browser talks to it directly.")
    return _(
        "It is not known whether this CA lets browsers in. Keystay finds out before it sends any name or key; you can test "
        "it with the button below."
    )


# ---- the CORS test ----


def calling(authority: CertificateAuthority) -> str:
    """While the test lasts."""
    return _("Calling {ca} …", ca=authority.name)


def reached(authority: CertificateAuthority) -> str:
    """The test went well."""
    if authority.reachability == "relay":
        return _("It works: this page can use {ca} through the relay.", ca=authority.name)
    return _("It works: this page can use {ca} directly.", ca=authority.name)


def not_reached(authority: CertificateAuthority, error: Exception) -> str:
    """The test was stopped by `error`."""
    message = message_for(error, authority, "look")
    return sentences(f"{message.title}.", message.text)


# ---- profiles ----


def no_ca() -> str:
    """No CA is chosen of which profiles could be known."""
    return _("Choose a CA first.")


def asking(authority: CertificateAuthority) -> str:
    """While the directory is read for its profiles."""
    return _("Asking {ca} what it offers …", ca=authority.name)


def profiles_unknown(authority: CertificateAuthority, error: Exception) -> str:
    """The directory could not be read for its profiles, because of `error`."""
    return _("{what}, so its profiles are not known.", what=message_for(error, authority, "look").title)


def profiles_note(authority: CertificateAuthority, profiles: Mapping[str, str]) -> str:
    """Where the `profiles` (name → the CA's description) come from."""
    if not profiles:
        return _("{ca} offers one kind of certificate only.", ca=authority.name)
    pages = [link for link in map(safe_link, profiles.values()) if link]
    return sentences(
        _("From {ca}’s directory, which Keystay has just read.", ca=authority.name),
        _("Nothing else was sent."),
        _("The CA says more at {url}.", url=pages[0]) if pages else "",
    )


def profile_words(name: str, description: str) -> str:
    """A profile in the list: its `name` with the CA's description; one that is only an address says less than the name."""
    if not description or description.startswith("https://"):
        return name
    return _("{profile}: {description}", profile=name, description=description)


# ---- terms ----


def no_terms_to_practise() -> str:
    """The practice CA has no terms."""
    return _("The practice CA is for trying out, and has no page of terms.")


def terms_not_read(authority: CertificateAuthority) -> str:
    """The terms are linked once a person comes to the box."""
    return _(
        "{ca}’s directory says where its terms are. Keystay reads it, and links the terms, as soon as you come to this box.",
        ca=authority.name,
    )


def terms_unknown(authority: CertificateAuthority, error: Exception) -> str:
    """The directory could not be read for its terms, because of `error`."""
    title = message_for(error, authority, "look").title
    return sentences(_("{what}, so its terms are not linked yet.", what=title), _("Ordering asks the CA again."))


def terms_linked(authority: CertificateAuthority) -> str:
    """The terms that the directory names are linked now."""
    return _("The link leads to the terms that {ca}’s directory names. Read them, then tick the box.", ca=authority.name)


def no_terms(authority: CertificateAuthority) -> str:
    """The directory names no terms."""
    return _("{ca}’s directory names no page of terms.", ca=authority.name)
