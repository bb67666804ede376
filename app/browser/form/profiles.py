"""The list of profiles, filled when "More options" are open: only then is the CA asked for them."""

from collections.abc import Awaitable, Callable
from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.form.terms import link_terms, linked_terms
from app.browser.page.dom import by_id
from app.ui.form.profiles import ProfilesPresenter


class DomProfiles:
    """`app.ui.form.profiles.ProfilesView` on the document."""

    def bind(self, spawn: Callable[[Awaitable[None]], None], profiles: ProfilesPresenter) -> None:
        """Look when the options are opened, and when another CA is chosen while they are; for terms when the box is reached."""
        options = by_id("more-options")

        def look(_: Any) -> None:
            if options.open:
                spawn(profiles.look())

        def other_ca(event: Any) -> None:
            self.show_profiles((), "")  # another CA's profile must not be asked for, seen or unseen
            look(event)

        add_event_listener(options, "toggle", look)
        for name in ("ca", "directory-url"):
            add_event_listener(by_id(name), "change", other_ca)
        # Not when the box for the address is left: the button that is being pressed then would move away.
        for name, event in (("ca", "change"), ("directory-url", "input")):
            add_event_listener(by_id(name), event, lambda _: profiles.tell_terms())
        for event in ("focus", "change"):  # Safari gives a box that is clicked no focus
            add_event_listener(by_id("agree-tos"), event, lambda _: spawn(profiles.read_terms()))
        profiles.tell_terms()

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.profiles.ProfilesView.chosen`."""
        return by_id("ca").value, by_id("directory-url").value

    def show_profiles(self, profiles: tuple[tuple[str, str], ...], note: str) -> None:
        """See `app.ui.form.profiles.ProfilesView.show_profiles`; what was chosen stays so where it is still offered."""
        select = by_id("profile")
        kept = select.value
        while select.options.length > 1:
            select.remove(1)
        for name, words in profiles:
            option = js.document.createElement("option")
            option.value, option.textContent = name, words
            select.append(option)
        select.value = kept if kept in dict(profiles) else ""
        by_id("note-profile").textContent = note

    def linked_terms(self) -> str:
        """See `app.ui.form.profiles.ProfilesView.linked_terms`."""
        return linked_terms()

    def link_terms(self, url: str, *, agreed: bool) -> None:
        """See `app.ui.form.profiles.ProfilesView.link_terms`."""
        link_terms(url, agreed=agreed)

    def note_terms(self, note: str) -> None:
        """See `app.ui.form.profiles.ProfilesView.note_terms`."""
        by_id("terms-note").textContent = note
