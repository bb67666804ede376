"""What a person reads in the panel of the keys in this browser."""

from app.ca.catalog import ca_name
from app.encoding.key_types import KEY_TYPES
from app.issuance.workflow import Workflow
from app.keys.inventory import StoredKey
from app.ports import KeyHandle
from app.text.accounts import account_number
from app.text.catalog import _
from app.text.message import Question, sentences


def purpose(workflow: Workflow, key: StoredKey) -> str:
    """What `key` is for, as the title of its entry."""
    if key.account:
        ca = ca_name(workflow.authorities, key.account.ca, key.account.directory)
        return _("Account at {ca}, its next key", ca=ca) if _is_next(key) else _("Account at {ca}", ca=ca)
    if key.issuance and key.purpose == "certificate":
        return _("Certificate for {names:list}", names=key.issuance.choices.readable_names)
    if key.issuance:
        return _("Proof of control for {names:list}", names=key.issuance.choices.readable_names)
    return _("Unused: no order or account needs it")


def facts(key: StoredKey) -> str:
    """The kind of `key`, its account or order, and when it came here."""
    known = [KEY_TYPES[key.handle.spec].name if key.handle else _("damaged: this browser cannot read it")]
    if key.account and key.account.url:
        known.append(_("account {number}", number=account_number(key.account)))
    if key.account and key.account.made:
        known.append(_("here since {day:date}", day=key.account.made))
    if key.issuance:
        known.append(_("order of {day:date}", day=key.issuance.created))
    if key.shared:
        known.append(_("the same key as another one here"))
    return _("{facts:list}", facts=known)


def place(*, persistent: bool) -> str:
    """Where keys are stored; `persistent` tells whether they outlive the tab."""
    if persistent:
        return _("this browser’s IndexedDB")
    return _("the memory of this tab only: it is gone when the tab closes")


def extractability(handle: KeyHandle | None) -> str:
    """Whether a key is extractable, and what that means; None is one that is damaged."""
    if handle is None:
        return _("No: it is damaged, so nothing can use it. You can only destroy it.")
    if handle.extractable:
        return _("Yes: you can take it out, and so could anything else that runs in this page.")
    return _("No: it signs here, but nobody can read it, not even this page.")


# ---- what comes of a click ----


def nothing_destroyed() -> str:
    """After a no."""
    return _("Nothing was destroyed.")


def key_destroyed() -> str:
    """After a yes."""
    return _("The key is destroyed.")


def key_was_gone() -> str:
    """The key was destroyed before the click."""
    return _("That key was already gone.")


def all_destroyed() -> str:
    """After a yes to destroying everything."""
    return _("All keys and records are destroyed. Nothing of Keystay is left in this browser.")


def destroying_question(workflow: Workflow, key: StoredKey) -> Question:
    """The question before `key` is destroyed, with what that means."""
    about, consequence, tick = _whose_key(workflow, key), _consequence(key), _tick(key)
    text = sentences(about, consequence, _copies(key))
    return Question(_("Destroy this key?"), text, yes=_("Destroy it"), no=_("Keep it"), tick=tick)


def _whose_key(workflow: Workflow, key: StoredKey) -> str:
    if key.account:
        ca = ca_name(workflow.authorities, key.account.ca, key.account.directory)
        if _is_next(key):
            return _("This is the next key of your account at {ca}.", ca=ca)
        return _("This is the key of your account at {ca}.", ca=ca)
    if key.issuance and key.purpose == "certificate":
        return _("This is the key of the certificate for {names:list}.", names=key.issuance.choices.readable_names)
    if key.issuance:
        return _("This key proves control of {names:list}.", names=key.issuance.choices.readable_names)
    return ""


def _copies(key: StoredKey) -> str:
    """That the same key stays here under another order, which must be destroyed on its own; "" where it does not."""
    if not key.shared:
        return ""
    return _("Another order in this browser has the same key, and its copy stays: to be rid of the key, destroy that one, too.")


def _consequence(key: StoredKey) -> str:
    if key.purpose == "account":
        return _(
            "This browser can never use the account again, and forgets it. Its orders cannot go on here, and it cannot "
            "revoke its certificates. The account stays open at the CA: to close it there, use “Accounts at CAs” first. "
            "The next order makes a new account."
        )
    if key.purpose == "certificate" and key.issuance and key.issuance.state == "issued":
        return _(
            "Without its key the certificate is worthless, unless you have downloaded the key. The certificate itself stays in "
            "the list, and says that its key is gone."
        )
    if key.purpose == "certificate":
        return _(
            "The CA may be making the certificate for this key already. It would be worthless then: you would have to order "
            "again."
        )
    if key.purpose == "proof":
        return _(
            "The certificate that you show on port 443 was made with this key. Download its file again afterwards: the new "
            "file has another key, and the server needs that one."
        )
    return _("Nothing in this browser uses it. Perhaps the page was closed while it was being made.")


def _tick(key: StoredKey) -> str:
    if key.purpose == "account":
        return _("I know that nobody can recover this key.")
    if key.purpose == "certificate" and key.issuance and key.issuance.state == "issued":
        return _("I have the key in another place, or do not need it.")
    return _("I do not need this certificate.") if key.purpose == "certificate" else ""


def destroying_all_question() -> Question:
    """The question before everything is destroyed."""
    return Question(
        title=_("Destroy all keys and records?"),
        text=_(
            "All accounts, orders, certificates and keys in this browser are deleted, as if you had never been here. "
            "Certificates stay valid where they are installed. Accounts stay open at their CAs, but nobody can use them from "
            "here. Close other tabs of this page first."
        ),
        yes=_("Destroy everything"),
        no=_("Keep everything"),
        tick=_("I have downloaded what I need."),
    )


def _is_next(key: StoredKey) -> bool:
    return key.account is not None and key.name == key.account.next_key
