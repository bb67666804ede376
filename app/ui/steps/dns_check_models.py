"""What the page has seen in DNS, as plain values: at each record, for CAA records, and for addresses."""

from dataclasses import dataclass
from typing import Literal

from app.dns.checks.findings import Seen
from app.ui.steps.prove_models import LastLook, ProofLine, ProofMark


@dataclass(frozen=True)
class ResolverLine:
    """What one resolver answers, in a few words."""

    mark: ProofMark
    words: str


@dataclass(frozen=True)
class Memory:
    """What the `resolvers` with these names remember until a time in Unix seconds: `nothing`, or what was there."""

    resolvers: tuple[str, ...]
    until: float
    nothing: bool


@dataclass(frozen=True)
class ForgetButton:
    """The button that makes the resolver with the id `resolver` forget what it remembers."""

    resolver: str
    words: str


@dataclass(frozen=True)
class RecordCheck:
    """How it stands with the record `number`. `state` says that in its heading.

    `title`, `means` and `todo` say what was found, what it means and what to do; `facts` are labels with what was found,
    `own_words` what a resolver says itself. Each may be empty. `buttons` and `pages` (URL, words) make resolvers look again.
    """

    number: int
    seen: Seen
    mark: ProofMark
    state: str
    title: str = ""
    means: str = ""
    todo: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    own_words: str = ""
    memories: tuple[Memory, ...] = ()
    resolvers: tuple[ResolverLine, ...] = ()
    buttons: tuple[ForgetButton, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CaaNotice:
    """CAA records at one domain keep the CA from issuing. `type`, `host` and `value` are the record to add, or all are ""."""

    title: str
    means: str
    todo: str
    type: str = ""
    host: str = ""
    host_label: str = ""
    value: str = ""
    own_words: str = ""


@dataclass(frozen=True)
class AddressNote:
    """What is wrong with the addresses of `identifier`."""

    identifier: str
    mark: ProofMark
    title: str
    means: str


CaaState = Literal["", "good", "warn", "note"]
"""Not looked at yet; nothing keeps the CA from issuing; something does; nobody could be asked."""


@dataclass(frozen=True)
class DnsCheckModel:
    """All that the page has seen. `count` records are wanted, `there` of them are there, `unknown` could not be looked for.

    `is_added` tells that a person said that they were added. `lines` is the list on top of the step. `caa_words` is the one
    line about CAA records where none of `caa` is needed, or "". `caa_said` is what a screen reader says about `caa`.
    """

    count: int = 0
    there: int = 0
    unknown: int = 0
    is_added: bool = False
    records: tuple[RecordCheck, ...] = ()
    caa_state: CaaState = ""
    caa_words: str = ""
    caa: tuple[CaaNotice, ...] = ()
    caa_said: str = ""
    addresses: tuple[AddressNote, ...] = ()
    lines: tuple[ProofLine, ...] = ()
    look: LastLook | None = None

    @property
    def is_all_there(self) -> bool:
        """Whether all records are there, and nothing else is known that would make the CA refuse."""
        return self.there == self.count > 0 and self.caa_state != "warn"

    @property
    def was_looked(self) -> bool:
        """Whether a look has ended."""
        return bool(self.look and self.look.looked)
