"""What CAs and what stands before them have been seen to say, and real servers in tests cannot be made to: the whole way.

Each answer cites where it is defined, or the rule that it breaks.
"""

from dataclasses import replace
from itertools import count
from typing import get_args

import pytest

from app.acme.problem import ProblemError, UnavailableError, parse_problem
from app.acme.response import AcmeResponse, InvalidNonceError
from app.errors import KeystayError, ProtocolError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.ports import Request, Response
from app.text.error_messages import message_for
from app.text.tasks import Task
from tests.unit.records import CA, DIRECTORY, choices
from tests.unit.script import URN, Scripted, answer, html, read_post, refusal
from tests.unit.scripted_ca import BASE, NEW_ORDER, READ_ORDER, NoonClock, ScriptedCA, ports_to

NAMES = ("shop.example", "_bad.example")
NONCE = f"HEAD {BASE}/nonce"

BARE = Response(400, {"content-type": "text/plain"}, b"Bad Request")
"""An error from a proxy before the CA: no JSON, no Replay-Nonce, though RFC 8555 §6.5 wants one with every error."""


def flow_to(ca: ScriptedCA) -> Workflow:
    return Workflow(ports_to(ca), (CA,))


async def run(workflow: Workflow, issuance: Issuance) -> Issuance:
    return await workflow.run(issuance, lambda _: None)


async def issue(workflow: Workflow) -> Issuance:
    proving = await run(workflow, workflow.begin("1", choices(*NAMES)))
    return await run(workflow, workflow.confirm(proving))


@pytest.mark.parametrize("key", [READ_ORDER, NONCE, f"POST {BASE}/authorization/0"])
async def test_503_in_html_to_a_question_is_asked_again(key: str) -> None:
    """RFC 9110 §15.6.4. Load balancers in front of a CA say it in HTML, though RFC 8555 §6.7 wants a problem document."""
    ca = ScriptedCA(*NAMES)
    good = list(ca.script[key])
    ca.script[key] = [html(503), *good]
    assert (await issue(flow_to(ca))).state == "issued"


async def test_503_in_html_to_a_new_order_stops_and_the_same_step_goes_on_later() -> None:
    ca = ScriptedCA(*NAMES)
    good = list(ca.script[NEW_ORDER])
    ca.script[NEW_ORDER] = [html(503), *good]
    workflow = flow_to(ca)
    with pytest.raises(UnavailableError) as caught:
        await run(workflow, workflow.begin("1", choices(*NAMES)))
    assert "is not available now" in message_for(caught.value, CA).title
    (saved,) = await workflow.saved()
    assert saved.state == "registered"
    assert (await run(workflow, saved)).state == "proving"


def compound(*kinds: str) -> Response:
    """RFC 8555 §6.7: the type "compound" says nothing but "see the subproblems" (§6.7.1)."""
    subproblems = [
        {"type": URN + kind, "detail": "no", "identifier": {"type": "dns", "value": name}}
        for kind, name in zip(kinds, NAMES, strict=False)
    ]
    return refusal("compound", status=403, members={"subproblems": subproblems})


@pytest.mark.parametrize(
    ("kinds", "title"),
    [
        (("rejectedIdentifier", "rejectedIdentifier"), "Test CA does not issue for shop.example, _bad.example"),
        (("caa",), "A CAA record keeps Test CA from issuing"),
        (("caa", "rejectedIdentifier"), "Test CA refused"),
        ((), "Test CA refused"),
    ],
)
async def test_compound_problem_is_told_by_what_it_points_at(kinds: tuple[str, ...], title: str) -> None:
    ca = ScriptedCA(*NAMES)
    ca.script[NEW_ORDER] = [compound(*kinds)]
    workflow = flow_to(ca)
    with pytest.raises(ProblemError) as caught:
        await run(workflow, workflow.begin("1", choices(*NAMES)))
    message = message_for(caught.value, CA)
    assert message.title == title
    assert all(f"{name}: no" in message.detail for _, name in zip(kinds, NAMES, strict=False))


@pytest.mark.parametrize("nonce", ["padded==", "with+plus", "with/slash", "two words", ""])
async def test_nonce_in_wrong_base64_is_never_sent_back(nonce: str) -> None:
    """RFC 8555 §6.5.1: one that is not base64url, without padding, must be ignored."""
    ca = ScriptedCA(*NAMES)
    ca.script[NEW_ORDER] = [ca.order("pending", status_code=201, location=f"{BASE}/order/1")]
    response = ca.script[NEW_ORDER][0]
    assert isinstance(response, Response)
    ca.script[NEW_ORDER] = [Response(response.status, {**response.headers, "replay-nonce": nonce}, response.body)]
    assert (await issue(flow_to(ca))).state == "issued"
    sent = [read_post(request).protected["nonce"] for request in ca.requests if request.method == "POST"]
    assert nonce not in sent


@pytest.mark.parametrize("token", ["padded==", "with+plus", "with/slash", "", "../../etc/passwd", "white space"])
async def test_token_in_wrong_base64_stops_before_anything_is_published(token: str) -> None:
    """RFC 8555 §8.3: only base64url characters, and no padding; a path in it would leave the folder."""
    ca = ScriptedCA("shop.example")
    ca.script[f"POST {ca.authorization_url(0)}"] = [ca.authorization(0, token=token)]
    workflow = flow_to(ca)
    with pytest.raises(ProtocolError):
        await run(workflow, workflow.begin("1", choices("shop.example")))
    (saved,) = await workflow.saved()
    assert saved.publications == ()


