"""The form of step 1 as a whole: its fields, the error summary, and another kind of proof for some of the names."""

import json
from typing import Any, Final

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import Identifier
from app.browser.form.account import ACCOUNT_FIELDS, read_account_fields, show_credentials
from app.browser.form.names import NamesList
from app.browser.form.profiles import choose_profile
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template
from app.browser.page.focus import switch
from app.browser.page.messages import mark_field
from app.errors import FieldError
from app.text.form import summary_title
from app.text.sentences import sentence
from app.ui.form.names import Reading
from app.ui.form.order import Form
from app.ui.session import Session

FIELDS: Final = (
    *("domains", "ca", "directory-url", "challenge", "persist-until", "key-type", "profile", "csr"),
    *ACCOUNT_FIELDS,
    "agree-tos",
)


class DomOrderForm:
    """The fields, the names as understood, and the list of what must be corrected."""

    def __init__(self) -> None:
        self._form = by_id("names")
        self._names = NamesList()
        self._challenges = ChallengeChoices()
        self._summary = ErrorSummary()

    def bind(self, actions: Actions, session: Session) -> None:
        """Connect the fields and the button to what they mean in `session`."""

        def submit(_: Any) -> None:
            by_id("start").focus()  # also after Enter in a field, which is off while the work lasts
            actions.act(session.start)

        add_event_listener(self._form, "submit", submit)
        for event in ("input", "change"):
            add_event_listener(self._form, event, lambda _: actions.spawn(session.check_again()))
        for field in ("domains", "challenge", "directory-url"):
            add_event_listener(by_id(field), "input", lambda _: session.read_names())
        add_event_listener(by_id("proofs"), "input", lambda _: session.read_names())
        self._names.bind(session.use_suggestion)
        add_event_listener(by_id("ca"), "change", lambda _: session.choose_ca())

    def read(self) -> Form:
        """The current values of the fields."""
        values = {field: by_id(field).value for field in FIELDS if field != "agree-tos"}
        return Form(
            domains=values["domains"],
            ca=values["ca"],
            directory_url=values["directory-url"],
            challenge=values["challenge"],
            key_type=values["key-type"],
            agree_tos=by_id("agree-tos").checked,
            persist_until=values["persist-until"],
            challenges=self._challenges.chosen(),
            profile=values["profile"],
            csr=values["csr"],
            account=read_account_fields(),
        )

    def switch(self, *, off: bool) -> None:
        """Switch all fields and the button off, or on again."""
        switch(by_id("start"), off=off)
        by_id("names-fields").disabled = off

    def fill_names(self, text: str) -> None:
        """Put `text` into the names box, as if it was typed."""
        by_id("domains").value = text
        by_id("domains").dispatchEvent(js.Event.new("input", to_js({"bubbles": True})))  # form.mjs keeps what is typed

    def fill(self, form: Form) -> None:
        """See `app.ui.views.PageView.fill_form`."""
        by_id("ca").value = form.ca
        by_id("directory-url").value = form.directory_url
        self._challenges.choose(form.challenges)
        for field in ("ca", "directory-url"):  # first: they take away what belongs to another CA
            _announce(field)
        values = {
            "challenge": form.challenge,
            "persist-until": form.persist_until,
            "key-type": form.key_type,
            "csr": form.csr,
            "domains": form.domains,
        }
        for field, value in values.items():
            by_id(field).value = value
        choose_profile(form.profile)
        for field in values:
            _announce(field)
        by_id("domains").focus()
        by_id("domains").closest(".field, .question").scrollIntoView()

    def show_reading(self, reading: Reading) -> None:
        """Show how the names box was read."""
        self._names.show(reading)
        self._challenges.show(reading.understood)
        by_id("about-ip").hidden = not reading.has_ip
        if reading.error is None:
            mark_field("domains", None)

    def show_errors(self, errors: tuple[FieldError, ...], *, fresh: bool) -> None:
        """Show each error beside its field and in the list on top, and no others."""
        texts = {error.field: sentence(error) for error in errors}
        if "domains" in texts and by_id("understood").querySelector("[data-state=wrong]"):
            texts["domains"] = ""  # the list beside the box says it already, name by name
        for field in FIELDS:
            mark_field(field, texts.get(field))
        self._summary.show(errors, fresh=fresh)

    def notice(self) -> str:
        """What static/form.mjs had to say while Python was loading, or ""."""
        return self._form.getAttribute("data-notice") or ""

    def take_queued_start(self) -> bool:
        """Whether the form was sent while Python was loading. Only the first call says so."""
        queued = bool(self._form.hasAttribute("data-queued"))
        self._form.removeAttribute("data-queued")
        return queued


