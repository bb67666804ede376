"""What the page shows, as plain values (`…Model`), and what presenters may ask of it (`PageView`).

A view only shows what it is given: `app.browser.page.page` puts it into the DOM, and tests look at the values.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from app.errors import FieldError
from app.pki.formats.file import File
from app.text.certificate import KeyPlace
from app.text.issuance import form_title
from app.text.message import Message, Question
from app.ui.form.names import Reading
from app.ui.form.order import Form

Step = Literal["names", "prove", "certificate"]

ProofTrouble = Literal["", "looking", "again", "failed"]
"""What is wrong with the proofs: nothing known (""); not found yet, while the CA looks; not found, but the CA accepts another
try; not found, and only a new order helps."""


@dataclass(frozen=True)
class RecordCard:
    """TXT records at one name. `host` is the name within `zone`, the domain as it is probably managed.

    `long` tells that a value is written as several quoted strings, which make one record.
    """

    identifier: str
    kind: str
    name: str
    host: str
    zone: str
    values: tuple[str, ...]
    long: bool = False


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
    """Step 2. `commands` check the publications from a terminal; "" where that makes no sense."""

    kinds: tuple[str, ...]
    cards: tuple[Card, ...]
    commands: str
    practice: bool
    failed: bool


ProofMark = Literal["good", "wait", "bad"]
"""How a line of the list of names is marked."""


@dataclass(frozen=True)
class ProofLine:
    """How it stands with one `name`, in a sentence (`words`) that holds it; "" where the sentence is about no name."""

    mark: ProofMark
    name: str
    words: str


@dataclass(frozen=True)
class Standing:
    """How far the proofs are. `more` counts the names that `lines` leave out, or is "".

    `working` tells that the CA or this page is at work, and `asked` then says since when and what comes next.
    """

    lines: tuple[ProofLine, ...]
    more: str = ""
    asked: str = ""
    working: bool = False


@dataclass(frozen=True)
class ProveProgress:
    """Where step 2 stands. `title` is its heading, `lead` what a person should do first, or "".

    `verify` are the words of the one button, `hint` is what stands below it, `retry` are the words of the button for a new
    order, "" while that is not the way on. `stopped` tells that something stopped the work after the button was pressed.
    """

    title: str
    lead: str
    standing: Standing | None
    verify: str
    hint: str
    retry: str
    stopped: bool = False


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


@dataclass(frozen=True)
class CertificateModel:
    """Step 3, all texts for a person. `title` is its heading, `renew_on` is when to come back.

    `chains` are the chains to choose from, by the name on top of each, `chain` is the one that was taken. `revoked` says
    that the certificate is revoked and since when, or is "". `key` tells where the certificate's key is. `window` says when
    the CA would like it renewed, once it was asked; `window_url` is its page on that. `extra_names` warns of names that nobody
    ordered, or is "".
    """

    names: str
    issuer: str
    valid_from: str
    valid_until: str
    serial: str
    fingerprint: str
    renew_on: str
    title: str
    chains: tuple[str, ...] = ()
    chain: int = 0
    revoked: str = ""
    key: KeyPlace = "here"
    window: str = ""
    window_url: str = ""
    extra_names: str = ""


@dataclass(frozen=True)
class PageModel:
    """The whole page. `title` names it for the list of tabs and for screen readers.

    `waiting` says what the page is waiting for, or ""; `since` is when that began, in Unix seconds. `is_follower` tells that
    another tab works on the order shown, so nothing can be changed here. `can_leave` tells that a person may go back to the
    form during the work, `can_poll_now` that they may ask the CA now instead of waiting for the next poll. `trouble` tells what
    is wrong with the proofs. `order` and `progress` belong to step 2. `can_verify` tells that its button may be pressed, also
    while other work goes on; `verify_waits` that it was, and what it means comes after that work.
    """

    step: Step
    busy: bool
    title: str = field(default_factory=form_title)
    is_follower: bool = False
    can_leave: bool = False
    can_poll_now: bool = False
    waiting: str = ""
    since: float = 0.0
    trouble: ProofTrouble = ""
    order: OrderFacts | None = None
    progress: ProveProgress | None = None
    can_verify: bool = False
    verify_waits: bool = False
    prove: ProveModel | None = None
    certificate: CertificateModel | None = None


class ConfirmView(Protocol):
    """Asks a person to confirm something."""

    async def confirm(self, question: Question) -> bool:
        """Ask `question` and wait; True only for a clear yes."""
        ...


class PageView(ConfirmView, Protocol):
    """What presenters may ask of the page."""

    def form(self) -> Form:
        """The current values of the form's fields."""
        ...

    def show(self, view: PageModel) -> None:
        """Show `view`. Everything else is hidden; the values of the form stay."""
        ...

    def show_reading(self, reading: Reading) -> None:
        """Show how the names box was read, while a person types."""
        ...

    def fill_names(self, text: str) -> None:
        """Put `text` into the names box, as if it was typed."""
        ...

    def fill_form(self, form: Form) -> None:
        """Put `form` into the fields, as if it was typed and chosen, with the focus on the names.

        What belongs to a new account stays, and so does the tick at the terms unless they are other ones.
        """
        ...

    def show_field_errors(self, errors: tuple[FieldError, ...], *, fresh: bool = True) -> None:
        """Put each error beside its field and into the list on top of the form, and take away all others.

        The list gets the focus, unless they are what is left of the errors shown before: then they are not `fresh`.
        """
        ...

    def show_error(self, message: Message | None) -> None:
        """Show `message`, or none."""
        ...

    def ask_terms(self, url: str) -> None:
        """Link the terms at `url`, and let the person agree anew."""
        ...

    def show_credentials(self, *, wanted: bool) -> None:
        """Show or hide the fields for credentials from the CA's website (EAB)."""
        ...

    def say(self, text: str) -> None:
        """Tell what just happened, for eyes and screen readers."""
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...
