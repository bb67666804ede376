"""What the panel of sent and received shows, of a whole issuance at a scripted CA and of what goes wrong."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import pytest

from app.ca.catalog import CertificateAuthority
from app.dns.resolvers import Resolver
from app.encoding.base64url import b64url
from app.errors import NetworkError
from app.issuance.workflow import Workflow
from app.network.reachability import Probe
from app.network.request_log import MAX_ENTRIES, BlockedRequest, Entry, RequestLog
from app.pki.formats.file import File
from app.ports import Ports, Request, Response
from app.ui.panels.request_log import DetailModel, RequestEntry, RequestLogPresenter, TourModel
from app.ui.panels.sent import SentPresenter
from app.ui.request_log.counter import SentCounter
from app.ui.request_log.diagram import DiagramModel
from app.ui.request_log.index import RequestIndex
from tests.unit.har_spec import assert_har
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import ScriptedHttp, answer
from tests.unit.scripted_ca import ScriptedCA, ports_to
from tests.unit.walk import issue

URL = "https://ca.example/new"


class Panel:
    """`app.ui.panels.request_log.RequestLogView` that only remembers."""

    def __init__(self) -> None:
        self.rows: tuple[RequestEntry, ...] = ()
        self.summary = ""
        self.counted = ""
        self.lead = ""
        self.diagram: DiagramModel | None = None
        self.tour: TourModel | None = None
        self.said = ""
        self.files: list[File] = []

    def count(self, text: str) -> None:
        """See `app.ui.panels.sent.SentView.count`."""
        self.counted = text

    def show_diagram(self, lead: str, diagram: DiagramModel) -> None:
        """See `app.ui.panels.request_log.RequestLogView.show_diagram`."""
        self.lead, self.diagram = lead, diagram

    def show(self, rows: tuple[RequestEntry, ...], summary: str) -> None:
        """See `app.ui.panels.request_log.RequestLogView.show`."""
        self.rows, self.summary = rows, summary

    def show_tour(self, view: TourModel | None) -> None:
        """See `app.ui.panels.request_log.RequestLogView.show_tour`."""
        self.tour = view

    def say(self, text: str) -> None:
        """See `app.ui.panels.request_log.RequestLogView.say`."""
        self.said = text

    def save(self, file: File) -> None:
        """See `app.ui.panels.request_log.RequestLogView.save`."""
        self.files.append(file)


def presenters(
    request_log: RequestLog,
    panel: Panel,
    ports: Ports,
    authorities: Iterable[CertificateAuthority],
    resolvers: Iterable[Resolver] = (),
) -> tuple[SentPresenter, RequestLogPresenter]:
    """Those of the line in the header and of the panel, both shown on `panel`."""
    index = RequestIndex(authorities, resolvers)
    counter = SentCounter(index)
    presenter = RequestLogPresenter(request_log, ports.clock, panel, index, counter, ports.keys.names)
    return SentPresenter(request_log, panel, counter), presenter


class Visit:
    """A browser whose network is `ca`, and its panel."""

    def __init__(self, ca: ScriptedHttp, *authorities: CertificateAuthority) -> None:
        ports = ports_to(ca)
        self.request_log = RequestLog(ca, ports.clock)
        self.workflow = Workflow(replace(ports, http=self.request_log), authorities or (CA,))
        self.panel = Panel()
        self.sent, self.presenter = presenters(self.request_log, self.panel, ports, self.workflow.authorities)
        self.request_log.changed = self.count

    def count(self, entry: Entry | BlockedRequest) -> None:
        """What the page does with each change of the log, but that it waits for the next frame to say it."""
        self.sent.note(entry)
        self.sent.say()

    def rows(self) -> list[tuple[str, str]]:
        """What each row is, and how it went."""
        self.presenter.refresh()
        return [(row.kind, row.state) for row in self.panel.rows]

    def detail(self, sort: str) -> DetailModel:
        """The first request of this sort, unfolded."""
        self.presenter.refresh()
        detail = self.presenter.detail(next(row.number for row in self.panel.rows if row.kind == sort))
        assert detail
        return detail

    def notes(self, sort: str, title: str) -> str:
        """The notes on one part of it."""
        return "\n".join(next(part.notes for part in self.detail(sort).parts if part.title == title))

    def text(self, sort: str, title: str) -> str:
        """One part of it as it can be copied."""
        return next(part.text for part in self.detail(sort).parts if part.title == title)


async def issued() -> Visit:
    visit = Visit(ScriptedCA("shop.example", "*.shop.example"))
    await issue(visit.workflow, "shop.example", "*.shop.example")
    return visit


async def test_an_issuance_is_told_request_by_request() -> None:
    visit = await issued()
    assert [sort for sort, _ in visit.rows() if sort != "newNonce"] == [
        *("directory", "newAccount", "newOrder", "authorization", "authorization"),
        *("challenge", "challenge", "order", "finalize", "certificate"),
    ]
    assert {state for _, state in visit.rows()} == {"200 OK", "201 Created"}
    row = visit.panel.rows[0]
    assert (row.number, row.method, row.title, row.place, row.good) == (1, "GET", "The directory", CA.name, True)
    assert visit.panel.summary == f"{len(visit.request_log.entries)} requests."


async def answered(came: Response | Exception, payload: object = None) -> Visit:
    """A visit of one signed request, which says `payload`."""
    visit = Visit(ScriptedHttp({f"POST {URL}": came}))
    members = {"protected": {"alg": "ES256", "url": URL}, "payload": payload}
    jws = {name: b64url(json.dumps(value).encode()) for name, value in members.items()}
    request = Request("POST", URL, {"Content-Type": "application/jose+json"}, json.dumps({**jws, "signature": ""}).encode())
    with suppress(NetworkError):
        await visit.request_log.send(request)
    return visit


async def test_a_lost_answer_and_the_question_after_it() -> None:
    http = ScriptedHttp({f"GET {DIRECTORY}": [NetworkError(DIRECTORY, detail="Failed to fetch"), Response(0, {}, b"")]})
    visit = Visit(http)
    with pytest.raises(NetworkError):
        await Probe(visit.request_log).send(Request("GET", DIRECTORY))
    assert visit.rows() == [("other", "no answer"), ("probe", "something answers")]
    assert [row.good for row in visit.panel.rows] == [False, True]
    assert "Browsers do not say why" in visit.notes("other", "Answer")
    assert visit.text("other", "Answer") == "Failed to fetch"
    assert "The browser hides what" in visit.notes("probe", "Answer")


async def test_a_request_shows_itself_while_it_is_under_way() -> None:
    seen = list[tuple[str, str]]()
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": lambda _: _look(visit, seen)}))
    await visit.request_log.send(Request("GET", DIRECTORY))
    assert seen == [("other", "under way")]
    assert visit.rows() == [("directory", "200 OK")]


def _look(visit: Visit, seen: list[tuple[str, str]]) -> Response:
    seen += visit.rows()
    assert "has not arrived yet" in visit.notes("other", "Answer")
    assert visit.panel.rows[0].good is None
    return answer({"newNonce": "", "newOrder": ""})


def test_what_was_held_back_says_why_and_no_more() -> None:
    visit = Visit(ScriptedHttp({}))
    visit.request_log.add_blocked("", "gate-unknown-destination")
    assert visit.rows() == [("held", "not sent")]
    assert visit.notes("held", "Why") == (
        "Nothing was sent: it would have gone to an address that this page does not work with."
    )
    visit.presenter.begin_tour()
    assert visit.panel.tour is None


async def test_requests_that_no_ca_gets_are_told_apart() -> None:
    records = "https://page.example/practice/"
    sent = {
        "list": Request("GET", "https://page.example/cas.json"),
        "providers": Request("GET", "https://page.example/static/data/dns_providers.json"),
        "targets": Request("GET", "https://page.example/static/data/targets.json"),
        "records": Request("POST", f"{records}set-txt"),
    }
    http = ScriptedHttp({f"{request.method} {request.url}": answer() for request in sent.values()})
    visit = Visit(http, replace(CA, records=records))
    for request in sent.values():
        await visit.request_log.send(request)
    assert [sort for sort, _ in visit.rows()] == list(sent)
    assert visit.notes("list", "Answer: status and headers")


async def test_what_is_dropped_is_counted_and_cannot_be_unfolded() -> None:
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": answer()}))
    visit.presenter.refresh()
    assert visit.panel.summary == "Nothing was sent yet."
    for _ in range(MAX_ENTRIES + 2):
        await visit.request_log.send(Request("GET", DIRECTORY))
    visit.presenter.refresh()
    assert visit.panel.summary == f"{MAX_ENTRIES} requests. 2 older requests are not kept any more."
    assert visit.presenter.detail(2) is None


async def test_the_file_is_a_har_with_the_decoded_view_beside_each_request() -> None:
    visit = await issued()
    visit.presenter.export()
    (file,) = visit.panel.files
    assert file.name == "keystay-2026-11-22.har"
    har = json.loads(file.body)
    assert_har(har)
    comments = [entry["comment"] for entry in har["log"]["entries"]]
    assert len(comments) == len(visit.request_log.entries)
    order = next(comment for comment in comments if comment.startswith("The order\nRFC 8555, section 7.4"))
    assert '"value": "*.shop.example"' in order
    assert "downloads" in visit.panel.said
