"""Where the proofs of an order stand, one line for each name, and what is waited for."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from app.issuance.failed_validations import RemainingTries
from app.issuance.issuance import State
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences
from app.text.prove import Sort

Outcome = Literal["proven", "looking", "missing", "again", "ended", "untouched"]
"""How it stands with one name: proven; being looked at; not found so far; not found, but it can be tried again; not found, and
only a new order helps; not looked at."""

_OUTCOMES: Final[Mapping[Outcome, str]] = {
    "proven": N_("{name} is proven."),
    "looking": N_("{name}: being looked at."),
    "missing": N_("{name}: not found yet."),
    "again": N_("{name}: not found. It can be tried again with the same value."),
    "untouched": N_("{name} was not looked at to the end."),
}
_NEEDS_NEW: Final[Mapping[Sort, str]] = {
    "records": N_("{name} needs a new record."),
    "files": N_("{name} needs a new file."),
    "certificates": N_("{name} needs a new certificate on port 443."),
}
_NEXT: Final[Mapping[State, str]] = {
    "verifying": N_("Then the certificate’s key is made here, and the certificate request is sent, by itself."),
    "ready": N_("Now the certificate’s key is made here, and the certificate request is sent. Some kinds of key take a while."),
    "finalizing": N_("Then the certificate is fetched and checked here."),
    "downloading": N_("Now it is fetched and checked here."),
}


def outcome_words(outcome: Outcome, name: str, sort: Sort, tries: RemainingTries | None = None) -> str:
    """The line of the name `name`, which is proven by something of this `sort`; `tries` are what the CA still allows for it."""
    if outcome == "ended":
        return sentences(_(_NEEDS_NEW[sort], name=name), _tries(tries) if tries else "")
    return _(_OUTCOMES[outcome], name=name)


def _tries(tries: RemainingTries) -> str:
    if not tries.left:
        return _("No try is left: wait until {again:time}.", again=tries.again)
    return ngettext(
        "{n} try is left; one more is allowed at {again:time}.",
        "{n} tries are left; one more is allowed at {again:time}.",
        tries.left,
        again=tries.again,
    )


def more_names(count: int) -> str:
    """The end of a list that leaves out `count` names."""
    return ngettext("And {n} more name.", "And {n} more names.", count)


def no_proof_wanted(ca: str) -> str:
    """The CA asked for no proof: it knows from before that the names are controlled."""
    return _("{ca} asked for no proof.", ca=ca)


_SINCE: Final[Mapping[State, Callable[[float], str]]] = {
    "verifying": lambda moment: _("Asked at {moment:clock}.", moment=moment),
    "finalizing": lambda moment: _("Requested at {moment:clock}.", moment=moment),
}


def asked_and_next(state: State, since: float) -> str:
    """Since when (Unix seconds) the CA works in this `state`, by this computer's clock, and what comes next."""
    asked = _SINCE.get(state)
    return sentences(asked(since) if asked else "", _(_NEXT[state]))
