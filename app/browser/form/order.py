"""The form of step 1 as a whole: its fields, what it says in short, and another kind of proof for some of the names."""

import json
from typing import Any, Final

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import Identifier
from app.browser.form.account import ACCOUNT_FIELDS, read_account_fields
from app.browser.form.fields import ErrorSummary
from app.browser.form.names import NamesList
from app.browser.form.profiles import choose_profile
from app.browser.form.provider import DomProviders
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template
from app.browser.page.focus import switch
from app.browser.page.item_list import ItemList
from app.browser.page.messages import mark_field
from app.browser.page.soon import Soon
from app.errors import FieldError
from app.text.form import dns_card, file_card
from app.text.names import names_to_change
from app.text.sentences import sentence
from app.ui.form.names import Reading
from app.ui.form.order import Form
from app.ui.form.outline import FormOutline
from app.ui.session import Session

FIELDS: Final = (
    *("domains", "challenge", "persist-until", "ca", "directory-url", "target", "key-type", "profile", "csr"),
    *ACCOUNT_FIELDS,
    "agree-tos",
)


class DomOrderForm:
    """The fields, the names as understood, and the list of what must be corrected."""

    def __init__(self, providers: DomProviders) -> None:
        self._form = by_id("names")
        self._providers = providers
        self._names = NamesList()
        self._challenges = ChallengeChoices()
        self._summary = ErrorSummary()

    def bind(self, actions: Actions, session: Session) -> None:
        """Connect the fields and the button to what they mean in `session`."""
        read_names = Soon(session.read_names)

        def follow() -> None:
            read_names.now()
            actions.spawn(session.check_again())
            session.describe()

        follow_soon = Soon(follow)

        def submit(_: Any) -> None:
            by_id("start").focus()  # also after Enter in a field, which is off while the work lasts
            follow_soon.now()
            actions.act(session.start)

        add_event_listener(self._form, "submit", submit)
        for field in ("domains", "challenge", "directory-url", "proofs"):
            add_event_listener(by_id(field), "input", read_names)
        for event in ("input", "change"):
            add_event_listener(self._form, event, follow_soon)
        self._names.bind(session.use_suggestion)
        add_event_listener(by_id("ca"), "change", lambda _: session.choose_ca())
        for box in ("dns-allow", "dns-allow-keep"):
            add_event_listener(by_id(box), "change", lambda _: actions.spawn(session.choose_dns()))

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
            provider=by_id("provider").value,
            providers=self._providers.chosen(),
            target=values["target"],
            dns_allow=by_id("dns-allow").checked,
            dns_allow_keep=by_id("dns-allow-keep").checked,
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
            "key-type": form.key_type,  # before the target, which chooses a key for those who have chosen none
            "challenge": form.challenge,
            "persist-until": form.persist_until,
            "target": form.target,
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

    def tick_dns(self, *, allowed: bool, kept: bool) -> None:
        """See `app.ui.views.PageView.tick_dns`."""
        by_id("dns-allow").checked, by_id("dns-allow-keep").checked = allowed, kept
        by_id("names").dispatchEvent(js.Event.new("input"))  # form.mjs keeps it over a reload

    def show_outline(self, outline: FormOutline) -> None:
        """Show what the form asks for, in short."""
        by_id("options-in-short").textContent = outline.options
        by_id("account-in-short").textContent = outline.account
        by_id("hint-start").textContent = outline.start
        by_id("profile-warning").textContent, by_id("profile-warning").hidden = outline.profile, not outline.profile

    def show_reading(self, reading: Reading) -> None:
        """Show how the names box was read."""
        self._names.show(reading)
        self._challenges.show(reading.understood)
        by_id("about-ip").hidden = not reading.has_ip
        _show_tag("tag-dns", dns_card(reading.addresses), suits=not reading.addresses)
        _show_tag("tag-file", file_card(reading.wildcards), suits=not reading.wildcards)
        if reading.error is None:
            mark_field("domains", None)

    def show_errors(self, errors: tuple[FieldError, ...], *, fresh: bool) -> None:
        """Show each error beside its field and in the list on top, and no others."""
        texts = {error.field: sentence(error) for error in errors}
        if any(error.code == "names-wrong" for error in errors):  # the list below the box says the rest, name by name
            texts["domains"] = names_to_change(by_id("understood").querySelectorAll("[data-state=wrong]").length)
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


def _show_tag(id_: str, text: str, *, suits: bool) -> None:
    """Show the last line of a card, in ink where the card does not suit a name that was typed."""
    by_id(id_).textContent = text
    by_id(id_).classList.toggle("unfit", not suits)


class ChallengeChoices:
    """A small select for each name, under "More options". One that stays in the list keeps what was chosen for it.

    They are rendered after the names themselves: a hundred of both in one go would keep the page from answering.
    """

    def __init__(self) -> None:
        self._list: ItemList[Identifier] = ItemList(lambda: by_id("proofs"), self._choice)
        self._names: tuple[Identifier, ...] = ()
        self._selects: dict[str, Any] = {}  # by name
        self._chosen: dict[str, str] = json.loads(by_id("names").getAttribute("data-proofs") or "{}")  # from before a reload
        self._render = Soon(self._show)
        self._empty = _empty_choice()

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Name and kind for each name that has one of its own."""
        self._note_chosen()
        values = ((name.value, self._chosen.get(name.value, "")) for name in self._names)
        return tuple((name, value) for name, value in values if value)

    def choose(self, kinds: tuple[tuple[str, str], ...]) -> None:
        """Choose these kinds, by name, once the names are there, and forget all others."""
        self._chosen, self._names, self._selects = dict(kinds), (), {}
        self._list.show(())

    def show(self, names: tuple[Identifier, ...]) -> None:
        """Offer a choice for each of `names`, where there are several; what was chosen for a name stays."""
        if names != self._names:
            self._names = names
            self._render()

    def _show(self) -> None:
        self._note_chosen()
        self._list.show(self._names)
        self._selects = {name.value: self._selects[name.value] for name in self._names}
        by_id("proofs-row").hidden = len(self._names) < 2
        by_id("names").dispatchEvent(js.Event.new("change"))  # form.mjs shows what belongs to the kinds that are chosen

    def _note_chosen(self) -> None:
        self._chosen.update((name, select.value) for name, select in self._selects.items())

    def _choice(self, name: Identifier) -> Any:
        item = self._empty.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature
        fill(item, "name", name.readable)
        self._selects[name.value] = select = item.querySelector("select")
        select.dataset.identifier = name.value
        select.value = self._chosen.get(name.value, "")
        return item


def _empty_choice() -> Any:
    """The choice of a kind for a name that is not known yet."""
    item = from_template("template-proof-choice")
    for option in by_id("challenge").options:
        item.querySelector("select").append(option.cloneNode(True))  # noqa: FBT003 – the DOM’s own signature
    return item


def _announce(field: str) -> None:
    """Let all that follows `field` know that it was changed, as if by a person."""
    for event in ("input", "change"):
        by_id(field).dispatchEvent(js.Event.new(event, to_js({"bubbles": True})))
