"""What a person was doing when something stopped it, and messages whose words depend on that."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal, NamedTuple

from app.acme.response import MAX_WAIT
from app.text.catalog import N_, _, ngettext
from app.text.message import Message, sentences

Task = Literal["order", "account", "contact", "key change", "closing", "import", "revocation", "renewal information", "look"]
"""What was asked of the CA: an order, an account's state, its contact, a new key for it, its end, an account for a pasted key,
a revocation, when to renew; `look` asks for what a CA offers, and carries nothing."""


@dataclass(frozen=True)
class TaskWords:
    """`next` is what to do after a refusal that has no words of its own; `kept` is what is still as it was."""

    next: str
    kept: str


TASKS: Final[Mapping[Task, TaskWords]] = {
    "order": TaskWords(
        N_("Change the order accordingly, or try again later."), N_("What you typed is kept, and the order goes on from here.")
    ),
    "account": TaskWords(N_("Try again later."), N_("The account is kept here as it is.")),
    "contact": TaskWords(
        N_("Correct the address, or try again later."), N_("What you typed is kept, and the account can be used as before.")
    ),
    "key change": TaskWords(N_("Try again later."), N_("The account keeps the key that it has.")),
    "closing": TaskWords(
        N_("Try again later, or forget the account in this browser only."), N_("The account and its key are still here.")
    ),
    "import": TaskWords(
        N_("Check that the key belongs to an account at this CA."), N_("No account was imported; what you typed is kept.")
    ),
    "revocation": TaskWords(
        N_("Check that it is this CA’s certificate, and that the account or the key may revoke it."),
        N_("The certificate is not known to be revoked, and everything here is as it was."),
    ),
    "renewal information": TaskWords(
        N_("You do not need its advice: come back when two thirds of the certificate’s lifetime have passed."),
        N_("Nothing about the certificate has changed."),
    ),
    "look": TaskWords(N_("Try again later, or choose another CA."), N_("Nothing of yours was sent.")),
}


class Slot(Enum):
    """A place in a text for a whole sentence."""

    NEXT = "what to do next, by the task"
    KEPT = "what is still as it was, by the task"
    WAIT = "how long the CA asks to wait; nothing where it does not"


NEXT, KEPT, WAIT = Slot.NEXT, Slot.KEPT, Slot.WAIT


class Words(NamedTuple):
    """What is said of one thing that can go wrong: messages of the catalogue, and between them places for sentences."""

    title: str
    text: tuple[str | Slot, ...]

    def message(self, task: Task, *, wait: float | None = None, detail: str = "", link: str = "", **values: Any) -> Message:
        """The message for `task`, with `values` in the places of their names; `wait` counts seconds."""
        said = {NEXT: TASKS[task].next, KEPT: TASKS[task].kept}
        parts = (
            wait_words(wait) if part is WAIT else _(said[part] if isinstance(part, Slot) else part, **values)
            for part in self.text
        )
        return Message(_(self.title, **values), sentences(*parts), detail, link)


def wait_words(seconds: float | None) -> str:
    """How long the CA asks to wait, or ""."""
    if not seconds:
        return ""
    if seconds < 120:
        n = round(seconds)
        return ngettext("It asks you to wait {n} second.", "It asks you to wait {n} seconds.", n)
    if seconds < 7200:
        n = round(seconds / 60)
        return ngettext("It asks you to wait {n} minute.", "It asks you to wait {n} minutes.", n)
    if seconds < 172_800:
        n = round(seconds / 3600)
        return ngettext("It asks you to wait {n} hour.", "It asks you to wait {n} hours.", n)
    if seconds < MAX_WAIT:
        n = round(seconds / 86_400)
        return ngettext("It asks you to wait {n} day.", "It asks you to wait {n} days.", n)
    return _("It asks you to wait for more than a year, which no CA should.")
