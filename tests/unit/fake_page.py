"""A page that only remembers what it is shown."""

import asyncio
from dataclasses import replace

from app.errors import FieldError
from app.pki.formats.file import File
from app.text.message import Message, Question
from app.ui.form.names import Reading
from app.ui.form.order import Form
from app.ui.form.outline import FormOutline
from app.ui.form.target import TargetModel
from app.ui.steps.prove_models import ProviderModel
from app.ui.views import PageModel


class FakePage:
    """`app.ui.views.PageView` without a browser. `fields` are the values of the form."""

    def __init__(self, fields: Form) -> None:
        self.fields = fields
        self.views: list[PageModel] = []
        self.shown = asyncio.Event()
        self.clicks = 0
        self.readings: list[Reading] = []
        self.providers = ProviderModel()
        self.outline: FormOutline | None = None
        self.target = TargetModel()
        self.private_texts: dict[str, str] = {}
        self.field_errors: tuple[FieldError, ...] = ()
        self.password_error: FieldError | None = None
        self.summary_focused = False
        self.error: Message | None = None
        self.credentials = False
        self.terms: list[str] = []
        self.said: list[str] = []
        self.files: list[File] = []
        self.questions: list[Question] = []
        self.says = True

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.ConfirmView.confirm`; the answer is `says`."""
        self.questions.append(question)
        return self.says

    def form(self) -> Form:
        """See `app.ui.views.PageView.form`."""
        return self.fields

    def show(self, view: PageModel) -> None:
        """See `app.ui.views.PageView.show`."""
        self.views.append(view)
        self.shown.set()

    def show_click(self) -> None:
        """See `app.ui.views.PageView.show_click`."""
        self.clicks += 1

    def show_outline(self, outline: FormOutline) -> None:
        """See `app.ui.views.PageView.show_outline`."""
        self.outline = outline

    def show_target(self, model: TargetModel) -> None:
        """See `app.ui.views.PageView.show_target`."""
        self.target = model

    def show_reading(self, reading: Reading) -> None:
        """See `app.ui.views.PageView.show_reading`."""
        self.readings.append(reading)

    def show_providers(self, model: ProviderModel) -> None:
        """See `app.ui.views.PageView.show_providers`."""
        self.providers = model

    def fill_names(self, text: str) -> None:
        """See `app.ui.views.PageView.fill_names`."""
        self.fields = replace(self.fields, domains=text)

    def fill_form(self, form: Form) -> None:
        """See `app.ui.views.PageView.fill_form`."""
        before = self.fields
        kept = replace(form, agree_tos=before.agree_tos, account=before.account)
        self.fields = replace(kept, dns_allow=before.dns_allow, dns_allow_keep=before.dns_allow_keep)

    def tick_dns(self, *, allowed: bool, kept: bool) -> None:
        """See `app.ui.views.PageView.tick_dns`."""
        self.fields = replace(self.fields, dns_allow=allowed, dns_allow_keep=kept)

    def show_field_errors(self, errors: tuple[FieldError, ...], *, fresh: bool = True) -> None:
        """See `app.ui.views.PageView.show_field_errors`."""
        self.field_errors = errors
        self.summary_focused = bool(errors) and fresh

    def show_private(self, format_id: str, text: str) -> None:
        """See `app.ui.views.PageView.show_private`."""
        self.private_texts[format_id] = text

    def show_password_error(self, error: FieldError | None) -> None:
        """See `app.ui.views.PageView.show_password_error`."""
        self.password_error = error

    def show_error(self, message: Message | None) -> None:
        """See `app.ui.views.PageView.show_error`."""
        self.error = message

    def ask_terms(self, url: str) -> None:
        """See `app.ui.views.PageView.ask_terms`."""
        self.terms.append(url)
        self.fields = replace(self.fields, agree_tos=False, account=replace(self.fields.account, terms=url))

    def show_credentials(self, *, wanted: bool) -> None:
        """See `app.ui.views.PageView.show_credentials`."""
        self.credentials = wanted

    def say(self, text: str) -> None:
        """See `app.ui.views.PageView.say`."""
        self.said.append(text)

    def save(self, file: File) -> None:
        """See `app.ui.views.PageView.save`."""
        self.files.append(file)

    @property
    def view(self) -> PageModel:
        """What is shown now."""
        return self.views[-1]

    @property
    def message(self) -> Message:
        """The error that is shown now."""
        assert self.error is not None
        return self.error


class FakePanel:
    """`app.ui.runner.PlainView` that only remembers; it answers every question with `says`."""

    def __init__(self) -> None:
        self.shown = 0
        self.busy = False
        self.said = ""
        self.message: Message | None = None
        self.questions: list[Question] = []
        self.says = True

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """See `app.ui.runner.PlainView.tell`."""
        self.busy, self.said, self.message = busy, said, message

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.ConfirmView.confirm`."""
        self.questions.append(question)
        return self.says
