"""Step 3: moving the certificate and its account to a program on a server that renews by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from app.accounts.commands import roll_over
from app.errors import FieldError, InputError, LostKeyError
from app.handover import CLIENTS, archive, archive_name, proofs_of
from app.handover.client import Client, StepKind
from app.handover.material import account_of, check_movable, read_keys, read_plan
from app.handover.plan import check_plan
from app.handover.proofs import DEFAULT_WEBROOT, DNS_PREFIX, FOLDER_ERROR, OWN_WAY, read_proof
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.pki.formats.file import File
from app.text import move_out as text
from app.text.sentences import sentence
from app.text.tasks import Task
from app.ui.steps.certificate import OrderEditor
from app.ui.views import ConfirmView


@dataclass(frozen=True)
class MoveOutForm:
    """The values of the fields: the program ("" for none), the way to prove control, and the folder of the website."""

    client: str
    proof: str
    webroot: str


@dataclass(frozen=True)
class MoveOutStep:
    """One thing to do on the server. `command` is "" where words say it all; `of` is what its copy button copies."""

    title: str
    text: str
    command: str
    of: str


@dataclass(frozen=True)
class MoveOutModel:
    """What stands below the choice of a program. `blocked` says why the certificate cannot move, or is "".

    `proofs` are the ways to prove control as (value, name), `providers` those by the DNS of a provider; `chosen` is the value
    that is chosen among them. `asks_webroot` tells that the folder of the website matters. `key_note` says that the account
    needs another key first, or is "". `download` is on the button.
    """

    blocked: str = ""
    proofs: tuple[tuple[str, str], ...] = ()
    by_dns_of: str = ""
    providers: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    asks_webroot: bool = False
    key_note: str = ""
    download: str = ""
    steps: tuple[MoveOutStep, ...] = ()


class MoveOutView(Protocol):
    """What the presenter may ask of this part of the page."""

    def form(self) -> MoveOutForm:
        """The current values of the fields."""
        ...

    def show(self, model: MoveOutModel | None) -> None:
        """Show `model`, or nothing while no program is chosen."""
        ...

    def show_errors(self, error: FieldError | None) -> None:
        """Put `error` beside its field, or take it away."""
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class OpenCertificate(OrderEditor, Protocol):
    """The order that is open (`app.ui.session.Session`)."""

    @property
    def issuance(self) -> Issuance | None:
        """It as it was shown last, or None."""
        ...


class MoveOutPresenter:
    """The clicks on this part. `provider` gives the id of the DNS provider that is chosen in the form."""

    def __init__(
        self, workflow: Workflow, session: OpenCertificate, page: MoveOutView, dialog: ConfirmView, provider: Callable[[], str]
    ) -> None:
        self._workflow = workflow
        self._session = session
        self._page = page
        self._dialog = dialog
        self._provider = provider

    async def choose(self) -> None:
        """A program, a way to prove control or a folder was chosen."""
        self._page.show_errors(None)
        await self.refresh()

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: another order may be open, or the account may have another key."""
        issuance, client = self._session.issuance, CLIENTS.get(self._page.form().client)
        if issuance is None or issuance.state != "issued" or client is None:
            self._page.show(None)
            return
        try:
            self._page.show(await self._model(issuance, client))
        except (InputError, LostKeyError) as error:
            self._page.show(MoveOutModel(blocked=sentence(error)))

    async def download(self) -> None:
        """Make the archive. Where the account's key cannot be taken out, it gets another one, once that is confirmed."""
        form, issuance = self._page.form(), self._session.issuance
        client = CLIENTS.get(form.client)
        if issuance is None or client is None:
            return
        try:
            proof = read_proof(form.proof, form.webroot, proofs_of(client, check_movable(issuance)))
        except InputError as error:
            field = "move-out-webroot" if error.code == FOLDER_ERROR else "move-out-proof"
            self._page.show_errors(FieldError(field, error.code))
            return
        self._page.show_errors(None)
        changes_key = not (await account_of(self._workflow, issuance)).extractable

        async def make(issuance: Issuance) -> tuple[Issuance, str]:
            check_plan(await read_plan(self._workflow, issuance, proof))  # before anything is changed
            if changes_key and not await self._change_key(issuance):
                return issuance, text.key_kept()
            plan = await read_plan(self._workflow, issuance, proof)
            file = archive(client, plan, await read_keys(self._workflow, issuance))
            self._page.save(file)
            return issuance, text.archive_saved(file.name)

        task: Task = "key change" if changes_key else "order"
        await self._session.change(make, task)
        await self.refresh()

    async def _change_key(self, issuance: Issuance) -> bool:
        """Ask, and give the account of `issuance` a key that can be taken out. Returns whether it has one now."""
        if not await self._dialog.confirm(text.key_question(self._workflow.authority(issuance).name)):
            return False
        await roll_over(self._workflow, await account_of(self._workflow, issuance), extractable=True)
        return True

    async def _model(self, issuance: Issuance, client: Client) -> MoveOutModel:
        form, offered = self._page.form(), proofs_of(client, check_movable(issuance))
        chosen = form.proof if form.proof in offered else self._usual(issuance, offered)
        named = [(value, text.method_name(client.id, value)) for value in offered]
        known = {f"{DNS_PREFIX}{provider.id}": provider.name for provider in self._workflow.lists.providers}
        extractable = (await account_of(self._workflow, issuance)).extractable
        return MoveOutModel(
            proofs=tuple((value, name) for value, name in named if name),
            by_dns_of=text.by_dns_of(),
            providers=tuple((value, known[value]) for value in offered if value in known),
            chosen=chosen,
            asks_webroot=chosen == "webroot",
            key_note="" if extractable else text.key_note(),
            download=text.download_words(changes_key=not extractable),
            steps=await self._steps(issuance, client, chosen, form.webroot),
        )

    def _usual(self, issuance: Issuance, offered: tuple[str, ...]) -> str:
        """The way that is likely for `issuance`: by DNS where its own proofs were, at the provider that the form names."""
        by_dns = any(kind.startswith("dns-") for kind in issuance.choices.kinds)
        if by_dns or offered[0].startswith(DNS_PREFIX):
            at_provider = f"{DNS_PREFIX}{self._provider()}"
            return at_provider if at_provider in offered else f"{DNS_PREFIX}{OWN_WAY}"
        return offered[0]

    async def _steps(self, issuance: Issuance, client: Client, chosen: str, webroot: str) -> tuple[MoveOutStep, ...]:
        """What to do on the server; with the usual folder while what is typed cannot be one."""
        offered = (chosen,)
        try:
            proof = read_proof(chosen, webroot, offered)
        except InputError:
            proof = read_proof(chosen, DEFAULT_WEBROOT, offered)
        plan = check_plan(await read_plan(self._workflow, issuance, proof))
        return tuple(
            _step(client, step.kind, step.command, own_way=proof.provider == OWN_WAY)
            for step in client.steps(plan, archive_name(client, plan))
        )


def _step(client: Client, kind: StepKind, command: str, *, own_way: bool) -> MoveOutStep:
    title, words = text.step_words(client.id, kind, own_way=own_way)
    return MoveOutStep(title, words, command, text.command_of(title))


FIELDS: Final = ("move-out-proof", "move-out-webroot")
"""The fields that may have to be corrected."""