class ChallengeChoices:
    """A small select for each name, under "More options". The list is made anew only when the names change."""

    def __init__(self) -> None:
        self._shown: tuple[Identifier, ...] = ()
        self._chosen: dict[str, str] = json.loads(by_id("names").getAttribute("data-proofs") or "{}")  # from before a reload

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Name and kind for each name that has one of its own."""
        return tuple((select.dataset.identifier, select.value) for select in _selects() if select.value)

    def choose(self, kinds: tuple[tuple[str, str], ...]) -> None:
        """Choose these kinds, by name, once the names are there, and forget all others."""
        self._chosen, self._shown = dict(kinds), ()
        by_id("proofs").replaceChildren()

    def show(self, names: tuple[Identifier, ...]) -> None:
        """Offer a choice for each of `names`, where there are several; what was chosen for a name stays."""
        if names == self._shown:
            return
        self._shown = names
        self._chosen.update((select.dataset.identifier, select.value) for select in _selects())
        by_id("proofs").replaceChildren(*(_choice(name, self._chosen.get(name.value, "")) for name in names))
        by_id("proofs-row").hidden = len(names) < 2
        by_id("names").dispatchEvent(js.Event.new("change"))  # form.mjs shows what belongs to the kinds that are chosen


def _announce(field: str) -> None:
    """Let all that follows `field` know that it was changed, as if by a person."""
    for event in ("input", "change"):
        by_id(field).dispatchEvent(js.Event.new(event, to_js({"bubbles": True})))


def _selects() -> Any:
    return by_id("proofs").querySelectorAll("select")


def _choice(name: Identifier, kind: str) -> Any:
    item = from_template("template-proof-choice")
    fill(item, "name", name.readable)
    select = item.querySelector("select")
    select.dataset.identifier = name.value
    for option in by_id("challenge").options:
        select.append(option.cloneNode(True))  # noqa: FBT003 – the DOM’s own signature
    select.value = kind
    return item


class ErrorSummary:
    """The list on top of the form of what must be corrected: a link for each field, which leads there."""

    def __init__(self) -> None:
        add_event_listener(by_id("error-list"), "click", self._lead)

    def show(self, errors: tuple[FieldError, ...], *, fresh: bool) -> None:
        """Show a line for each of `errors`, or nothing where there are none; with the focus on the list if it is `fresh`."""
        box = by_id("error-summary")
        box.hidden = not errors
        by_id("title-error-summary").textContent = summary_title(len(errors)) if errors else ""
        by_id("error-list").replaceChildren(*map(_line, errors))
        if errors and fresh:
            box.focus()

    def _lead(self, event: Any) -> None:
        link = event.target.closest("a")
        if link:
            event.preventDefault()  # the address stays as it is: the part after its # fills in the form
            _reveal(link.dataset.field)
            by_id(link.dataset.field).focus()


def _line(error: FieldError) -> Any:
    link = js.document.createElement("a")
    link.href, link.dataset.field = f"#{error.field}", error.field
    link.textContent = sentence(error)
    line = js.document.createElement("li")
    line.append(link)
    return line


def _reveal(field: str) -> None:
    """Unfold what holds `field`, so that it can be seen and get the focus."""
    if field.startswith("eab-"):
        show_credentials(wanted=True)
    fold = by_id(field).closest("details")
    while fold:
        fold.open = True
        fold = fold.parentElement.closest("details")
