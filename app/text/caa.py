"""CAA records in words: whether they let the CA issue, and what to add where they do not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.acme.identifier import readable
from app.dns.checks.caa import CaaFinding, CaaVerdict
from app.text.catalog import N_, _, ngettext
from app.text.untrusted import one_line

MAX_SHOWN: Final = 5
"""Values of CAA records that are named; there may be any number."""


@dataclass(frozen=True)
class _Words:
    """The heading, which the list on top of the step repeats, what it means, and what to do without a record to add.

    What "forbidden" means, the records tell: `_forbidden`.
    """

    title: str
    means: str
    todo: str = ""


_REMOVE: Final = N_("Change or remove that record at {provider}.")

_WORDS: Final[Mapping[CaaVerdict, _Words]] = {
    "forbidden": _Words(N_("{domain} allows other CAs only"), "", _REMOVE),
    "other-account": _Words(
        N_("{domain} allows another account only"),
        N_("Its CAA record names {ca}, but with another account (accounturi), so {ca} will refuse."),
        _REMOVE,
    ),
    "other-method": _Words(
        N_("{domain} allows another kind of proof only"),
        N_("Its CAA record names {ca}, but with other kinds of proof (validationmethods), so {ca} will refuse."),
        _REMOVE,
    ),
    "unknown-critical": _Words(
        N_("{domain} has a CAA record that no CA understands"),
        N_("It is marked as critical, and CAs must refuse what they do not understand."),
        _REMOVE,
    ),
    "failure": _Words(
        N_("The CAA records of {domain} cannot be read"),
        N_("The question fails, and CAs must refuse then."),
        N_("Ask {provider}. Some name servers cannot answer questions for CAA, or DNSSEC is broken."),
    ),
    "allowed": _Words(N_("{domain} allows {ca}"), N_("Its CAA records name {ca}.")),
    "none": _Words(N_("{domain} allows every CA"), N_("It has no CAA record.")),
    "unknown": _Words(N_("The CAA records of {domain} were not looked at"), N_("No resolver could be asked.")),
}
_BOGUS: Final = _Words(
    N_("The CAA records of {domain} cannot be trusted"),
    N_("DNSSEC is broken there, and CAs must refuse then."),
    N_("Ask {provider} to sign the zone anew. If the domain has moved, the old DS record must go at the registrar."),
)


@dataclass(frozen=True)
class CaaWords:
    """`title` is the heading, `means` what it means, `todo` what to do."""

    title: str
    means: str
    todo: str


def caa_words(finding: CaaFinding, ca: str, provider: str) -> CaaWords:
    """What is said about `finding`; `ca` is the CA's name, `provider` the name of whoever manages the domain, or ""."""
    words = _WORDS[finding.verdict]
    values = {"domain": readable(finding.domain), "ca": ca, "provider": provider or _("your DNS provider")}
    if finding.verdict == "failure" and finding.bogus:
        words = _BOGUS
    means = _forbidden(finding, ca) if finding.verdict == "forbidden" else _(words.means, **values)
    if finding.add:
        return CaaWords(_(words.title, **values), means, _("Add this one beside it, at {provider}:", **values))
    return CaaWords(_(words.title, **values), means, _(words.todo, **values) if words.todo else "")


def _forbidden(finding: CaaFinding, ca: str) -> str:
    """Whom the CAA records name instead of the CA."""
    named = (record.value.partition(";")[0].strip() for record in finding.records if record.tag == finding.tag)
    issuers = [one_line(name, most=80) for name in dict.fromkeys(named) if name]
    if not issuers:
        return _("A CAA record there says that no CA may issue, so {ca} will refuse.", ca=ca)
    return ngettext(
        "A CAA record there names {issuers:and} and nobody else, so {ca} will refuse.",
        "The CAA records there name {issuers:and} and nobody else, so {ca} will refuse.",
        len(issuers),
        issuers=issuers[:MAX_SHOWN],
        ca=ca,
    )


def caa_line(title: str, *, add: bool) -> str:
    """The line in the list on top of the step; `title` is the heading of the notice, `add` whether a record helps."""
    return _("{title}: add one CAA record.", title=title) if add else _("{title}: see below.", title=title)


def caa_fine(ca: str, domains: Sequence[str]) -> str:
    """That nothing keeps the CA from issuing for these `domains`: it is named, or nobody is."""
    shown = [readable(domain) for domain in dict.fromkeys(domains)]
    if len(shown) > MAX_SHOWN:
        return ngettext(
            "No CAA record keeps {ca} from issuing for the domain.",
            "No CAA record keeps {ca} from issuing for any of the {n} domains.",
            len(shown),
            ca=ca,
        )
    return _("No CAA record keeps {ca} from issuing for {domains:and}.", ca=ca, domains=shown)


def caa_unknown() -> str:
    """That nobody could be asked."""
    return _("CAA records could not be looked at. That says nothing about them.")


def caa_type(tag: str) -> str:
    """What to choose for the type of the record, and in the fields beside it."""
    return _("CAA, with the flag 0 and the tag {tag}", tag=tag)


_COPIED: Final[Mapping[str, Callable[[], str]]] = {
    "host": lambda: _("the host of the CAA record"),
    "value": lambda: _("the value of the CAA record"),
}


def copy_label(what: str) -> str:
    """What a screen reader says after “Copy”: "host" or "value"."""
    return _COPIED[what]()
