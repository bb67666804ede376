"""Step 3 in words: what was issued, what to tidy up, when to come back, and revocation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from app.acme.challenge import DnsRecord, WebFile
from app.acme.identifier import readable
from app.acme.renewal_info import RenewalWindow
from app.ca.catalog import CertificateAuthority
from app.encoding.key_types import KEY_TYPES
from app.issuance.issuance import Issuance
from app.pki.certificate import Certificate
from app.ports import KeySpec
from app.text.catalog import N_, _, ngettext
from app.text.delegation import removed
from app.text.message import Question, sentences
from app.text.names import names_up_to
from app.text.untrusted import isolate_bidi, one_line

MAX_EXTRA_NAMES: Final = 10
"""Names that nobody ordered, as far as they are listed."""

MAX_SHORT_NAMES: Final = 6
"""Names at the top of the step; "More about this certificate" has all of them."""

MAX_PLACES: Final = 3
"""Names of DNS records to remove, as far as they are listed."""

KeyPlace = Literal["here", "elsewhere", "destroyed"]
"""Where the private key of a certificate is."""


def moment(when: datetime) -> str:
    """A moment in the facts of the certificate."""
    return _("{when:datetime}", when=when)


def day(when: datetime | float) -> str:
    """A day, such as 24 November 2026; a number counts Unix seconds."""
    return _("{when:date}", when=when)


def come_back(when: datetime, *, hours: bool) -> str:
    """The day on which to come back, as a line of its own; with its time where the certificate's life is counted in `hours`."""
    return _("Around {when:datetime}", when=when) if hours else _("Around {when:date}", when=when)


def ready_title(*, revoked: bool, rehearsal: bool) -> str:
    """The heading of step 3."""
    if revoked:
        return _("This certificate is revoked")
    return _("Your test certificate is ready") if rehearsal else _("Your certificate is ready")


def short_names(ordered: Sequence[str]) -> str:
    """The `ordered` names as far as they fit in a sentence."""
    return names_up_to(list(map(readable, ordered)), MAX_SHORT_NAMES)


def all_names(ordered: Sequence[str], extra: Sequence[str]) -> str:
    """The names of the certificate: those that were `ordered`, then the others as far as they are listed."""
    names = [*map(readable, ordered), *_shown(extra)]
    more = len(extra) - MAX_EXTRA_NAMES
    if more > 0:
        return ngettext("{names:list}, {n} more", "{names:list}, {n} more", more, names=names)
    return _("{names:list}", names=names)


def extra_names(names: Sequence[str]) -> str:
    """A warning of `names` in the certificate that nobody ordered; "" where there are none."""
    if not names:
        return ""
    more = len(names) - MAX_EXTRA_NAMES
    shown = _shown(names)
    return sentences(
        ngettext(
            "Not ordered, but also in the certificate: {names:list}, {n} more.",
            "Not ordered, but also in the certificate: {names:list}, {n} more.",
            more,
            names=shown,
        )
        if more > 0
        else _("Not ordered, but also in the certificate: {names:list}.", names=shown),
        _("Some CAs add the name with or without “www.”, which does no harm."),
        _("If one of these names is not yours, tell the CA: it must not issue for it."),
    )


def _shown(names: Sequence[str]) -> list[str]:
    return [readable(one_line(name, most=253)) for name in names[:MAX_EXTRA_NAMES]]


# ---- the key ----

_KEY_WORDS: Final[Mapping[KeyPlace, str]] = {
    "here": N_("{kind}, in this browser. Can be copied out: yes, that is how you get privkey.pem."),
    "elsewhere": N_("{kind}, where you made the certificate request. Keystay never had it."),
    "destroyed": N_("{kind}. It was destroyed in this browser. Can be copied out: no."),
}


def key_words(spec: KeySpec, place: KeyPlace, *, same: bool = False) -> str:
    """The kind of the certificate's key, where it is, whether it can be copied out, and whether it is the `same` as before."""
    words = _(_KEY_WORDS[place], kind=KEY_TYPES[spec].name)
    return sentences(words, _("It is the same key as in the certificate before.") if same else "")


def keeps_key(*, keep: bool) -> str:
    """What a renewal will do from now on: `keep` the key, or make a new one."""
    if keep:
        return _("When you renew this certificate, the new one gets the same key.")
    return _("When you renew this certificate, the new one gets a new key.")


# ---- what to tidy up ----


