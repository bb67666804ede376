"""What the page shows, as plain values (`…Model`), and what presenters may ask of it (`PageView`).

The values of step 2 are in `app.ui.steps.prove_models`. A view only shows what it is given: `app.browser.page.page` puts it
into the DOM, and tests look at the values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

from app.errors import FieldError
from app.issuance.issuance import State
from app.text.issuance import form_title
from app.text.message import Message, Question
from app.ui.form.names import Reading
from app.ui.form.order import Form
from app.ui.form.outline import FormOutline
from app.ui.form.target import TargetModel

if TYPE_CHECKING:
    from app.pki.formats.file import File
    from app.text.certificate import KeyPlace
    from app.ui.steps.dns_check_models import DnsCheckModel
    from app.ui.steps.install import InstallModel
    from app.ui.steps.prove_models import OrderFacts, ProofTrouble, ProveModel, ProveProgress, ProviderModel

Step = Literal["names", "prove", "certificate"]

STEP_OF: Final[dict[State, Step]] = {
    "asked": "names",
    "registered": "names",
    "ordered": "names",
    "proving": "prove",
    "verifying": "prove",
    "ready": "prove",
    "finalizing": "prove",
    "downloading": "prove",
    "issued": "certificate",
    "failed": "prove",
}
"""The step in which each state is shown."""


@dataclass(frozen=True)
class CertificateModel:
    """Step 3, all texts for a person. `title` is its heading, `ca` the name of the CA that was chosen.

    `names` are all names, `names_in_short` those that fit in a sentence. `last_day` is the day on which it ends, `renew_on`
    the one to come back on, and `come_back` that as a line of its own. `chains` are the chains to choose from, by the name
    on top of each, `chain` is the one that was taken. `revoked` says that the certificate is revoked and since when, or is
    "". `key` tells where the certificate's key is, and `key_words` of what kind it is and whether it can be copied out.
    `can_keep_key` tells that a person may choose whether a renewal keeps the key, `keep_key` that it does; `tlsa` are the
    lines of a zone file for this key, or "".
    `formats` are the ids of the formats that there are files in, so without those that need a key that is not here;
    `install` is how it gets to where it goes; `download_pfx` is the button for a PFX file, and `keytool` the command that
    makes a Java keystore of one.
    `window` says when the CA would like it renewed, once it was asked; `window_url` is its page on that. `extra_names`
    warns of names that nobody ordered, or is "". `tidy_up` are the things to remove or to leave. `rehearsal` tells that it
    came from a CA for trials; `production` is then the button that orders the same where browsers trust it, and
    `difference` what is different there, both "" where this page cannot do that.
    """

    names: str
    names_in_short: str
    ca: str
    issuer: str
    valid_from: str
    valid_until: str
    serial: str
    fingerprint: str
    last_day: str
    renew_on: str
    come_back: str
    title: str
    key_words: str
    install: InstallModel
    chains: tuple[str, ...] = ()
    chain: int = 0
    revoked: str = ""
    key: KeyPlace = "here"
    can_keep_key: bool = False
    keep_key: bool = False
    tlsa: str = ""
    formats: tuple[str, ...] = ()
    download_pfx: str = ""
    keytool: str = ""
    window: str = ""
    window_url: str = ""
    extra_names: str = ""
    tidy_up: tuple[str, ...] = ()
    rehearsal: bool = False
    production: str = ""
    difference: str = ""


@dataclass(frozen=True)
class PageModel:
    """The whole page. `title` names it for the list of tabs and for screen readers.

    `waiting` says what the page is waiting for, or ""; `since` is when that began, in Unix seconds. `is_follower` tells that
    another tab works on the order shown, so nothing can be changed here. `can_leave` tells that a person may go back to the
    form during the work, `can_poll_now` that they may ask the CA now instead of waiting for the next poll. `trouble` tells what
    is wrong with the proofs. `order` and `progress` belong to step 2. `can_verify` tells that its button may be pressed, also
    while other work goes on; `verify_waits` that it was, and what it means comes after that work. `ask_dns` says which
    resolvers the page would ask about DNS, where it could and was not allowed to yet, or is "". `check` is what was seen in
    DNS, None where nobody is asked.
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
    ask_dns: str = ""
    prove: ProveModel | None = None
    check: DnsCheckModel | None = None
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

    def show_click(self) -> None:
        """The button that has the focus was pressed, and its work has begun: it takes no other click until `show`."""
        ...

    def show_outline(self, outline: FormOutline) -> None:
        """Show what the form asks for, in short."""
        ...

    def show_target(self, model: TargetModel) -> None:
        """Show what the choice of a target leads to."""
        ...

    def show_reading(self, reading: Reading) -> None:
        """Show how the names box was read, while a person types."""
        ...

    def show_providers(self, model: ProviderModel) -> None:
        """Show what stands around the choice of a DNS provider while the form is shown."""
        ...

    def fill_names(self, text: str) -> None:
        """Put `text` into the names box, as if it was typed."""
        ...

    def fill_form(self, form: Form) -> None:
        """Put `form` into the fields, as if it was typed and chosen, with the focus on the names.

        What belongs to a new account stays, and so does the tick at the terms unless they are other ones.
        """
        ...

    def tick_dns(self, *, allowed: bool, kept: bool) -> None:
        """Tick the box of the form that allows to ask about DNS, and the one that keeps this, or take the ticks away."""
        ...

    def show_field_errors(self, errors: tuple[FieldError, ...], *, fresh: bool = True) -> None:
        """Put each error beside its field and into the list on top of the form, and take away all others.

        The list gets the focus, unless they are what is left of the errors shown before: then they are not `fresh`.
        """
        ...

    def show_private(self, format_id: str, text: str) -> None:
        """Show the private key that goes into a box of a form: the `text` of the file in this format."""
        ...

    def show_password_error(self, error: FieldError | None) -> None:
        """Say beside the password of the files, which gets the focus, why it cannot be used; or take that away."""
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
