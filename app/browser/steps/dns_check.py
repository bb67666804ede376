"""Step 2: what the page sees in DNS, at each record, for CAA records and at the files, and the countdowns."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import js
from pyodide.ffi import create_proxy
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, make_link, set_collapsible, slot
from app.browser.page.focus import switch
from app.browser.page.marks import new_state
from app.text import caa as caa_text
from app.text import dns_check as text
from app.ui.background import BackgroundTasks
from app.ui.session import Session
from app.ui.steps.dns_check import record_place
from app.ui.steps.dns_check_models import AddressNote, CaaNotice, DnsCheckModel, Memory, RecordCheck
from app.ui.steps.prove_models import LastLook

EMPTY: Final = DnsCheckModel()
RENDERED_AT_ONCE: Final = 8
"""Records that are rendered before the browser gets its turn."""


class Countdowns:
    """What says how long something still takes, said anew each second. Nothing of it is announced."""

    def __init__(self) -> None:
        self._parts: dict[object, Callable[[float], None]] = {}
        self._timer: Any = None
        self._tick = create_proxy(self._say)

    def set(self, key: object, say: Callable[[float], None] | None) -> None:
        """From now on, call `say` with the time (Unix seconds) each second, in place of what was called for `key` before."""
        self._parts.pop(key, None)
        if say:
            self._parts[key] = say
            say(time.time())
        self._start_or_stop()

    def clear(self) -> None:
        """Nothing is counted any more."""
        self._parts.clear()
        self._start_or_stop()

    def _start_or_stop(self) -> None:
        if self._parts and self._timer is None:
            self._timer = js.setInterval(self._tick, 1000)
        elif not self._parts and self._timer is not None:
            js.clearInterval(self._timer)
            self._timer = None

    def _say(self, *_: Any) -> None:
        now = time.time()
        for say in tuple(self._parts.values()):
            say(now)


class DomDnsCheck:
    """What was seen, on the document. Only what has changed is rendered."""

    def __init__(self) -> None:
        self._shown = EMPTY
        self._countdowns = Countdowns()
        self._changed: dict[int, RecordCheck] = {}  # by number: what is to be rendered
        self._tasks = BackgroundTasks()

    def bind(self, actions: Actions, session: Session) -> None:
        """Connect the buttons to their clicks."""

        def forget(event: Any) -> None:
            button = event.target.closest("[data-forget]")
            if button:
                actions.act(partial(session.look_again, button.dataset.forget, int(button.closest(".record").dataset.number)))

        actions.on_click(by_id("dns-check"), session.check_dns)
        add_event_listener(by_id("records"), "click", forget)

    def show(self, model: DnsCheckModel | None, *, fresh: bool) -> None:
        """Show `model`, or that nothing was looked at. The cards are `fresh` where they were rendered since the last time."""
        model = model or EMPTY
        if fresh:
            self.leave()
        before = self._shown
        self._shown = model
        self._show_records(model, before)
        if model.addresses != before.addresses:
            _show_addresses(model)
        if (model.caa, model.caa_state, model.caa_words) != (before.caa, before.caa_state, before.caa_words) or fresh:
            _show_caa(model)
        busy = bool(model.look and model.look.looking)
        for button in js.document.querySelectorAll("#records [data-forget]"):
            switch(button, off=busy)

    def leave(self) -> None:
        """The cards go, or another step is shown."""
        self._shown = EMPTY
        self._changed.clear()
        self._countdowns.clear()

    def _show_records(self, model: DnsCheckModel, before: DnsCheckModel) -> None:
        known = {check.number: check for check in before.records}
        changed = {check.number: check for check in model.records if known.pop(check.number, None) != check}
        gone = {number: RecordCheck(number, "unknown", "note", "") for number in known}
        was_rendering, self._changed = bool(self._changed), {**self._changed, **gone, **changed}
        self._render_some()
        if self._changed and not was_rendering:
            self._tasks.spawn(self._render_the_rest())

    def _render_some(self) -> None:
        for number in list(self._changed)[:RENDERED_AT_ONCE]:
            self._show_record(self._changed.pop(number))

    async def _render_the_rest(self) -> None:
        """A hundred records in one go would keep the page from answering."""
        while self._changed:
            await asyncio.sleep(0)
            self._render_some()

    def _show_record(self, check: RecordCheck) -> None:
        card = by_id(record_place(check.number))
        if not card:
            return
        card.dataset.seen = check.seen
        _show_state(card.querySelector("header"), check)
        set_collapsible(card.querySelector(".fields"), collapsible=check.seen == "there")
        found = card.querySelector(".found")
        if found:
            found.remove()
        if _has_something_to_say(check):
            card.append(_found(check))
        memories = card.querySelectorAll(".memory")
        says = [partial(_say_memory, place, memory) for place, memory in zip(memories, check.memories, strict=True)]
        self._countdowns.set(check.number, partial(_say_all, says) if says else None)

    def show_look(self, look: LastLook | None) -> None:
        """Say when the page looked last, and when it does so again; None where it does not look."""
        line = by_id("last-look")
        line.hidden = not look
        fill(line, "looked", text.last_check(look.looked) if look and look.looked else "")
        due = look.next_look if look else None
        if look and due is None:
            fill(line, "next", text.checking() if look.looking else text.is_over() if look.is_over else "")
        self._countdowns.set("next", partial(_say_next, due) if due is not None else None)


def _say_next(due: float, now: float) -> None:
    fill(by_id("last-look"), "next", text.next_check(round(due - now)))


def _say_all(says: Sequence[Callable[[float], None]], now: float) -> None:
    for say in says:
        say(now)


def _say_memory(place: Any, memory: Memory, now: float) -> None:
    remembers = text.remembers_nothing if memory.nothing else text.remembers_old
    words, counts = remembers(memory.resolvers, memory.until, now)
    before, strong, after = words.partition(counts)
    for part, said in zip(place.children, (before, strong, after), strict=True):
        part.textContent = said


# ---- a record ----


def _show_state(header: Any, check: RecordCheck) -> None:
    state = header.querySelector(".state")
    if state:
        state.remove()
    if check.state:
        header.append(new_state("p", check.mark, check.state))


def _has_something_to_say(check: RecordCheck) -> bool:
    """Whether there is more to say than the heading does: of a record that is there, only where not all resolvers have it."""
    if check.seen == "there":
        return bool(check.means) or any(line.mark != "good" for line in check.resolvers)
    return bool(check.state)


def _found(check: RecordCheck) -> Any:
    element = from_template("template-found")
    element.classList.toggle("bad", check.mark == "bad")
    for name in ("title", "means", "todo", "own-words"):
        fill(element, name, getattr(check, name.replace("-", "_")))
    slot(element, "facts").append(*_facts(check.facts))
    slot(element, "memories").append(*(_memory() for _ in check.memories))
    slot(element, "resolvers").append(*(new_state("li", line.mark, line.words) for line in check.resolvers))
    slot(element, "actions").append(*(_forget(button.resolver, button.words) for button in check.buttons))
    slot(element, "actions").append(*(make_link(url, words) for url, words in check.pages))
    unused = {
        "words": not (check.title or check.means),
        "facts": not check.facts,
        "what-to-do": not check.todo,
        "memories": not check.memories,
        "own-words": not check.own_words,
        "resolvers": not check.resolvers,
        "actions": not (check.buttons or check.pages),
    }
    for name, is_unused in unused.items():
        if is_unused:
            slot(element, name).remove()
    return element


def _facts(facts: tuple[tuple[str, str], ...]) -> list[Any]:
    elements = []
    for label, value in facts:
        term, place, code = (js.document.createElement(tag) for tag in ("dt", "dd", "code"))
        term.textContent, code.textContent, code.translate = label, value, False
        place.append(code)
        elements += [term, place]
    return elements


def _memory() -> Any:
    """A paragraph whose middle part stands out; `_say_memory` fills it."""
    place = js.document.createElement("p")
    place.className = "memory"
    place.append(*(js.document.createElement(tag) for tag in ("span", "strong", "span")))
    return place


def _forget(resolver: str, words: str) -> Any:
    button = js.document.createElement("button")
    button.type, button.className, button.textContent = "button", "outline", words
    button.dataset.forget = resolver
    return button


# ---- CAA records ----


def _show_caa(model: DnsCheckModel) -> None:
    place = by_id("caa")
    place.hidden = not model.caa_state
    place.dataset.state = model.caa_state
    if by_id("caa-said").textContent != model.caa_said:
        by_id("caa-said").textContent = model.caa_said
    if model.caa:
        place.replaceChildren(*map(_caa, model.caa))
    elif model.caa_state:
        place.replaceChildren(new_state("p", "good" if model.caa_state == "good" else "note", model.caa_words))
    else:
        place.replaceChildren()


def _caa(notice: CaaNotice) -> Any:
    element = from_template("template-caa")
    for name in ("title", "means", "todo", "type", "host-label", "own-words"):
        fill(element, name, getattr(notice, name.replace("-", "_")))
    for name in ("host", "value"):
        fill_value(element, name, getattr(notice, name))
        fill(element, f"of-{name}", caa_text.copy_label(name))
    for name, is_unused in (("todo", not notice.todo), ("add", not notice.value), ("own-words", not notice.own_words)):
        if is_unused:
            slot(element, name).remove()
    return element


# ---- addresses ----


def _show_addresses(model: DnsCheckModel) -> None:
    """At the card of each file and certificate: what is wrong with the address of its name."""
    notes = {note.identifier: note for note in model.addresses}
    for card in js.document.querySelectorAll("#files-to-publish > .record, #certificates-to-show > .record"):
        before = card.querySelector(".address-note")
        if before:
            before.remove()
        note = notes.get(card.dataset.identifier)
        if note:
            card.querySelector(".found").prepend(_address(note))


def _address(note: AddressNote) -> Any:
    strong = js.document.createElement("strong")
    strong.textContent = note.title
    state = new_state("p", note.mark, strong, " ", note.means)
    state.classList.add("address-note")
    state.dataset.testid = "record-reason"
    return state