def tidy_up(issuance: Issuance) -> tuple[str, ...]:
    """What of the proofs of `issuance` can go now, and what stays, one sentence or two for each kind that was used."""
    published: dict[str, list[object]] = {}
    for proof in issuance.proofs_as_typed:
        published.setdefault(issuance.kind_of(proof), []).append(proof.publication)
    records = [one for kind in ("dns-01", "dns-account-01") for one in published.get(kind, ()) if isinstance(one, DnsRecord)]
    files = [one for one in published.get("http-01", ()) if isinstance(one, WebFile)]
    by_page = bool(issuance.written) and not any(one.values for one in issuance.written)
    to_remove = removed() if by_page else _records_to_remove(records) if records else ""
    lines = [to_remove, _files_to_remove(len(files)) if files else ""]
    if "tls-alpn-01" in published:
        lines.append(_("Take the certificate of the proof off port 443, so that the new one can answer there."))
    if "dns-persist-01" in published:
        lines.append(_("Leave the records at _validation-persist in place: the next certificate needs no new ones."))
    return tuple(filter(None, lines))


def _records_to_remove(records: Sequence[DnsRecord]) -> str:
    names = [readable(name) for name in dict.fromkeys(record.name for record in records)]
    count = len({(record.name, value) for record in records for value in record.values})
    return ngettext(
        "Remove the TXT record at {places}. It has done its work; the next order has a new one.",
        "Remove the {n} TXT records at {places}. They have done their work; the next order has new ones.",
        count,
        places=names_up_to(names, MAX_PLACES),
    )


def _files_to_remove(count: int) -> str:
    return ngettext(
        "Remove the file from .well-known/acme-challenge. It has done its work; the next order has a new one.",
        "Remove the {n} files from .well-known/acme-challenge. They have done their work; the next order has new ones.",
        count,
    )


# ---- after a rehearsal ----


def same_at(production: CertificateAuthority) -> str:
    """The button that orders the same at the CA whose certificates browsers trust."""
    return _("The same at {ca}", ca=production.name)


def difference_at(production: CertificateAuthority, *, new_key: bool) -> str:
    """What is different there; `new_key` tells that the certificate gets a key of its own, made here."""
    return sentences(
        _("It orders the same names from {ca}, whose certificates browsers trust.", ca=production.name),
        _("You get new values to publish, and a new key.") if new_key else _("You get new values to publish."),
        production.failed_validations,
    )


def complete_the_form(production: CertificateAuthority) -> str:
    """The form is filled in for that CA, and a person must go on from there."""
    return _("The form is filled in for {ca}. Agree to its terms and start; nothing was sent yet.", ca=production.name)


# ---- when to come back ----


def renewal_window(window: RenewalWindow | None) -> str:
    """When the CA would like the certificate renewed (RFC 9773 §4.2); "" where it has not said so."""
    if window is None:
        return ""
    if window.end <= window.asked:
        return _("On {asked:date} the CA said that it would like the certificate renewed at once.", asked=window.asked)
    if window.start <= window.asked:
        return _(
            "On {asked:date} the CA said that it would like the certificate renewed now, by {end:datetime}.",
            asked=window.asked,
            end=window.end,
        )
    if not window.asked:
        return _(
            "The CA would like the certificate renewed between {start:datetime} and {end:datetime}.",
            start=window.start,
            end=window.end,
        )
    return _(
        "On {asked:date} the CA said that it would like the certificate renewed between {start:datetime} and {end:datetime}.",
        asked=window.asked,
        start=window.start,
        end=window.end,
    )


def chain_chosen(top: str) -> str:
    """The files have another chain now; `top` is the name on top of it."""
    return _("The files now contain the chain up to {top}.", top=isolate_bidi(top))


def window_came() -> str:
    """The CA has said when it would like the certificate renewed."""
    return _("The CA has answered: see above when to come back.")


def certificate_ended() -> str:
    """There is no renewal window to ask for."""
    return _("This certificate has ended, so there is nothing to ask. Order a new one.")


# ---- revocation ----


def revoked_since(moment: float, names: str) -> str:
    """That the certificate for `names` is revoked since `moment` (Unix seconds), and what that means; "" for 0."""
    if not moment:
        return ""
    return _(
        "The certificate for {names} was revoked on {since:datetime}, and that cannot be undone. Take it off every server that "
        "still shows it.",
        names=names,
        since=moment,
    )


def revocation_question(certificate: Certificate) -> Question:
    """What a person must say yes to before a certificate is revoked."""
    return Question(
        title=_("Revoke this certificate?"),
        text=_(
            "The certificate for {names:list} becomes invalid at once, and this cannot be undone. Servers that still use "
            "it will show their visitors an error. Put another certificate in place first, unless the key is in the wrong "
            "hands.",
            names=list(map(readable, certificate.names)),
        ),
        yes=_("Revoke it"),
        no=_("Keep it"),
    )


def revoked_words(*, fresh: bool) -> str:
    """What is said afterwards; not `fresh` means that it was revoked before."""
    if fresh:
        return _("The certificate is revoked.")
    return _("The CA says that this certificate was already revoked. It stays revoked.")


def nothing_revoked() -> str:
    """The answer to the question was no."""
    return _("Nothing was revoked.")
