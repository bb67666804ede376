"""What a person was doing when something stopped it, and the words that fit there and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

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
        "Change the order accordingly, or try again later.", "What you typed is kept, and the order goes on from here."
    ),
    "account": TaskWords("Try again later.", "The account is kept here as it is."),
    "contact": TaskWords(
        "Correct the address, or try again later.", "What you typed is kept, and the account can be used as before."
    ),
    "key change": TaskWords("Try again later.", "The account keeps the key that it has."),
    "closing": TaskWords(
        "Try again later, or forget the account in this browser only.", "The account and its key are still here."
    ),
    "import": TaskWords(
        "Check that the key belongs to an account at this CA.", "No account was brought in; what you typed is kept."
    ),
    "revocation": TaskWords(
        "Check that it is this CA’s certificate, and that the account or the key may revoke it.",
        "The certificate is not known to be revoked, and everything here is as it was.",
    ),
    "renewal information": TaskWords(
        "You do not need its advice: come back when two thirds of the certificate’s time are over.",
        "The certificate is as good as before.",
    ),
    "look": TaskWords("Try again later, or choose another CA.", "Nothing of yours was sent."),
}