@pytest.mark.parametrize("odd", [BARE, Response(403, {}, b""), Response(429, {}, b"slow down"), answer("no", status=400)])
async def test_bare_error_is_told_with_its_status_and_words_and_the_next_request_asks_for_a_nonce(odd: Scripted) -> None:
    ca = ScriptedCA(*NAMES)
    good = list(ca.script[NEW_ORDER])
    assert isinstance(odd, Response)
    bare = Response(odd.status, {**odd.headers, "replay-nonce": ""}, odd.body)
    ca.script[NEW_ORDER] = [bare, *good]
    workflow = flow_to(ca)
    with pytest.raises(KeystayError) as caught:
        await run(workflow, workflow.begin("1", choices(*NAMES)))
    message = message_for(caught.value, CA)
    assert f"HTTP status {odd.status}" in message.text + message.detail
    assert "about:blank" not in f"{message}"
    assert odd.body.decode().strip('"') in message.detail
    asked = len(ca.sent(NONCE))
    (saved,) = await workflow.saved()
    assert (await run(workflow, saved)).state == "proving"
    assert len(ca.sent(NONCE)) > asked


TOO_MANY = Response(429, {"content-type": "text/html", "retry-after": "11"}, b"<html><h1>429 Too Many Requests</h1></html>")
"""What ZeroSSL's front says: terraform-provider-acme#401."""


@pytest.mark.parametrize("key", [f"GET {DIRECTORY}", NONCE, f"POST {BASE}/authorization/0", READ_ORDER])
async def test_429_in_html_to_a_question_is_waited_for_as_long_as_it_says(key: str) -> None:
    """terraform-provider-acme#401."""
    ca = ScriptedCA(*NAMES)
    good = list(ca.script[key])
    at_once = 2 if key == NONCE else 1
    ca.script[key] = [TOO_MANY] * at_once + [TOO_MANY, *good]
    workflow = flow_to(ca)
    assert (await issue(workflow)).state == "issued"
    assert isinstance(workflow.ports.clock, NoonClock)
    assert workflow.ports.clock.slept.count(11.0) == 2


@pytest.mark.parametrize(("wait", "said"), [("5", "5 seconds"), ("3600", "60 minutes"), ("86400", "24 hours"), ("", "")])
async def test_429_in_html_that_stays_is_told_with_the_wait(wait: str, said: str) -> None:
    """terraform-provider-acme#401: a wait that nobody would sit through is told at once."""
    ca = ScriptedCA(*NAMES)
    ca.script[f"POST {BASE}/authorization/0"] = [replace(TOO_MANY, headers={"retry-after": wait})]
    workflow = flow_to(ca)
    with pytest.raises(UnavailableError) as caught:
        await run(workflow, workflow.begin("1", choices(*NAMES)))
    message = message_for(caught.value, CA)
    assert message.title == "Test CA says: too many requests"
    assert f"wait {said}" in message.text if said else "wait" not in message.text
    assert "429 Too Many Requests" in message.detail
    assert isinstance(workflow.ports.clock, NoonClock)
    assert sum(workflow.ports.clock.slept) < 60


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_server_that_refuses_head_is_asked_by_get(status: int) -> None:
    """RFC 8555 §7.2 wants both methods; some servers have routes for GET only."""
    ca = ScriptedCA(*NAMES)
    numbers = count()

    def by_get(_: Request) -> Response:
        nonce = f"got-{next(numbers)}"
        ca.gave(nonce)
        return Response(204, {"replay-nonce": nonce}, b"")

    ca.script[NONCE] = [Response(status, {"replay-nonce": ""}, b"")]
    ca.script[f"GET {BASE}/nonce"] = [by_get]
    assert (await issue(flow_to(ca))).state == "issued"


@pytest.mark.parametrize("nonce", ["padded==", "with+plus", "with/slash", "two words", "é"])
async def test_damaged_nonce_of_newnonce_is_named_as_that_and_not_as_cors(nonce: str) -> None:
    ca = ScriptedCA(*NAMES)
    ca.script[NONCE] = [Response(200, {"replay-nonce": nonce}, b"")]
    workflow = flow_to(ca)
    with pytest.raises(InvalidNonceError) as caught:
        await run(workflow, workflow.begin("1", choices(*NAMES)))
    message = message_for(caught.value, CA)
    assert message.title == "Test CA gave a damaged one-time number"
    assert "CORS" not in message.text
    assert nonce in message.detail


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 418, 429, 500, 501, 502, 503, 504, 599])
@pytest.mark.parametrize("body", [b"", b"<p>words of a web page</p>", b"{}", b'{"message": "words of a gateway"}', b"[]", b"5"])
def test_untyped_error_never_shows_about_blank_and_always_the_words(status: int, body: bytes) -> None:
    """lemur#3657, acme.sh#4933."""
    for task in get_args(Task):
        try:
            error: KeystayError = ProblemError(parse_problem(AcmeResponse(f"{BASE}/x", Response(status, {}, body), 0.0)))
        except UnavailableError as unavailable:
            error = unavailable
        message = message_for(error, CA, task)
        assert "about:blank" not in f"{message}"
        assert "{" not in message.title + message.text
        assert str(status) in message.text + message.detail
        assert b"words" not in body or "words of a " in message.detail
        assert "order" not in message.text or task in ("order", "closing", "import")
