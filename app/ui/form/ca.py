"""What a person should know of the CA that is chosen, and whether this page gets through to it."""

from typing import Final, Protocol

from app.acme.urls import origin_of
from app.ca.catalog import CertificateAuthority, Known, find_ca, no_way
from app.ca.cors_check import check_cors
from app.errors import FieldError
from app.issuance.workflow import Workflow
from app.text.errors import message_for

_KNOWN: Final[dict[Known, str]] = {"yes": "yes", "no": "no", "unknown": "not known"}


def in_short(authority: CertificateAuthority) -> str:
    """The one line under the list: what decides whether this CA will do."""
    if authority.closed:
        return no_way(authority)
    if authority.reachability == "none":
        return "It needs a relay, and this copy of Keystay has none. You can read below what that is."
    parts = [
        "Trusted by browsers." if authority.trusted else "For tests: browsers do not trust it.",
        f"Wildcards: {_KNOWN[authority.wildcard]}. IP addresses: {_KNOWN[authority.ip]}.",
        "Needs credentials from its website (EAB)." if authority.external_account else "",
        authority.warning,
    ]
    return " ".join(part for part in parts if part)


def details(authority: CertificateAuthority, authorities: tuple[CertificateAuthority, ...]) -> tuple[str, ...]:
    """The rest of what `cas.json` says of `authority`, and the way to it."""
    credentials = authority.external_account
    lines = [
        _way(authority),
        f"Credentials (EAB: a key ID and an HMAC key) for a new account: {credentials}" if credentials else "",
        *authority.notes,
        *(f"For trials there is {ca.name}." for ca in authorities if ca.id == authority.staging),
        f"Directory URL: {authority.directory}",
    ]
    return tuple(line for line in lines if line)


def _way(authority: CertificateAuthority) -> str:
    if authority.reachability == "none":
        return no_way(authority)
    if authority.reachability == "relay":
        host = origin_of(authority.relay or "") or "this page’s own host"
        return f"Your browser reaches it through a relay at {host}. That sees what the CA sees, but never a key."
    if authority.cors == "yes":
        return "Your browser talks to it directly."
    return (
        "Nobody has told us whether it lets browsers in. Keystay finds out before it sends any name or key; you can with the "
        "button below."
    )


class CaView(Protocol):
    """The place under the list of CAs, as far as the clicks need it."""

    def chosen(self) -> tuple[str, str]:
        """The value of the list, and what stands in the box for a directory URL."""
        ...

    def show_facts(self, short: str, lines: tuple[str, ...], *, can_test: bool, opened: bool) -> None:
        """Show what is known of the CA: one line, and the rest folded away unless `opened`; no lines hide that.

        With `can_test` there is a way to it that can be tried.
        """
        ...

    def show_result(self, text: str, *, good: bool, busy: bool = False) -> None:
        """Show how the test went; "" for none. While `busy` it cannot be started again."""
        ...


class CaPresenter:
    """The clicks on that place."""

    def __init__(self, workflow: Workflow, panel: CaView) -> None:
        self._flow = workflow
        self._panel = panel

    def choose(self) -> None:
        """Another CA was chosen or typed: say what is known of it."""
        authority = self._authority()
        if authority is None:
            self._panel.show_facts("", (), can_test=False, opened=False)
        else:
            short = "" if authority.id == "custom" else in_short(authority)
            way = authority.reachability != "none"
            lines = details(authority, self._flow.authorities)
            self._panel.show_facts(short, lines, can_test=way, opened=not way)
        self._panel.show_result("", good=False)

    async def test(self) -> None:
        """Try the way to the CA that is chosen, with two requests that carry nothing."""
        authority = self._authority()
        if authority is None or authority.reachability == "none":
            return
        self._panel.show_result(f"Calling {authority.name} …", good=False, busy=True)
        try:
            await check_cors(self._flow.ports.http, self._flow.ports.clock, authority)
        except Exception as error:
            message = message_for(error, authority, "look")
            self._show(authority, f"{message.title}. {message.text}", good=False)
        else:
            way = "through the relay" if authority.reachability == "relay" else "directly"
            self._show(authority, f"It works: this page can use {authority.name} {way}.", good=True)

    def _show(self, asked: CertificateAuthority, text: str, *, good: bool) -> None:
        """Show a result, unless another CA was chosen meanwhile."""
        if self._authority() == asked:
            self._panel.show_result(text, good=good)

    def _authority(self) -> CertificateAuthority | None:
        try:
            return find_ca(self._flow.authorities, *self._panel.chosen())
        except FieldError:
            return None
