"""A CA's profiles and terms of service, from its directory; the profiles are read once "More options" are open.

static/form.mjs links the terms of a chosen CA, where the list of CAs has them.
"""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.ui.form.profiles import ProfilesPresenter


class DomProfiles:
    """`app.ui.form.profiles.ProfilesView` on the document."""

    def bind(self, actions: Actions, presenter: ProfilesPresenter) -> None:
        """Look when the options are opened, and when another CA is chosen while they are; for terms when the box is reached."""
        options = by_id("more-options")

        def look(_: Any) -> None:
            if options.open:
                actions.spawn(presenter.refresh())

        def other_ca(event: Any) -> None:
            by_id("profile").value = ""
            self.show_profiles((), "")  # another CA's profile must not be asked for, seen or unseen
            look(event)

        add_event_listener(options, "toggle", look)
        for name in ("ca", "directory-url"):
            add_event_listener(by_id(name), "change", other_ca)
        # Not when the box for the address is left: the button that is being pressed then would move away.
        for name, event in (("ca", "change"), ("directory-url", "input")):
            add_event_listener(by_id(name), event, lambda _: presenter.tell_terms())
        for event in ("focus", "change"):  # Safari gives a box that is clicked no focus
            add_event_listener(by_id("agree-tos"), event, lambda _: actions.spawn(presenter.read_terms()))
        presenter.tell_terms()

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.profiles.ProfilesView.chosen`."""
        return by_id("ca").value, by_id("directory-url").value

    def show_profiles(self, profiles: tuple[tuple[str, str], ...], note: str) -> None:
        """See `app.ui.form.profiles.ProfilesView.show_profiles`; what was chosen stays so, unless the CA offers others only."""
        chosen = by_id("profile").value
        _offer(profiles or (((chosen, chosen),) if chosen else ()))
        by_id("profile").value = chosen if chosen in dict(profiles) or not profiles else ""
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


def choose_profile(name: str) -> None:
    """Choose the profile `name`, offered or not; "" is the CA's own choice. Whether the CA has it shows when it is asked."""
    if name and name not in [option.value for option in by_id("profile").options]:
        _offer(((name, name),))
    by_id("profile").value = name


def _offer(profiles: tuple[tuple[str, str], ...]) -> None:
    """Offer `profiles` (name, words) beside the CA's own choice, and no others."""
    select = by_id("profile")
    while select.options.length > 1:
        select.remove(1)
    for name, words in profiles:
        select.append(js.Option.new(words, name))


def linked_terms() -> str:
    """The page of terms that is linked beside the box, or ""."""
    return str(by_id("terms-link").getAttribute("href") or "")


def link_terms(url: str, *, agreed: bool) -> None:
    """Link the terms at `url`. Unless they are `agreed` to by a tick that is there, take the tick away."""
    by_id("terms-link").href = url
    by_id("terms-link").hidden, by_id("terms-unlinked").hidden = False, True
    by_id("agree-tos").checked = by_id("agree-tos").checked and agreed
