"""The picture of what was sent: lanes and arrows of orders at a scripted CA, and what is said of strange answers."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from app.accounts.stored_account import CERTIFICATE_KEY, PROOF_KEY
from app.encoding.base64url import b64url
from app.errors import NetworkError
from app.network.reachability import Probe
from app.ports import Request, Response
from app.text.request_log_diagram import _OUTCOMES, _STEPS, CROSSINGS, Crossing, Outcome, StepName
from app.ui.request_log.diagram import MAX_ARROWS, DiagramModel
from app.ui.request_log.parties import BORDER, MAX_LANES, Party, lanes_of, name_lines
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import ScriptedHttp, answer, html, refusal
from tests.unit.scripted_ca import BASE, FINALIZE, NEW_ACCOUNT, READ_ORDER, ScriptedCA
from tests.unit.ui.panels.test_request_log import URL, Visit, answered, issued
from tests.unit.walk import begun, prove, run


def picture(visit: Visit) -> DiagramModel:
    visit.presenter.refresh()
    assert visit.panel.diagram
    return visit.panel.diagram


def labels(visit: Visit) -> list[str]:
    return [arrow.label for arrow in picture(visit).arrows]


def test_each_word_of_it_is_there() -> None:
    for words, names in ((_STEPS, StepName), (_OUTCOMES, Outcome), (CROSSINGS, Crossing)):
        assert set(words) == set(get_args(names))


async def test_a_whole_order_is_told_step_by_step() -> None:
    visit = await issued()
    assert labels(visit) == [
        "1 Ask for its addresses → 3 addresses (Test CA, 3 requests)",
        "2 Account: a public key → account 1 (Test CA)",
        "3 Order: 2 names → 2 tasks (Test CA)",
        "4 See what to publish ×2 → 2 answers (Test CA, 2 requests)",
        "5 “Please look now” ×2 → it looks (Test CA, 2 requests)",
        "6 Wait for its check → proven (Test CA)",
        "7 Request: a public key → signed (Test CA)",
        "8 Fetch the certificate → 2 certificates (Test CA)",
    ]
    shown = picture(visit)
    assert [lane.lines for lane in shown.lanes] == [("Test CA",)]
    assert {arrow.lane for arrow in shown.arrows} == {0}
    firsts = [arrow.first for arrow in shown.arrows]
    kinds = {row.number: row.kind for row in visit.panel.rows}
    assert [kinds[first] for first in firsts] == [
        *("directory", "newAccount", "newOrder", "authorization", "challenge", "order", "finalize", "certificate"),
    ]
    assert shown.arrows[3].said == "See what to publish ×2 → 2 answers"
    assert shown.arrows[2].what == "Order: 2 names"  # the nonce that was fetched on the way is no second order
    assert visit.panel.counted == f"{len(visit.request_log.entries)} requests sent, 0 private keys"
    assert visit.panel.lead == (
        f"In this visit the page sent {len(visit.request_log.entries)} requests. The picture groups them into 8 steps. "
        "Each was checked for private keys before it left. None held one."
    )


async def test_what_crossed_the_line_is_what_the_requests_hold() -> None:
    visit = await issued()
    assert picture(visit).side == "The keys stay left of the dashed line."
    assert picture(visit).crossed == "Of what is yours, only names, public keys and signatures cross it."
    visit = await answered(answer(), {"contact": ["mailto:a@shop.example"], "externalAccountBinding": {}})
    assert picture(visit).crossed == "Of what is yours, only signatures and e-mail addresses cross it."
    inner = {"protected": b64url(b'{"alg": "HS256"}'), "payload": b64url(b"{}"), "signature": ""}
    visit = await answered(answer(), {"externalAccountBinding": inner})
    assert "customer IDs" in picture(visit).crossed
    assert picture(Visit(ScriptedHttp({}))).crossed == ""


async def test_the_keys_that_exist_are_on_the_browsers_side() -> None:
    visit = Visit(ScriptedCA("shop.example"))
    assert picture(visit).keys.lines == ("No key yet",)
    await run(visit.workflow, visit.workflow.confirm(await prove(visit.workflow, "shop.example")))
    await visit.presenter.refresh_keys()
    assert picture(visit).keys.lines == ("Account key", "Certificate key")
    assert picture(visit).keys.short == ("2 keys", "stay")
    assert picture(visit).keys.label == "Private keys in this browser: Account key, Certificate key."
    for name in (f"{CERTIFICATE_KEY}2", f"{PROOF_KEY}2"):
        await visit.workflow.ports.keys.generate(name, "ec-p256", extractable=False)
    await visit.presenter.refresh_keys()
    assert picture(visit).keys.lines == ("Account key", "2 certificate keys", "Proof key")


async def test_a_relay_has_a_line_of_its_own_and_is_named() -> None:
    class Relayed(ScriptedHttp):
        async def send(self, request: Request) -> Response:
            return await ca.send(replace(request, url=request.url.replace("relay.example/", "")))

    ca = ScriptedCA("shop.example")
    visit = Visit(Relayed({}), replace(CA, relay="https://relay.example/"))
    await prove(visit.workflow, "shop.example")
    shown = picture(visit)
    assert [lane.lines for lane in shown.lanes] == [("Relay",), ("Test CA",)]
    assert {(arrow.relay, arrow.lane) for arrow in shown.arrows} == {(0, 1)}
    assert "3 Order: 1 name → 1 task (Test CA by the relay relay.example)" in [
        label.replace(", 2 requests", "") for label in labels(visit)
    ]


async def test_own_files_and_the_record_server_are_told_apart_and_only_the_files_do_not_count() -> None:
    records = "https://page.example/practice/"
    own = Request("GET", "https://page.example/cas.json")
    sent = [own, *[Request("POST", f"{records}set-txt", body=b'{"host": "shop.example"}')] * 2]
    visit = Visit(ScriptedHttp({f"{request.method} {request.url}": answer() for request in sent}), replace(CA, records=records))
    await visit.request_log.send(own)
    assert visit.panel.counted == "Nothing sent yet"
    assert labels(visit) == ["Load this page’s own lists → loaded (This site)"]
    assert visit.panel.lead == "Nothing was sent to anyone yet. The page only loaded its own files."
    for request in sent[1:]:
        await visit.request_log.send(request)
    assert visit.panel.counted == "2 requests sent, 0 private keys"
    assert labels(visit)[1:] == ["1 Publish for practice ×2 → published (Record server, 2 requests)"]
    assert visit.panel.summary == "3 requests. 1 of them only loaded a file of this page."
    assert picture(visit).crossed == "Of what is yours, only names and records to publish cross it."


async def test_what_was_in_the_log_before_is_counted_once() -> None:
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": answer()}))
    visit.request_log.changed = lambda _: None
    await visit.request_log.send(Request("GET", DIRECTORY))
    visit.sent.begin()
    visit.sent.begin()
    assert visit.panel.counted == "1 request sent, 0 private keys"


async def test_a_blocked_request_stops_at_the_line_and_is_said() -> None:
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": answer()}))
    visit.request_log.add_blocked("https://ca.example", "gate-private-key")
    assert visit.panel.counted == "1 request blocked because it held a private key"
    await visit.request_log.send(Request("GET", DIRECTORY))
    visit.request_log.add_blocked("", "gate-unknown-destination")
    assert visit.panel.counted == "1 request sent, 0 private keys; 1 request blocked because it held a private key"
    shown = picture(visit)
    assert [(arrow.number, arrow.lane, arrow.answered) for arrow in shown.arrows] == [
        *((0, None, False), (1, 0, True), (0, None, False)),
    ]
    assert labels(visit)[0] == "Blocked, not sent → it held a private key"
    assert labels(visit)[2] == "Blocked, not sent → not allowed"
    assert "2 requests were blocked by this page and not sent." in visit.panel.lead
    detail = visit.presenter.detail(1)
    assert detail
    assert detail.facts.private_keys == "yes: so it was not sent"


async def test_a_fault_of_the_gate_would_show() -> None:
    visit = Visit(ScriptedHttp({f"POST {URL}": answer()}))
    body = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
    await visit.request_log.send(Request("POST", URL, {}, body))
    assert visit.panel.counted == "1 of 1 requests sent held a private key"
    assert picture(visit).side == "1 request crossed the dashed line with a private key in it."
    assert "1 held one" in visit.panel.lead
    detail = visit.presenter.detail(1)
    assert detail
    assert detail.facts.private_keys.startswith("yes: it left with one.")


async def test_an_order_of_100_names_is_a_few_arrows() -> None:
    names = [f"n{n}.shop.example" for n in range(100)]
    visit = Visit(ScriptedCA(*names))
    await run(visit.workflow, visit.workflow.confirm(await run(visit.workflow, begun(visit.workflow, *names))))
    assert len(visit.request_log.entries) > 200
    assert len(picture(visit).arrows) == 8
    assert picture(visit).arrows[3].said == "See what to publish ×100 → 100 answers"
    assert len(visit.panel.rows) == len(visit.request_log.entries)


async def test_a_long_visit_shows_its_last_steps() -> None:
    directory = answer({"newNonce": "", "newOrder": ""})
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": directory, f"POST {URL}": answer()}))
    for _ in range(MAX_ARROWS):
        await visit.request_log.send(Request("GET", DIRECTORY))
        await visit.request_log.send(Request("POST", URL))
    shown = picture(visit)
    assert [arrow.number for arrow in shown.arrows] == list(range(MAX_ARROWS + 1, 2 * MAX_ARROWS + 1))
    assert shown.steps == 2 * MAX_ARROWS
    assert shown.choose == f"Choose an arrow to read its message. {MAX_ARROWS} earlier steps are only in the list."


async def test_a_failed_proof_and_what_the_page_looks_at_then() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("invalid")]
    ca.script[f"POST {ca.authorization_url(0)}"] = [ca.authorization(0), ca.authorization(0, "invalid")]
    visit = Visit(ca)
    with suppress(Exception):
        await run(visit.workflow, visit.workflow.confirm(await prove(visit.workflow, "shop.example")))
    assert "Wait for its check ×2 → not proven" in labels(visit)[-1]


@pytest.mark.parametrize(
    ("came", "label"),
    [
        (refusal("rateLimited", status=429), "1 Another request → refused: rateLimited (Test CA)"),
        (refusal("<b>\u202e", status=400), "1 Another request → refused: <b>⟨U+202E⟩ (Test CA)"),
        (html(503), "1 Another request → refused: 503 (Test CA)"),
        (NetworkError(URL), "1 Another request → no answer (Test CA)"),
    ],
)
async def test_what_goes_wrong_is_said_at_its_arrow(came: Response | Exception, label: str) -> None:
    visit = await answered(came)
    assert labels(visit) == [label]


async def test_a_directory_that_no_answer_came_from_is_one_arrow_with_the_probes_after_it() -> None:
    lost, hidden = NetworkError(DIRECTORY), Response(0, {}, b"")
    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": [lost, lost, lost, hidden]}))
    for said in ("no answer", "something answers"):
        with pytest.raises(NetworkError):
            await Probe(visit.request_log).send(Request("GET", DIRECTORY))
        assert said in labels(visit)[0]
    assert labels(visit) == ["1 Ask for its addresses ×2 → something answers (Test CA, 4 requests)"]


@pytest.mark.parametrize("account", ["a\u202eb", "<script>", "x" * 500, "", "\ud800"])
async def test_words_of_a_ca_are_made_safe(account: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, status=201, location=f"{BASE}/account/{account}")]
    visit = Visit(ca)
    with suppress(Exception):
        await prove(visit.workflow, "shop.example")
    (said,) = [arrow.said for arrow in picture(visit).arrows if arrow.said.startswith("Account")]
    assert "\u202e" not in said
    assert said.isprintable()
    assert len(said) < 80


@pytest.mark.parametrize("status", ["processing", "valid", "pending", ["valid"], None, 7])
async def test_any_status_of_an_order_is_told(status: object) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [answer({"status": status})]
    visit = Visit(ca)
    with suppress(Exception):
        await run(visit.workflow, visit.workflow.confirm(await prove(visit.workflow, "shop.example")))
    assert any("Request: a public key" in label for label in labels(visit))


async def test_a_request_under_way_has_no_answer_yet() -> None:
    seen = list[DiagramModel]()

    def look(_: Request) -> Response:
        seen.append(picture(visit))
        return answer()

    visit = Visit(ScriptedHttp({f"GET {DIRECTORY}": look}))
    await visit.request_log.send(Request("GET", DIRECTORY))
    (arrow,) = seen[0].arrows
    assert (arrow.said, arrow.answered) == ("Ask for its addresses → under way", False)


async def test_an_arrow_to_a_shared_line_says_whose_it_is() -> None:
    cas = [replace(CA, id=f"ca{n}", name=f"CA {n}", directory=f"https://ca{n}.example/dir") for n in range(MAX_LANES + 1)]
    visit = Visit(ScriptedHttp({f"GET {ca.directory}": answer() for ca in cas}), *cas)
    for ca in cas:
        await visit.request_log.send(Request("GET", ca.directory))
    said = [arrow.said for arrow in picture(visit).arrows]
    assert said[:2] == [f"Ask for its addresses → answered ({ca.name})" for ca in cas[:2]]
    assert said[2:] == ["Ask for its addresses → answered"] * 3


def test_many_parties_share_the_last_line_and_the_latest_have_their_own() -> None:
    parties = [Party(f"ca {n}", f"CA {n}") for n in range(6)]
    places, lanes = lanes_of([*parties, parties[0]])
    assert [lane.lines for lane in lanes] == [("CA 0",), ("CA 4",), ("CA 5",), ("Others",)]
    assert len(lanes) == MAX_LANES
    assert [places[party.id] for party in parties] == [0, 3, 3, 3, 1, 2]
    places, lanes = lanes_of(parties[:MAX_LANES])
    assert len(lanes) == MAX_LANES
    xs = [BORDER, *(lane.x for lane in lanes), 100]
    assert all(before + 8 < after for before, after in pairwise(xs))


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Let’s Encrypt staging", ("Let’s", "Encrypt", "staging")),
        ("Internationalization", ("Internation…",)),
        ("a b c d e f g h i j k l m n o p q r s t u v w x y z", ("a b c d", "e f g h", "i j k l", "m n o p…")),
        ("", ("",)),
    ],
)
def test_a_name_becomes_short_lines(name: str, lines: tuple[str, ...]) -> None:
    assert name_lines(name) == lines


async def test_facts_say_where_it_went_and_who_signed() -> None:
    visit = await issued()
    facts = visit.detail("newOrder").facts
    assert facts.sent_to.startswith("ca.example, at ")
    assert facts.signed_with == "the account key, which did not leave this browser"
    assert facts.private_keys == "none: checked before it was sent"
    assert facts.answer.startswith("201 Created. For each name")
    assert visit.detail("directory").facts.signed_with == "nothing: it is not signed"
    visit = await answered(answer(), {"certificate": "x"})
    assert visit.detail("revokeCert").facts.signed_with == "the certificate’s key, which did not leave this browser"
