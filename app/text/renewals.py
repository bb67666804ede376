"""What came of renewing all that was due: a sentence for each certificate, and one for all."""

from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance
from app.issuance.unattended import Renewal
from app.text.catalog import _, ngettext
from app.text.errors import message_for
from app.text.issuance import names_in_short
from app.text.message import Message, sentences
from app.text.prove import sort_of


def renewing(names: str, n: int, count: int) -> str:
    """The certificate for `names`, number `n` of `count`, is being renewed."""
    if count == 1:
        return _("Renewing {names} …", names=names)
    return _("Renewing {names}, {n} of {count} …", names=names, n=n, count=count)


def renewals_done(renewed: int, count: int) -> str:
    """How many of `count` certificates are renewed, and what is to do now."""
    if not count:
        return _("There is nothing left to renew.")
    if renewed == count:
        return ngettext("It is renewed. Save its files now.", "All {n} are renewed. Save their files now.", count)
    done = ngettext("{n} is renewed.", "{n} are renewed.", renewed) if renewed else ""
    return sentences(done, ngettext("{n} needs you.", "{n} need you.", count - renewed))


def renewal_words(renewal: Renewal, authority: CertificateAuthority | None) -> Message:
    """What came of one, and what to do; `authority` is its CA, None where the list does not have it any more."""
    names = names_in_short(renewal.old)
    if renewal.outcome == "renewed":
        return Message(_("{names}: renewed", names=names), _("Open it and save its files."))
    if renewal.outcome == "elsewhere":
        return Message(
            _("{names}: another tab works on it", names=names), _("Go on in that tab, or close it and renew from here.")
        )
    if renewal.error:
        why = message_for(renewal.error, authority)
        # Translators: {reason} is the title of a message, without a full stop.
        return Message(_("{names}: {reason}", names=names, reason=why.title), why.text)
    return _waits(names, renewal.new, authority) if renewal.new else Message(names, "")


def _waits(names: str, new: Issuance, authority: CertificateAuthority | None) -> Message:
    """What the order `new` needs from a person."""
    from app.text.proof_failure import failed_message, trouble

    why = authority and (failed_message(new, authority) if new.state == "failed" else trouble(new, authority))
    if why:
        return Message(_("{names}: {reason}", names=names, reason=why.title), _("Open it to see what to do."))
    return Message(_needs(names, new), _("Open it to see what to publish."))


def _needs(names: str, new: Issuance) -> str:
    count = sum(proof.status != "valid" for proof in new.proofs)
    match sort_of(new.kind_of(proof) for proof in new.proofs if proof.status != "valid"):
        case "records":
            return ngettext("{names} needs one DNS record", "{names} needs {n} DNS records", count, names=names)
        case "files":
            return ngettext("{names} needs one file on its web server", "{names} needs {n} files", count, names=names)
        case _:
            return ngettext("{names} needs one proof", "{names} needs {n} proofs", count, names=names)


def see_label(outcome: str) -> str:
    """The words on the button beside it."""
    return _("Open") if outcome in ("renewed", "waits") else _("See why")
