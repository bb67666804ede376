"""What the form says beside its fields: what must be corrected, what a choice means, its options in short, a request."""

from collections.abc import Sequence
from typing import Final

from app.acme.identifier import Identifier, readable
from app.ca.catalog import CertificateAuthority
from app.encoding.key_types import KEY_TYPES
from app.errors import FieldError
from app.pki.certification_request import CertificateRequest
from app.text.catalog import N_, _, ngettext
from app.text.message import Message, sentences
from app.text.names import names_up_to
from app.text.sentences import sentence

_THINGS_TO_CORRECT: Final = (
    N_("One thing to correct before this can be sent"),
    N_("Two things to correct before this can be sent"),
    N_("Three things to correct before this can be sent"),
    N_("Four things to correct before this can be sent"),
    N_("Five things to correct before this can be sent"),
    N_("Six things to correct before this can be sent"),
    N_("Seven things to correct before this can be sent"),
    N_("Eight things to correct before this can be sent"),
    N_("Nine things to correct before this can be sent"),
    N_("Ten things to correct before this can be sent"),
)
# Translators: what stands between the parts of a line such as “Key: EC P-256 · the CA’s usual kind”
_BETWEEN_PARTS: Final = N_(" · ")
_USUAL_KEY: Final = "ec-p256"
MAX_NAMES_ON_A_CARD: Final = 2


def summary_title(count: int) -> str:
    """The heading of the list of `count` (1 or more) things to correct."""
    if count <= len(_THINGS_TO_CORRECT):
        return _(_THINGS_TO_CORRECT[count - 1])
    return ngettext("{n} thing to correct before this can be sent", "{n} things to correct before this can be sent", count)


def nothing_sent(errors: Sequence[FieldError]) -> Message:
    """The message where a form was not sent because of `errors`: the first of them, and how many more there are."""
    more = len(errors) - 1
    marked = ngettext("One more field is marked.", "{n} more fields are marked.", more) if more else ""
    return Message(_("Nothing was sent yet"), sentences(sentence(errors[0]), marked))


def dns_card(addresses: Sequence[Identifier]) -> str:
    """The last line of the card for a DNS record; `addresses` are those of the names that it cannot prove."""
    return _not_for(addresses) if addresses else _("For every name. Often takes 5 to 60 minutes.")


def file_card(wildcards: Sequence[Identifier]) -> str:
    """The last line of the card for a file on the web server; `wildcards` are those of the names that it cannot prove."""
    return _not_for(wildcards) if wildcards else _("Not for names with a star. Often takes a minute.")


def _not_for(names: Sequence[Identifier]) -> str:
    return _("Not for {names}.", names=names_up_to([name.readable for name in names], MAX_NAMES_ON_A_CARD))


def options_in_short(key_type: str, profile: str, own_proofs: int) -> str:
    """The folded options in one line.

    `key_type` is "" for a request of one's own, `profile` "" for the CA's own choice; `own_proofs` is how many names have
    another kind of proof than the rest.
    """
    key = next((kind.name for spec, kind in KEY_TYPES.items() if spec == key_type), "")
    return _parts(
        _("Key: {type}", type=key) if key else _("Key: as in your own request"),
        _("the kind “{profile}”", profile=profile) if profile else _("the CA’s usual kind"),
        ngettext("another proof for {n} name", "another proof for {n} names", own_proofs) if own_proofs else "",
    )


def profile_warning(profile: str) -> str:
    """What makes a profile of the CA hard to use by hand; "" for most."""
    if profile != "tlsserver":  # of Let’s Encrypt
        return ""
    return _(
        "With “{profile}”, the CA waits an hour at most for what you publish. A change in DNS can take longer. Its "
        "certificates end after 45 days.",
        profile=profile,
    )


def account_in_short(key_type: str, *, has_contact: bool, movable: bool) -> str:
    """The folded options of a new account in one line. `movable` tells that its key may leave this browser."""
    key = next((kind.name for spec, kind in KEY_TYPES.items() if spec == key_type and spec != _USUAL_KEY), "")
    return _parts(
        _("With an e-mail address") if has_contact else _("No e-mail"),
        _("key: {type}", type=key) if key else "",
        _("the account key can be taken out later") if movable else _("the account key can never leave this browser"),
    )


def _parts(*parts: str) -> str:
    return _(_BETWEEN_PARTS).join(filter(None, parts))


def start_effect(authority: CertificateAuthority | None, *, new_account: bool) -> str:
    """What a click on the button of the form does. `authority` is None where no usable CA is chosen."""
    ca = authority.name if authority else _("the CA")
    return sentences(
        _("Makes the key of your account in this browser, and sends the names to {ca}.", ca=ca)
        if new_account
        else _("Sends the names to {ca}, signed with the key of your account there.", ca=ca),
        _("Nothing on your server or in your DNS changes."),
    )


def not_now(error: FieldError) -> Message:
    """The message of a panel that has no field for `error`."""
    return Message(_("Not now"), sentence(error))


def new_account() -> str:
    """The entry of the list of accounts that stands for none of them."""
    return _("A new account")


def request_words(request: CertificateRequest) -> str:
    """What was understood of a certificate request of one's own."""
    return _(
        "A certificate request for {names:list} with a key of type {type}. Its private key stays where you made it.",
        names=[readable(name) for name in request.names],
        type=KEY_TYPES[request.spec].name,
    )
