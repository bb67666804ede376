"""An order in words: its title, what it waits for, its names in short, and what a click on it says."""

from collections.abc import Mapping
from typing import Final

from app.ca.catalog import CertificateAuthority
from app.encoding.key_types import KEY_TYPES
from app.install.targets import Target
from app.issuance.issuance import Issuance, State
from app.issuance.registration import OtherAccountError
from app.text.catalog import N_, _
from app.text.message import Question, lines, sentences
from app.text.names import names_up_to
from app.text.prove import PROOFS
from app.text.untrusted import isolate_bidi

MAX_SHORT_NAMES: Final = 3

_WAITING: Final[Mapping[State, str]] = {
    "asked": N_("Making the account key and contacting {ca}."),
    "registered": N_("Ordering the certificate from {ca}."),
    "ordered": N_("Asking {ca} what it wants to see."),
    "verifying": N_("{ca} is looking at what you published."),
    "ready": N_("Making the certificate’s key and sending the certificate request."),
    "finalizing": N_("{ca} is making the certificate."),
    "downloading": N_("Fetching the certificate and checking it."),
}


def waiting_words(issuance: Issuance, authority: CertificateAuthority) -> str:
    """What is waited for while the state of `issuance` lasts; "" where it waits for a person or has ended."""
    if issuance.state == "verifying" and not issuance.proofs:
        return _("{ca} asked for no proof. Waiting until the order is ready.", ca=authority.name)
    waiting = _WAITING.get(issuance.state)
    return _(waiting, ca=authority.name) if waiting else ""


def names_in_short(issuance: Issuance) -> str:
    """The names of an order in one line: all of them up to three, else the first and how many more."""
    names = issuance.choices.readable_names
    return names_up_to(names, len(names) if len(names) <= MAX_SHORT_NAMES else 1)


def order_summary(issuance: Issuance, authority: CertificateAuthority, target: Target | None = None) -> str:
    """What was ordered besides the names, in one line: the CA, the kinds of proof, and the `target` where that is known.

    A renewal with the key of the certificate before says so, too.
    """
    summary = _ca_and_proofs(issuance, authority, target)
    if issuance.choices.same_key_as:
        # Translators: {summary} is the CA, the kinds of proof and what the certificate is for.
        return _("{summary} · with the same key", summary=summary)
    return summary


def _ca_and_proofs(issuance: Issuance, authority: CertificateAuthority, target: Target | None) -> str:
    proofs = [_(PROOFS[kind]) for kind in issuance.choices.kinds]
    if target:
        # Translators: the same as without {target}, which is the server or device that the certificate is for.
        return _("{ca} · {proofs:list} · for {target}", ca=authority.name, proofs=proofs, target=target.name)
    # Translators: the CA at which something was ordered, and the kinds of proof that were chosen.
    return _("{ca} · {proofs:list}", ca=authority.name, proofs=proofs)


def all_names(issuance: Issuance) -> str:
    """Every name that was ordered."""
    return _("{names:list}", names=issuance.choices.readable_names)


def proof_facts(issuance: Issuance) -> str:
    """How the names are proven; with several kinds, a line for each and its names."""
    choices = issuance.choices
    if len(choices.kinds) == 1:
        return _(PROOFS[choices.kinds[0]])
    names = {kind: [name.readable for name in choices.identifiers if choices.kind_for(name) == kind] for kind in choices.kinds}
    # Translators: a kind of proof, and the names that are proven by it.
    return lines(*(_("{proof:message}: {names:list}", proof=PROOFS[kind], names=names[kind]) for kind in choices.kinds))


def key_facts(issuance: Issuance) -> str:
    """The certificate's key: its kind, where it is made, and whether it can be copied out."""
    if issuance.choices.csr:
        return _("Your own, which stays where you made the certificate request.")
    kind = KEY_TYPES[issuance.choices.key_spec].name
    if issuance.choices.same_key_as:
        return _("{type}, the key of the certificate before. Can be copied out: yes, with the certificate.", type=kind)
    return _("{type}, made in this browser once the names are proven. Can be copied out: yes, with the certificate.", type=kind)


def started_at(issuance: Issuance) -> str:
    """When the order was started."""
    return _("{moment:datetime}", moment=issuance.created)


def form_title() -> str:
    """The page while the form is shown."""
    return _("Get a certificate")


def issued_title(issuance: Issuance, *, revoked: bool) -> str:
    """The page once there is a certificate."""
    names = names_in_short(issuance)
    return _("Revoked certificate for {names}", names=names) if revoked else _("Certificate for {names}", names=names)


# ---- what is said after a click ----


def in_downloads(filename: str) -> str:
    """A file was handed out."""
    return _("{file} is in your downloads.", file=filename)


def deleted_elsewhere() -> str:
    """The order cannot be opened any more."""
    return _("This order was deleted in another tab.")


def taken_over() -> str:
    """The tab that worked on the order has let go."""
    return _("The other tab has stopped working on this order. This tab works on it now.")


def other_account_question(error: OtherAccountError, authority: CertificateAuthority) -> Question:
    """The question before another account at a CA takes the place of the one that this browser has."""
    return Question(
        title=_("Go on with a new account at {ca}?", ca=authority.name),
        text=sentences(
            _(
                "{ca} does not know the account that this browser has, {saved}. For the same key it now has another "
                "account: {other}.",
                ca=authority.name,
                saved=isolate_bidi(error.account.url),
                other=isolate_bidi(error.url),
            ),
            _("A practice CA forgets everything when it is restarted, so this is the usual way to go on.")
            if authority.records
            else _("Perhaps it has lost the old one. If that account matters to you, ask the CA first."),
            _("Orders of the old account cannot go on, and it cannot revoke its certificates any more."),
        ),
        yes=_("Go on with the new account"),
        no=_("Stop here"),
    )
