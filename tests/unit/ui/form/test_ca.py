"""What a person reads of the CA that is chosen, and how the test of the way to it goes."""

from dataclasses import replace

import pytest

from app.ca.catalog import CertificateAuthority
from app.errors import NetworkError
from app.issuance.workflow import Workflow
from app.text.ca import details, in_short
from app.ui.form.ca import CaPresenter
from tests.unit.script import Scripted, ScriptedHttp, answer
from tests.unit.scripted_ca import ports_to

CA = CertificateAuthority(
    id="ca",
    name="Some CA",
    directory="https://ca.example/dir",
    cors="yes",
    trusted=True,
    wildcard="yes",
    ip="no",
    staging="test",
    notes=("A condition.",),
)
TEST = CertificateAuthority("test", "Test CA", "https://test.example/dir", cors="yes")
SHY = CertificateAuthority("shy", "Shy CA", "https://shy.example/dir", cors="no")
ALL = (CA, TEST, SHY)


class FakePanel:
    """`app.ui.form.ca.CaView` without a browser; `choice` is what stands in the form."""

    def __init__(self, choice: str, directory: str = "") -> None:
        self.choice = (choice, directory)
        self.short = ""
        self.lines: tuple[str, ...] = ()
        self.can_test = self.opened = False
        self.results: list[tuple[str, bool, bool]] = []

    def chosen(self) -> tuple[str, str]:
        """See `CaView.chosen`."""
        return self.choice

    def show_facts(self, short: str, lines: tuple[str, ...], *, can_test: bool, opened: bool) -> None:
        """See `CaView.show_facts`."""
        self.short, self.lines, self.can_test, self.opened = short, lines, can_test, opened

    def show_result(self, text: str, *, good: bool, busy: bool = False) -> None:
        """See `CaView.show_result`."""
        self.results.append((text, good, busy))


def presenter(panel: FakePanel, script: dict[str, Scripted] | None = None) -> CaPresenter:
    http = ScriptedHttp(script or {})
    return CaPresenter(Workflow(ports_to(http), ALL), panel)


def test_line_says_what_decides() -> None:
    assert in_short(CA) == "Trusted by browsers. Wildcards: yes. IP addresses: no."
    assert in_short(TEST) == "For tests: browsers do not trust it. Wildcards: not known. IP addresses: not known."
    paid = replace(CA, external_account="Ask.", warning="Mind the price.")
    assert in_short(paid).endswith("Needs credentials from its website (EAB). Mind the price.")
    assert "needs a relay" in in_short(SHY)
    assert in_short(replace(CA, closed="closed since May; use Test CA")) == "Some CA: closed since May; use Test CA."


def test_details_hold_the_rest() -> None:
    lines = details(replace(CA, external_account="Ask its staff."), ALL)
    assert lines[0] == "Your browser talks to it directly."
    assert "Ask its staff." in lines[1]
    assert lines[2:] == ("A condition.", "For tests there is Test CA.", "Directory URL: https://ca.example/dir")


@pytest.mark.parametrize(
    ("authority", "words"),
    [
        (SHY, "needs a relay"),
        (replace(SHY, relay="https://relay.example/to/"), "through a relay at https://relay.example"),
        (replace(SHY, relay="/relay/"), "this page’s own host"),
        (replace(CA, cors="unknown"), "finds out before it sends any name or key"),
    ],
)
def test_way_is_said_in_words(authority: CertificateAuthority, words: str) -> None:
    assert words in details(authority, ALL)[0]


def test_what_is_known_follows_the_choice() -> None:
    panel = FakePanel("ca")
    presenter(panel).choose()
    assert (panel.short, panel.can_test, panel.opened) == (in_short(CA), True, False)
    assert panel.results == [("", False, False)]


def test_ca_without_a_way_cannot_be_tested_and_says_why() -> None:
    panel = FakePanel("shy")
    presenter(panel).choose()
    assert (panel.can_test, panel.opened) == (False, True)
    assert "README" in panel.lines[0]


@pytest.mark.parametrize("directory", ["", "https://elsewhere.example/dir"])
def test_nothing_is_known_of_a_directory_that_is_not_listed(directory: str) -> None:
    panel = FakePanel("custom", directory)
    presenter(panel).choose()
    assert (panel.short, panel.lines, panel.can_test) == ("", (), False)


def test_directory_at_a_listed_address_has_its_way_only() -> None:
    panel = FakePanel("custom", "https://ca.example/other")
    presenter(panel).choose()
    assert (panel.short, panel.can_test) == ("", True)
    assert panel.lines[0] == "Your browser talks to it directly."


URLS = {f"new{name}": f"https://ca.example/{name}" for name in ("Nonce", "Account", "Order")}
DIRECTORY, NONCE = "GET https://ca.example/dir", "HEAD https://ca.example/Nonce"


@pytest.mark.parametrize(
    ("script", "words", "good"),
    [
        ({DIRECTORY: answer(URLS), NONCE: answer(nonce="n")}, "It works: this page can use Some CA directly.", True),
        ({DIRECTORY: answer(URLS), NONCE: answer()}, "Some CA hides its one-time numbers from browsers. Each", False),
        ({DIRECTORY: NetworkError("https://ca.example/dir", reachable=True)}, "Some CA does not let browsers in", False),
        ({DIRECTORY: NetworkError("https://ca.example/dir", reachable=False)}, "Some CA cannot be reached", False),
    ],
)
async def test_outcome_of_the_test_is_said_in_words(script: dict[str, Scripted], words: str, good: bool) -> None:  # noqa: FBT001
    panel = FakePanel("ca")
    await presenter(panel, script).test()
    assert panel.results[0] == ("Calling Some CA …", False, True)
    text, was_good, busy = panel.results[1]
    assert text.startswith(words)
    assert (was_good, busy) == (good, False)


async def test_ca_without_a_way_is_never_called() -> None:
    panel = FakePanel("shy")
    await presenter(panel).test()
    assert panel.results == []


async def test_result_of_a_ca_that_is_not_chosen_any_more_is_not_shown() -> None:
    panel = FakePanel("ca")

    def choose_another(_: object) -> object:
        panel.choice = ("test", "")
        return answer(URLS)

    await presenter(panel, {DIRECTORY: choose_another, NONCE: answer(nonce="n")}).test()  # type: ignore[dict-item]
    assert len(panel.results) == 1
