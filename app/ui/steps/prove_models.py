"""What step 2 shows, as plain values: the cards of what to publish, the order in short, and how it stands."""

from dataclasses import dataclass, field
from typing import Literal

from app.dns.entries import RecordEntry

ProofTrouble = Literal["", "looking", "again", "failed"]
"""What is wrong with the proofs: nothing known (""); not found yet, while the CA looks; not found, but the CA accepts another
try; not found, and only a new order helps."""


@dataclass(frozen=True)
class RecordCard:
    """One TXT record as one enters it, with the words of the provider's form. `number` counts all records of the order from 1.

    `identifier` is the proven name without `*.`, `kind` the challenge's type. `name` is the record's full name, `host` what
    goes into the field `host_label`; where that is the full name itself, `host_label` is "" and `name_label` is the field. Both
    have a label where nobody knows what the form wants. `values` are what one types: several where the provider wants them as
    lines of one record. `same_host` says that an earlier record has the same host on purpose, `lines` that the lines belong
    together, or they are "". `long` tells that a value is written as several quoted strings, which make one record.
    """

    identifier: str
    kind: str
    number: int
    title: str
    proves: str
    name: str
    host: str
    host_label: str
    name_label: str
    value_label: str
    values: tuple[str, ...]
    same_host: str = ""
    lines: str = ""
    long: bool = False


@dataclass(frozen=True)
class RecordZone:
    """The records of one domain. `heading` says where they go, and how many there are.

    `way` says how one gets to the form and fills it in, `trap` what commonly goes wrong there; or they are "".
    """

    heading: str
    way: str
    trap: str
    cards: tuple[RecordCard, ...]


@dataclass(frozen=True)
class ProviderQuestion:
    """Which of the providers that share name servers is the person's.

    `providers` are ids and names. The answer is about `zones` only, or about all where there are none.
    """

    words: str
    providers: tuple[tuple[str, str], ...]
    zones: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProviderModel:
    """What stands around the choice of a DNS provider.

    `zones` are the domains that may have another one. `warnings` tell of providers that cannot hold the records, and where the
    choice or a domain is probably wrong. `told` says what the name servers tell, and `automatic` is the first choice then: to
    follow them; or "". `question` asks what they cannot tell.
    """

    zones: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    automatic: str = ""
    question: ProviderQuestion | None = None


@dataclass(frozen=True)
class RecordsModel:
    """All DNS records of an order. `entries` are the same as data, `ca` is the CA's name.

    `tool` is the id of the provider's own tool, or "".

    With `failed` they are no longer to be published.
    """

    zones: tuple[RecordZone, ...] = ()
    entries: tuple[RecordEntry, ...] = ()
    providers: ProviderModel = field(default_factory=ProviderModel)
    ca: str = ""
    tool: str = ""
    failed: bool = False

    @property
    def cards(self) -> tuple[RecordCard, ...]:
        """The cards of all domains, in their order."""
        return tuple(card for zone in self.zones for card in zone.cards)


@dataclass(frozen=True)
class FileCard:
    """One file on the web server: `folder` and `filename` are the parts of `url`'s path."""

    identifier: str
    kind: str
    url: str
    folder: str
    filename: str
    content: str


@dataclass(frozen=True)
class TlsCard:
    """One certificate to show on port 443. `server_name` is what the CA asks for; `filename` holds certificate and key."""

    identifier: str
    kind: str
    server_name: str
    filename: str
    command: str


Card = RecordCard | FileCard | TlsCard


@dataclass(frozen=True)
class ProveModel:
    """Step 2. `cards` are all there is to publish, `records` those of them that are DNS records, by domain.

    `commands` check the publications from a terminal; "" where that makes no sense.
    """

    kinds: tuple[str, ...]
    cards: tuple[Card, ...]
    records: RecordsModel
    commands: str
    practice: bool
    failed: bool


ProofMark = Literal["good", "wait", "warn", "bad", "note"]
"""How a line of the list on top of the step is marked: done; on its way; will stop the CA; wrong; good to know."""


@dataclass(frozen=True)
class ProofLine:
    """How it stands with one `name`, in a sentence (`words`) that holds it; "" where the sentence is about no name.

    `place` is the id of the element that says more, to which the name then leads, or "".
    """

    mark: ProofMark
    name: str
    words: str
    place: str = ""


@dataclass(frozen=True)
class LastLook:
    """When the page looked into DNS last, and when it does so again (Unix seconds); 0.0 and None where it did not, or does not.

    `looking` tells that a look is under way, `is_over` that the page has stopped by itself.
    """

    looked: float
    next_look: float | None
    looking: bool
    is_over: bool


@dataclass(frozen=True)
class Standing:
    """How far the proofs are. `more` counts the names that `lines` leave out, or is "".

    `working` tells that the CA or this page is at work, and `asked` then says since when and what comes next. `seen` is how
    many of how many DNS records are there, as this page sees them, and `look` when it looked; they are None where it does not.
    """

    lines: tuple[ProofLine, ...]
    more: str = ""
    asked: str = ""
    working: bool = False
    seen: tuple[int, int] | None = None
    look: LastLook | None = None


@dataclass(frozen=True)
class ProveProgress:
    """Where step 2 stands. `title` is its heading, `lead` what a person should do first, or "".

    `verify` are the words of the one button, `hint` is what stands below it, `retry` are the words of the button for a new
    order, "" while that is not the way on. `stopped` tells that something stopped the work after the button was pressed.

    `check` are the words of the button that looks into DNS, "" where the page may not. With `check_first` it is the one to
    press next. `saved` is the question above both before anything was looked for, and `why` says why to look; later both
    are "". `complete` tells that all is seen.
    """

    title: str
    lead: str
    standing: Standing | None
    verify: str
    hint: str
    retry: str
    stopped: bool = False
    check: str = ""
    check_first: bool = False
    complete: bool = False
    saved: str = ""
    why: str = ""


@dataclass(frozen=True)
class OrderFacts:
    """What was ordered, for the strip on top of step 2: in short (`title`, `summary`), and each fact in full.

    `ca` and `profile` are names that others gave; `profile` is "" where the choice was left to the CA.
    """

    title: str
    summary: str
    names: str
    proof: str
    ca: str
    profile: str
    key: str
    started: str
