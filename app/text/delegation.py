"""Delegated proofs in words: how it is set up, what stands in its way, and how to go on by hand."""

from collections.abc import Iterable

from app.acme.identifier import readable
from app.dns.published import CnameFinding
from app.dns.services.service import DnsServiceError
from app.text.catalog import _
from app.text.message import Message, paragraphs
from app.text.sentences import sentence
from app.text.untrusted import one_line


def set_up_button(service: str) -> str:
    """The button where there is no delegation yet."""
    return _("Set it up at {service}", service=service)


def check_button() -> str:
    """The button under the CNAME records."""
    return _("I have added it: check, and go on")


def go_on_button(service: str) -> str:
    """The button where only a click is missing."""
    return _("Write the records at {service}, and go on", service=service)


def token_hint(service: str, *, here: bool, kept: bool) -> str:
    """What is said under the field for the token."""
    if kept:
        return _("The token for {service} is kept in this browser, sealed. Another one takes its place.", service=service)
    if here:
        return _("The token for {service} is in the memory of this tab. Another one takes its place.", service=service)
    return _("It goes to {service} and nowhere else. In what was sent, “(token)” stands in its place.", service=service)


def limits(zone: str, subnames: Iterable[str]) -> str:
    """How to limit the token, once the names are known."""
    return _(
        "Limit the token to what it needs. Its policies: one without domain, subname and type that may not write; and for the "
        "domain {zone}, the subname {subnames:or} and the type TXT, one that may write.",
        zone=zone,
        subnames=list(subnames),
    )


def direct(names: Iterable[str], service: str) -> str:
    """Names whose own zone is at the service."""
    return _("The DNS of {names:and} is at {service}: no CNAME is needed.", names=_named(names), service=service)


def cname_title(number: int) -> str:
    """The heading of a CNAME record to add."""
    return _("CNAME record {number}", number=str(number))


def cname_of(name: str) -> str:
    """Beside that heading."""
    return _("for {name}", name=readable(name))


def copy_label(part: str, number: int) -> str:
    """What a copy button copies, for screen readers: the "host" of a record, or its "target"."""
    if part == "host":
        return _("the name of CNAME record {number}", number=str(number))
    return _("where CNAME record {number} points to", number=str(number))


def cnames_not_ready(findings: Iterable[CnameFinding]) -> Message:
    """Why the order does not go on: the CNAME records that are missing or lead elsewhere."""
    return Message(_("The CNAME record is not right yet"), paragraphs(*map(_finding, findings), by_hand_instead()))


def _finding(finding: CnameFinding) -> str:
    owner = readable(finding.owner)
    if not finding.is_answered:
        return _("No resolver has answered for {owner}. Try again in a minute.", owner=owner)
    if not finding.found:
        return _(
            "There is no CNAME record at {owner} yet. If you have just added it, wait some minutes: resolvers remember for a "
            "while that there was none.",
            owner=owner,
        )
    found = [one_line(name) for name in finding.found]
    return _("{owner} leads to {found:and}, but should lead to {target}.", owner=owner, found=found, target=finding.target)


def by_hand_instead() -> str:
    """The way on that is always there."""
    return _(
        "Nothing is lost: without a CNAME record you can add the TXT records above by hand, and go on with the button there. "
        "With one, they belong at the name that it points to."
    )


def service_message(error: DnsServiceError) -> Message:
    """Why a DNS service did not do what was asked of it."""
    title = _("{service} did not take the records", service=error.service)
    return Message(title, paragraphs(sentence(error), by_hand_instead()), error.detail)


def add_cnames_now() -> str:
    """Said once the CNAME records are shown."""
    return _("The token works. Now add the CNAME records that are shown.")


def writing(service: str) -> str:
    """Said while the records are written, and looked for."""
    return _("Writing the records at {service}, then waiting until they are seen.", service=service)


def left_over(service: str) -> str:
    """Said where what was written could not be removed."""
    return _(
        "The TXT records at {service} could not be removed now. They do no harm; open this order again later to try again.",
        service=service,
    )


def removed() -> str:
    """What to tidy up where this page has done it."""
    return _("The TXT records are removed again. Leave the CNAME record in place: the next certificate needs no new one.")


def token_forgotten() -> str:
    """Said once the token is forgotten."""
    return _("The token is forgotten in this browser. At the service it still works until you revoke it there.")


def _named(names: Iterable[str]) -> list[str]:
    return [readable(name) for name in names]
