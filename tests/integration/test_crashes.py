"""The crash matrix on CPython: every request of an issuance of two names meets every mishap once, against a real Pebble.

A kill drops every object of the visit but what the stores hold at that moment. tests/browser/test_crashes.py does the same
to a real page.
"""

import asyncio
from dataclasses import dataclass, field, replace

from app.acme.account import list_orders, read_account
from app.errors import KeystayError, NetworkError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.ports import KeyHandle, KeySpec, Ports, Request, Response
from tests.adapters import (
    HttpxHttp,
    InstalledPackages,
    MemoryStore,
    MemoryTabs,
    NativeCipher,
    NativeKeyStore,
    NativeVerifier,
    SystemClock,
)
from tests.conftest import PracticeFactory
from tests.crashes import (
    COLUMNS,
    CUT_SHORT,
    HANGING,
    KILLED_AFTER,
    KILLED_BEFORE,
    STATUS_500,
    Trail,
    check_table,
    judge,
    kind_of,
)
from tests.integration.test_issuance import assert_certificate, authority, choices
from tests.publishing import publish
from tools.practice import PracticeCA

SIDE_BY_SIDE = 12  # cells at a time


class ShortClock(SystemClock):
    """A clock that does not wait long: what happens meanwhile at the CA takes milliseconds."""

    async def sleep(self, seconds: float) -> None:
        """See `app.ports.Clock.sleep`."""
        await super().sleep(min(seconds, 0.3))


class OnceKeyStore(NativeKeyStore):
    """A key store in which no key may be made over another one."""

    async def generate(self, name: str, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.generate`."""
        assert name not in self._keys, f"a second key was made over {name}"
        return await super().generate(name, spec, extractable=extractable)


@dataclass
class Browser:
    """What outlives a page."""

    store: MemoryStore = field(default_factory=MemoryStore)
    keys: OnceKeyStore = field(default_factory=OnceKeyStore)

    def copy(self) -> "Browser":
        """As it is at this moment."""
        return Browser(self.store.copy(), self.keys.copy())


class Line:
    """`Http` on which the request named `row` meets the mishap `column`, once. `made` has what the CA has made."""

    def __init__(self, http: HttpxHttp, browser: Browser, row: str = "", column: str = "") -> None:
        self.trail = Trail()
        self.made: dict[str, set[str]] = {"newAccount": set(), "newOrder": set()}
        self.killed: asyncio.Future[Browser] = asyncio.get_running_loop().create_future()
        self.struck = False
        self._http, self._browser = http, browser
        self._row, self._column = row, column

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        if self.trail.name(request.method, request.url) != self._row or self.struck or not self._row:
            return await self._send(request)
        self.struck = True
        return await self._strike(request)

    async def _send(self, request: Request) -> Response:
        response = await self._http.send(request)
        kind = kind_of(request.method, request.url)
        if kind in self.made and response.status == 201:
            self.made[kind].add(response.headers["location"])
        return response

    async def _strike(self, request: Request) -> Response:
        response = await self._send(request) if self._column in (KILLED_AFTER, CUT_SHORT, HANGING) else None
        if self._column in (KILLED_BEFORE, KILLED_AFTER):
            self.killed.set_result(self._browser.copy())
            await asyncio.Event().wait()
        if self._column == STATUS_500:
            return Response(500, {"content-type": "text/plain"}, b"Internal Server Error")
        if self._column == CUT_SHORT and response:
            return replace(response, body=response.body[: len(response.body) // 2])
        # What a page sees where there is no answer, none in time, or one that its browser does not show it.
        raise NetworkError(request.url, detail=self._column)


async def walk(workflow: Workflow, issuance: Issuance) -> tuple[Issuance, int]:
    """The way of a person from `issuance` to the end, and how often they had to press the button again."""
    clicks = 0
    while issuance.state not in ("issued", "failed"):
        if issuance.state == "proving":
            await publish(workflow.ports.http, workflow.authorities[0].records or "", issuance.publications)
            issuance = workflow.confirm(issuance)
        shown: list[Issuance] = []
        try:
            issuance = await workflow.run(issuance, shown.append)
        except KeystayError:
            clicks += 1
            assert clicks < 3, "pressing the button does not help"
            (issuance,) = await workflow.saved()
            assert issuance == shown[-1], "the page shows another record than the store has"
    return issuance, clicks


def flow_on(practice: PracticeCA, line: Line, browser: Browser) -> Workflow:
    """A page that was just opened in `browser`."""
    return Workflow(
        Ports(
            line, browser.keys, browser.store, ShortClock(), NativeCipher(), MemoryTabs(), NativeVerifier(), InstalledPackages()
        ),
        (authority(practice),),
    )


async def first_visit(workflow: Workflow, line: Line, issuance: Issuance) -> tuple[Issuance, int] | Browser:
    """Walk until the end, or until the page is killed: then all that is left is the browser, as it was at that moment."""
    walking = asyncio.ensure_future(walk(workflow, issuance))
    await asyncio.wait((walking, line.killed), return_when=asyncio.FIRST_COMPLETED)
    if walking.done():
        return walking.result()
    walking.cancel()
    return line.killed.result()


async def issue_with(practice: PracticeCA, http: HttpxHttp, number: int, row: str, column: str) -> tuple[Line, str]:
    """One cell: an issuance of two names with this mishap; its first visit's requests, and how it went."""
    browser = Browser()
    line = Line(http, browser, row, column)
    workflow = flow_on(practice, line, browser)
    wanted = choices(practice, f"a.n{number}.example", f"b.n{number}.example")
    outcome = await first_visit(workflow, line, workflow.begin("1", wanted))
    lines = [line]
    if isinstance(outcome, Browser):
        lines.append(Line(http, outcome))
        workflow = flow_on(practice, lines[-1], outcome)
        (saved,) = await workflow.saved()
        outcome = await walk(workflow, saved)
    issued, clicks = outcome
    assert line.struck == bool(row), "the request did not come"
    assert_certificate(issued, await workflow.ports.keys.export_pkcs8(issued.certificate_key), practice)
    accounts, orders = (set.union(*(line.made[kind] for line in lines)) for kind in ("newAccount", "newOrder"))
    assert await listed_orders(workflow, issued) == orders
    return line, judge(row, column, clicks=clicks, accounts=len(accounts), orders=len(orders))


async def listed_orders(workflow: Workflow, issued: Issuance) -> set[str]:
    """The orders of the account, as the CA lists them (RFC 8555 §7.1.2.1)."""
    client = await workflow.client(issued)
    listed = await list_orders(client, (await read_account(client)).orders)
    assert listed.fault is None
    return set(listed.urls)


async def test_every_request_may_meet_every_mishap(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    http = HttpxHttp(practice.ssl_context)
    undisturbed, _ = await issue_with(practice, http, 0, "", "")
    rows = undisturbed.trail.rows()
    places = [(row, column) for row in rows for column in COLUMNS]
    turns = asyncio.Semaphore(SIDE_BY_SIDE)

    async def cell(number: int, row: str, column: str) -> str:
        async with turns:
            try:
                return (await issue_with(practice, http, number, row, column))[1]
            except Exception as error:  # the table tells of every cell
                return f"FAILED: {error!r}"

    outcomes = await asyncio.gather(*(cell(number, *place) for number, place in enumerate(places, 1)))
    await http.close()
    check_table("cpython", rows, dict(zip(places, outcomes, strict=True)))
