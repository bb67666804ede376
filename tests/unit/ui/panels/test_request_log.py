"""What the panel of sent and received shows, of a whole issuance at a scripted CA and of what goes wrong."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.stored_account import NewAccount
from app.acme.account import change_key, deactivate
from app.acme.eab import ExternalAccount
from app.acme.jws import b64url, b64url_decode, thumbprint
from app.acme.revocation import revoke
from app.ca.catalog import CertificateAuthority
from app.errors import NetworkError
from app.issuance.workflow import Workflow
from app.network.reachability import Probe
from app.network.request_log import MAX_BODY, MAX_ENTRIES, RequestLog
from app.pki.formats.pem_files import File
from app.pki.pem import read_certificates
from app.ports import Request, Response
from app.ui.panels.request_log import NO_TOUR, Detail, RequestLogPresenter, Row, TourModel
from app.ui.request_log.kinds import WORDS, RequestKind
from app.ui.request_log.parts import escape_invisible, pretty
from tests.unit.acme.test_decoded_jws import JSON
from tests.unit.chains import chain
from tests.unit.har_spec import assert_har
from tests.unit.keys import native_key
from tests.unit.private_keys import key_files
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import ScriptedHttp, answer, html, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, ScriptedCA, ports_to
from tests.unit.walk import begun, issue, prove, run

URL = "https://ca.example/new"


class Panel:
    """`app.ui.panels.request_log.RequestLogView` that only remembers."""

    def __init__(self) -> None:
        self.rows: tuple[Row, ...] = ()
        self.summary = ""
        self.tour: TourModel | None = None
        self.said = ""
        self.files: list[File] = []

    def show(self, rows: tuple[Row, ...], summary: str) -> None:
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


class Visit:
    """A browser whose network is `ca`, and its panel."""

    def __init__(self, ca: ScriptedHttp, *authorities: CertificateAuthority) -> None:
        ports = ports_to(ca)
        self.request_log = RequestLog(ca, ports.clock)
        self.workflow = Workflow(replace(ports, http=self.request_log), authorities or (CA,))
        self.panel = Panel()
        self.presenter = RequestLogPresenter(self.request_log, ports.clock, self.panel, self.workflow.authorities)

    def rows(self) -> list[tuple[str, str]]:
        """What each row is, and how it went."""
        self.presenter.refresh()
        return [(row.sort, row.state) for row in self.panel.rows]

    def detail(self, sort: str) -> Detail:
        """The first request of this sort, unfolded."""
        self.presenter.refresh()
        detail = self.presenter.detail(next(row.number for row in self.panel.rows if row.sort == sort))
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
    assert (row.number, row.method, row.title, row.place, row.good) == (1, "GET", "The directory", "ca.example", True)
    assert visit.panel.summary == f"{len(visit.request_log.entries)} requests."


async def test_what_was_signed_is_decoded() -> None:
    visit = await issued()
    header = json.loads(visit.text("newAccount", "Protected header"))
    assert header["url"] == f"{BASE}/new-account"
    notes = visit.notes("newAccount", "Protected header")
    assert "ECDSA on the curve P-256" in notes
    assert thumbprint(header["jwk"]) in notes
    nonce = next(row.number for row in visit.panel.rows if row.sort == "newNonce")
    assert f"it came with the answer to request {nonce}" in notes
    assert json.loads(visit.text("newAccount", "Payload")) == {"termsOfServiceAgreed": True}
    assert "64 bytes" in visit.notes("newAccount", "Signature")
    sent = json.loads(visit.text("newAccount", "As it was sent").partition("\n\n")[2])
    assert sent["signature"] == visit.text("newAccount", "Signature")
    assert json.loads(b64url_decode(sent["protected"])) == header
    assert "address of the account that signs" in visit.notes("newOrder", "Protected header")
    assert "only reads (POST-as-GET)" in visit.notes("authorization", "Payload")
    assert visit.text("authorization", "Payload") == ""
    assert "nothing to say" in visit.notes("challenge", "Payload")
    csr = visit.notes("finalize", "Payload")
    assert "shop.example, *.shop.example" in csr
    assert "EC P-256 key" in csr


async def test_what_came_back_is_explained() -> None:
    visit = await issued()
    assert visit.rows()
    account = next(row.number for row in visit.panel.rows if row.sort == "newAccount")
    user = visit.notes("newAccount", "Answer: status and headers")
    assert "location: the address of what was made" in user
    assert f"Request {account + 1} used it" in user
    assert "not been used yet" in visit.notes("certificate", "Answer: status and headers")
    assert "pending, it waits for a proof" in visit.notes("newOrder", "Answer: body")
    assert "one address for each name, 2 in all" in visit.notes("newOrder", "Answer: body")
    assert "http-01, dns-01" in visit.notes("authorization", "Answer: body")
    certificate = visit.notes("certificate", "Answer: body")
    assert "First the certificate for shop.example, *.shop.example: until 2027-" in certificate
    assert "Behind it that of its issuer" in certificate


async def test_the_tour_tells_the_order_in_the_order_of_the_rfc() -> None:
    visit = await issued()
    visit.presenter.begin_tour()
    titles, abouts = list[str](), list[str]()
    while visit.panel.tour and (not titles or not visit.panel.tour.last):
        if titles:
            visit.presenter.step(1)
        assert visit.panel.tour.detail.words.title == visit.panel.tour.title
        titles.append(visit.panel.tour.title)
        abouts.append(visit.panel.tour.about)
    sorts: tuple[RequestKind, ...] = (
        "directory",
        "newNonce",
        "newAccount",
        "newOrder",
        "authorization",
        "challenge",
        "order",
        "finalize",
        "certificate",
    )
    assert titles == [WORDS[sort].title for sort in sorts]
    assert visit.panel.tour
    assert visit.panel.tour.position == "Step 9 of 9"
    assert abouts[1] == "Request 2."  # not the one that a second lane asked for later
    assert abouts[4].startswith("2 requests (")
    for _ in range(20):
        visit.presenter.step(-1)
    assert visit.panel.tour.first
    visit.presenter.end_tour()
    assert visit.panel.tour is None


async def test_the_tour_goes_as_far_as_the_order_has_come_and_is_about_the_last_one() -> None:
    visit = Visit(ScriptedCA("shop.example"))
    visit.presenter.begin_tour()
    assert (visit.panel.tour, visit.panel.said) == (None, NO_TOUR)
    await prove(visit.workflow, "shop.example")
    visit.presenter.begin_tour()
    visit.presenter.step(99)
    assert visit.panel.said == ""
    assert visit.panel.tour
    assert visit.panel.tour.title == WORDS["authorization"].title
    await run(visit.workflow, begun(visit.workflow, "shop.example"))
    visit.presenter.step(0)
    wanted = max(row.number for row in visit.panel.rows if row.sort == "authorization") if visit.rows() else 0
    assert visit.panel.tour.about == f"Request {wanted}."
    visit.presenter.step(-1)
    assert visit.panel.tour.about == f"Request {max(row.number for row in visit.panel.rows if row.sort == 'newOrder')}."


async def test_a_request_by_a_relay_says_why_two_addresses_differ() -> None:
    class Relayed(ScriptedHttp):
        async def send(self, request: Request) -> Response:
            assert request.url.startswith("https://relay.example/ca.example/")
            return await ca.send(replace(request, url=request.url.replace("relay.example/", "")))

    ca = ScriptedCA("shop.example")
    visit = Visit(Relayed({}), replace(CA, relay="https://relay.example/"))
    await prove(visit.workflow, "shop.example")
    assert ("newOrder", "201 Created") in visit.rows()
    assert {row.place for row in visit.panel.rows} == {"ca.example"}
    assert "relay cannot send it elsewhere" in visit.notes("newOrder", "As it was sent")
    assert f"The CA’s own address is {DIRECTORY}" in visit.notes("directory", "As it was sent")
    assert visit.text("newOrder", "As it was sent").startswith(
        "POST https://relay.example/ca.example/new-order\nContent-Type: "
    )


async def test_binding_key_change_and_revocation_are_taken_apart() -> None:
    ca = ScriptedCA("shop.example")
    urls = json.loads(ca.script[f"GET {DIRECTORY}"][0].body)  # type: ignore[union-attr]
    urls |= {"keyChange": f"{BASE}/key-change", "revokeCert": f"{BASE}/revoke"}
    ca.script[f"GET {DIRECTORY}"] = [answer(urls)]
    ca.script |= {f"POST {BASE}/key-change": [answer()], f"POST {BASE}/revoke": [answer()]}
    ca.script[f"POST {ACCOUNT}"] = [answer({"status": "deactivated"})]
    visit, secret = Visit(ca), b"an HMAC key that a CA gave away, 48 bytes long.."
    visit.workflow.accounts.wanted[DIRECTORY] = NewAccount(external=ExternalAccount("kid-1", secret))
    await prove(visit.workflow, "shop.example")
    client = await visit.workflow.accounts.client(CA, DIRECTORY)
    new = native_key(n=1)
    await change_key(client, new)
    client.key = new
    await revoke(client, b"no certificate", 4)
    await deactivate(client)
    assert "the customer’s id" in visit.notes("newAccount", "Within: Protected header")
    assert "made with the secret from the CA’s website, which is not sent" in visit.notes("newAccount", "Within: Signature")
    assert "bound to this customer" in visit.notes("newAccount", "Within: Payload")
    assert "by the new key" in visit.notes("keyChange", "Payload")
    assert thumbprint(new.public_jwk) in visit.notes("keyChange", "Within: Protected header")
    assert "oldKey: the public key that counted" in visit.notes("keyChange", "Within: Payload")
    assert "a certificate that cannot be read here" in visit.notes("revokeCert", "Payload")
    assert "replaced by another" in visit.notes("revokeCert", "Payload")
    assert visit.rows()[-1] == ("closeAccount", "200 OK")
    visit.presenter.export()
    body = visit.panel.files[0].body
    for dress in (secret, secret.hex().encode(), b64url(secret).encode()):
        assert dress not in body


async def answered(came: Response | Exception, payload: object = None) -> Visit:
    """A visit of one signed request, which says `payload`."""
    visit = Visit(ScriptedHttp({f"POST {URL}": came}))
    members = {"protected": {"alg": "ES256", "url": URL}, "payload": payload}
    jws = {name: b64url(json.dumps(value).encode()) for name, value in members.items()}
    request = Request("POST", URL, {"Content-Type": "application/jose+json"}, json.dumps({**jws, "signature": ""}).encode())
    with suppress(NetworkError):
        await visit.request_log.send(request)
    return visit


async def test_a_revocation_names_the_certificate() -> None:
    (der, *_) = read_certificates(chain("shop.example"))
    visit = await answered(answer(), {"certificate": b64url(der), "reason": [1]})
    assert "the certificate for shop.example, serial number" in visit.notes("revokeCert", "Payload")


@pytest.mark.parametrize(
    ("came", "state", "good", "words"),
    [
        (refusal("badNonce"), "400 badNonce", False, "signed again with the nonce of this answer"),
        (refusal("rateLimited", status=429), "429 rateLimited", False, "refusal is “rateLimited”"),
        (html(503), "503 Service Unavailable", False, ""),
        (answer({"type": 7}, status=400), "400 Bad Request", False, ""),
        (Response(299, {}, b"-----BEGIN CERTIFICATE-----"), "299", True, "cannot be read as such"),
        (Response(200, {}, b"a" * (MAX_BODY + 1)), "200 OK", True, "Only the first 64 KB are kept"),
        (answer({"status": "odd", "challenges": [1, {}]}), "200 OK", True, "status: odd"),
    ],
)
async def test_odd_answers_have_their_words(came: Response, state: str, *, good: bool, words: str) -> None:
    visit = await answered(came)
    assert [entry[1] for entry in visit.rows()] == [state]
    assert visit.panel.rows[0].good is good
    assert words in visit.notes(visit.panel.rows[0].sort, "Answer: body")


async def test_a_lost_answer_and_the_question_after_it() -> None:
    http = ScriptedHttp({f"GET {DIRECTORY}": [NetworkError(DIRECTORY, detail="Failed to fetch"), Response(0, {}, b"")]})
    visit = Visit(http)
    with pytest.raises(NetworkError):
        await Probe(visit.request_log).send(Request("GET", DIRECTORY))
    assert visit.rows() == [("other", "no answer"), ("probe", "something answers")]
    assert [row.good for row in visit.panel.rows] == [False, True]
    assert "Browsers do not say why" in visit.notes("other", "AcmeResponse")
    assert visit.text("other", "AcmeResponse") == "Failed to fetch"
    assert "The browser hides what" in visit.notes("probe", "AcmeResponse")


async def test_a_request_shows_itself_while_it_is_under_way() -> None:
    seen = list[tuple[str, str]]()
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": lambda _: _look(visit, seen)}))
    await visit.request_log.send(Request("GET", DIRECTORY))
    assert seen == [("other", "under way")]
    assert visit.rows() == [("directory", "200 OK")]


def _look(visit: Visit, seen: list[tuple[str, str]]) -> Response:
    seen += visit.rows()
    assert "has not come yet" in visit.notes("other", "AcmeResponse")
    assert visit.panel.rows[0].good is None
    return answer({"newNonce": "", "newOrder": ""})


def test_what_was_held_back_says_why_and_no_more() -> None:
    visit = Visit(ScriptedHttp({}))
    visit.request_log.hold("", "it would have gone to an address that this page does not work with")
    assert visit.rows() == [("held", "not sent")]
    assert visit.notes("held", "Why") == "It would have gone to an address that this page does not work with."
    visit.presenter.begin_tour()
    assert visit.panel.tour is None


async def test_requests_that_no_ca_gets_are_told_apart() -> None:
    records = "https://page.example/practice/"
    sent = {"list": Request("GET", "https://page.example/cas.json"), "records": Request("POST", f"{records}set-txt")}
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
    assert visit.panel.summary == f"{MAX_ENTRIES} requests. The 2 before them are not kept any more."
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
    order = next(comment for comment in comments if comment.startswith("The order. RFC 8555, section 7.4"))
    assert '"value": "*.shop.example"' in order
    assert "downloads" in visit.panel.said


def test_nobody_is_led_astray_by_characters_that_turn_the_text_around() -> None:
    assert escape_invisible("a\u202eb\u200bc\x00\r\n\td") == "a\\u202eb\\u200bc\\u0000\\u000d\n\td"
    assert escape_invisible("bücher.example 🔑") == "bücher.example 🔑"
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    assert "too deep" in pretty(deep)


@given(JSON, JSON, st.sampled_from([200, 400]))
def test_whatever_a_ca_says_is_shown(said: object, payload: object, status: int) -> None:
    visit = asyncio.run(answered(answer(said, status=status, location="https://[", link="<"), payload))
    visit.presenter.refresh()
    assert visit.presenter.detail(1)
    visit.presenter.begin_tour()
    visit.presenter.export()
    assert_har(json.loads(visit.panel.files[0].body))


@given(
    st.dictionaries(
        st.sampled_from(["csr", "certificate", "reason", "oldKey", "identifiers", "status", "challenges", "authorizations"]),
        JSON | st.binary().map(b64url),
    )
)
def test_whatever_stands_in_a_known_member_is_shown(members: dict[str, object]) -> None:
    visit = asyncio.run(answered(answer(members), members))
    visit.presenter.refresh()
    assert visit.presenter.detail(1)


async def test_a_private_key_in_an_answer_is_shown_nowhere() -> None:
    key = key_files()["P-256 PKCS#8 PEM"].decode()
    secret = key.splitlines()[1]
    problem = {
        "type": f"urn:ietf:params:acme:error:{secret}",
        "detail": key,
        "status": 400,
        "jwk": key_files()["P-256 JWK"].decode(),
    }
    answers = [
        Response(400, {"link": secret}, json.dumps(problem).encode()),
        Response(200, {}, f"{chain('a.example')}{key}".encode()),
    ]
    visit = Visit(ScriptedHttp({f"GET {URL}": answers}))
    for _ in answers:
        await visit.request_log.send(Request("GET", URL))
    visit.presenter.refresh()
    details = [visit.presenter.detail(row.number) for row in visit.panel.rows]
    visit.presenter.export()
    shown = f"{visit.panel.rows}{details}{visit.panel.files[0].body.decode()}"
    assert secret not in shown
    assert json.loads(key_files()["P-256 JWK"])["d"] not in shown
    assert "PRIVATE KEY" not in shown
    for detail in details:
        assert detail
        assert "(a private key was here)" in detail.parts[-1].text
        assert "has taken it out" in str(detail.parts[-1].notes)
