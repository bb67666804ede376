"""What goes wrong in the form but for the names, and with a click that comes at the wrong time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.encoding.key_types import KEY_TYPES
from app.ports import KeySpec
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences


def _other_names_in_request(only_request: Sequence[str], only_box: Sequence[str]) -> str:
    return sentences(
        _("The certificate request and the names box must have the same names."),
        _("Only in the request: {names:list}.", names=only_request) if only_request else "",
        _("Only in the names box: {names:list}.", names=only_box) if only_box else "",
    )


def _target_refuses(target: str, reason: str, spec: KeySpec) -> str:
    return sentences(
        _("This will not work with {target}: the key is {type}.", target=target, type=KEY_TYPES[spec].name),
        reason,
        _("Choose RSA 2048, or another answer to “Where will it go?”."),
    )


def _target_refuses_request(target: str, reason: str, spec: KeySpec) -> str:
    return sentences(
        _("This will not work with {target}: the key of the request is {type}.", target=target, type=KEY_TYPES[spec].name),
        reason,
        _("Make the request again with an RSA key, or choose another answer to “Where will it go?”."),
    )


SENTENCES: Final[Mapping[str, str | Callable[..., str]]] = {
    # ---- the order ----
    "unknown-proof": N_("Choose how you prove control."),
    "private-key-in-profile": N_("This looks like a private key, so it is not sent. Choose a profile from the list."),
    "no-key-type": N_("Choose a key type."),
    "target-refuses-key": _target_refuses,
    "target-refuses-key-of-request": _target_refuses_request,
    "terms-box-empty": N_("Tick the box to agree to the CA’s terms. It issues only to those who agree."),
    "persist-until-no-date": N_("This is not a date. Write it as 2027-12-31, or leave it empty."),
    "persist-until-past": N_("{day:date} is in the past. Choose a later day, or leave it empty."),
    # ---- the account ----
    "no-account-key-type": N_("Choose a kind of key for the account."),
    "private-key-in-contact": N_(
        "This looks like a private key, so it is not sent. Write an e-mail address, or leave the field empty."
    ),
    "contact-no-address": N_("“{address}” is not an e-mail address that a CA accepts. Write one like me@example.com."),
    "too-many-contacts": lambda n: ngettext(
        "This is {n} address. One or two are enough.", "These are {n} addresses. One or two are enough.", n
    ),
    # ---- the CA's credentials (EAB) ----
    "key-id-needed": N_("The key ID is missing. {ca} accepts new accounts from its customers only, and its website shows it."),
    "hmac-key-needed": N_("The HMAC key is missing. {ca}’s website shows it beside the key ID."),
    "key-id-missing": N_("The key ID is missing. The CA shows it beside the HMAC key."),
    "private-key-as-key-id": N_(
        "This looks like a private key, so it is not sent. The key ID is the short name that the CA shows beside the HMAC key."
    ),
    "hmac-key-as-key-id": N_(
        "This looks like the HMAC key, which is a secret, so it is not sent. The key ID is the short name that the CA shows "
        "beside the HMAC key."
    ),
    "no-key-id": N_(
        "This is not a key ID: it contains a space or letters of another script, or is far too long. The key ID is the "
        "short name that the CA shows beside the HMAC key."
    ),
    "private-key-as-hmac-key": N_("This looks like a private key. The HMAC key is a different one, from the CA’s website."),
    "no-hmac-key": N_(
        "This is not an HMAC key. An HMAC key is one long string of letters, digits and - _ + / from the CA’s website."
    ),
    # ---- a certificate request of one's own ----
    "must-staple-refused": N_(
        "It asks for OCSP must-staple (TLS feature), and {ca} refuses that. Make the request again without it, or choose "
        "another CA."
    ),
    "other-names-in-request": _other_names_in_request,
    # ---- clicks ----
    "order-under-way": N_("An order is under way. Wait until it pauses, then press the button again."),
    "nothing-open": N_("No order is open. Fill in the form first."),
    "no-revocation-reason": N_("Choose a reason."),
}
