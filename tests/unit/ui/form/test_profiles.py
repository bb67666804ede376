"""The list of profiles: whom it asks, and when."""

import asyncio
from dataclasses import replace

import pytest

from app.ca.catalog import CertificateAuthority
from app.errors import NetworkError
from app.issuance.workflow import Workflow
from app.ports import Request, Response
from app.text.ca import no_ca
from app.ui.form.profiles import ProfilesPresenter
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import ScriptedHttp, answer
from tests.unit.scripted_ca import BASE, ports_to

URLS = {"newNonce": f"{BASE}/nonce", "newAccount": f"{BASE}/new-account", "newOrder": f"{BASE}/new-order"}
OFFERED = {"classic": "https://ca.example/profiles#classic", "short": "six days", "bare": ""}


class List:
    """A list that remembers what it is filled with; `ca` is the CA that is chosen."""

    def __init__(self, ca: str = "test") -> None:
        self.ca = ca
        self.shown: list[tuple[tuple[tuple[str, str], ...], str]] = []
        self.linked: list[tuple[str, bool]] = [("https://ca.example/terms", True)]
        self.notes: list[str] = []

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.profiles.ProfilesView.chosen`."""
        return self.ca, ""

    def show_profiles(self, profiles: tuple[tuple[str, str], ...], note: str) -> None:
        """See `app.ui.form.profiles.ProfilesView.show_profiles`."""
        self.shown.append((profiles, note))

    def linked_terms(self) -> str:
        """See `app.ui.form.profiles.ProfilesView.linked_terms`."""
        return self.linked[-1][0]

    def link_terms(self, url: str, *, agreed: bool) -> None:
        """See `app.ui.form.profiles.ProfilesView.link_terms`."""
        self.linked.append((url, agreed))

    def note_terms(self, note: str) -> None:
        """See `app.ui.form.profiles.ProfilesView.note_terms`."""
        self.notes.append(note)


def at(http: ScriptedHttp, page: List, *authorities: CertificateAuthority) -> ProfilesPresenter:
    return ProfilesPresenter(Workflow(ports_to(http), authorities or (CA,)), page)


def offering(profiles: dict[str, str]) -> ScriptedHttp:
    return ScriptedHttp({f"GET {DIRECTORY}": answer({**URLS, "meta": {"profiles": profiles}})})


async def test_profiles_come_with_their_descriptions_and_are_asked_for_once() -> None:
    http, page = offering(OFFERED), List()
    profiles = at(http, page)
    await profiles.refresh()
    await profiles.refresh()
    assert len(http.requests) == 1
    offered, note = page.shown[-1]
    assert offered == (("classic", "classic"), ("short", "short: six days"), ("bare", "bare"))
    assert "https://ca.example/profiles#classic" in note


@pytest.mark.parametrize(
    ("terms", "then"),
    [
        ("https://ca.example/terms", []),
        ("https://ca.example/terms-of-2026.pdf", [("https://ca.example/terms-of-2026.pdf", True)]),
        ("https://elsewhere.example/terms", [("https://elsewhere.example/terms", False)]),
        ("data:text/plain,anything", []),
    ],
)
async def test_terms_of_the_directory_are_linked_and_agreed_to_anew_where_they_are_elsewhere(
    terms: str, then: list[tuple[str, bool]]
) -> None:
    page = List()
    await at(ScriptedHttp({f"GET {DIRECTORY}": answer({**URLS, "meta": {"termsOfService": terms}})}), page).refresh()
    assert page.linked[1:] == then


async def test_a_ca_without_profiles_says_so() -> None:
    page = List()
    await at(offering({}), page).refresh()
    assert page.shown[-1] == ((), "Test CA offers one kind of certificate only.")


async def test_a_ca_that_does_not_answer_leaves_its_own_choice() -> None:
    page = List()
    await at(ScriptedHttp({f"GET {DIRECTORY}": NetworkError(DIRECTORY)}), page).refresh()
    assert page.shown[-1] == ((), "Test CA cannot be reached, so its profiles are not known.")


async def test_no_usable_ca_asks_nobody() -> None:
    http, page = offering(OFFERED), List("custom")
    await at(http, page).refresh()
    assert (http.requests, page.shown) == ([], [((), no_ca())])


async def test_an_answer_that_comes_too_late_is_not_shown() -> None:
    page = List()

    def change(_: Request) -> Response:
        page.ca = "custom"
        return answer({**URLS, "meta": {"profiles": OFFERED}})

    await at(ScriptedHttp({f"GET {DIRECTORY}": change}), page).refresh()
    assert [profiles for profiles, _ in page.shown] == [()]


# ---- the terms, where this page's list of CAs has no link to them ----

TERMS = "https://ca.example/terms-of-2026.pdf"
UNLINKED = replace(CA, terms=None)


class Unlinked(List):
    """A form with a CA whose terms are not linked yet."""

    def __init__(self, ca: str = "test") -> None:
        super().__init__(ca)
        self.linked = [("", False)]


def naming(terms: str) -> ScriptedHttp:
    return ScriptedHttp({f"GET {DIRECTORY}": answer({**URLS, "meta": {"termsOfService": terms}})})


async def test_terms_are_read_from_the_directory_once_a_person_comes_to_the_box() -> None:
    """And anew agreed to: a tick from before was for terms that nobody could read."""
    http, page = naming(TERMS), Unlinked()
    profiles = at(http, page, UNLINKED)
    profiles.tell_terms()
    assert "as soon as you come to this box" in page.notes[-1]
    assert http.requests == []
    await profiles.read_terms()
    assert page.linked[1:] == [(TERMS, False)]
    assert "Read them, then tick the box" in page.notes[-1]
    await profiles.read_terms()
    assert [(request.method, request.body) for request in http.requests] == [("GET", b"")]


async def test_focus_and_tick_at_once_ask_once() -> None:
    http, page = naming(TERMS), Unlinked()
    profiles = at(http, page, UNLINKED)
    await asyncio.gather(profiles.read_terms(), profiles.read_terms())
    assert len(http.requests) == 1


async def test_terms_that_the_list_of_cas_links_are_not_asked_for() -> None:
    http, page = naming(TERMS), List()
    profiles = at(http, page)
    profiles.tell_terms()
    await profiles.read_terms()
    assert (http.requests, page.notes) == ([], [""])


@pytest.mark.parametrize("terms", ["", "data:text/plain,anything", "http://ca.example/terms", "javascript:alert(1)"])
async def test_directory_without_a_page_of_terms_is_told_and_no_link_is_dead(terms: str) -> None:
    page = Unlinked()
    await at(naming(terms), page, UNLINKED).read_terms()
    assert page.linked[1:] == []
    assert page.notes == ["Test CA’s directory names no page of terms."]


async def test_terms_of_a_ca_that_does_not_answer_are_asked_for_again_the_next_time() -> None:
    http, page = naming(TERMS), Unlinked()
    http.script[f"GET {DIRECTORY}"].insert(0, NetworkError(DIRECTORY))
    profiles = at(http, page, UNLINKED)
    await profiles.read_terms()
    assert page.notes[-1].startswith("Test CA cannot be reached, so its terms are not linked yet.")
    await profiles.read_terms()
    assert page.linked[-1] == (TERMS, False)


async def test_terms_that_come_after_another_ca_was_chosen_are_not_linked() -> None:
    page = Unlinked()

    def change(_: Request) -> Response:
        page.ca = "custom"
        return answer({**URLS, "meta": {"termsOfService": TERMS}})

    await at(ScriptedHttp({f"GET {DIRECTORY}": change}), page, UNLINKED).read_terms()
    assert (page.linked[1:], page.notes) == ([], [])


async def test_practice_ca_is_not_asked_for_terms() -> None:
    http, page = naming(TERMS), Unlinked()
    profiles = at(http, page, replace(UNLINKED, records="http://localhost:8000/practice/"))
    profiles.tell_terms()
    await profiles.read_terms()
    assert http.requests == []
    assert page.notes == ["The practice CA is for trying out, and has no page of terms."]
