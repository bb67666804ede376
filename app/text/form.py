"""What the form says beside its fields: what must be corrected, a new account to choose, a request that was read."""

from collections.abc import Sequence
from typing import Final

from app.acme.identifier import readable
from app.encoding.key_types import KEY_TYPES
from app.errors import FieldError
from app.pki.certification_request import CertificateRequest
from app.text.catalog import N_, _, ngettext
from app.text.message import Message, sentences
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
)


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
