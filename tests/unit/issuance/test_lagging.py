"""CAs that do not find yet what they have just made: cert-manager#8939, boulder#6549, lego#674.

Let's Encrypt reads from copies of its database that lag behind for a second or two, so a 404 passes by itself.
"""

from typing import Final

import pytest

from app.acme.client import MAX_LAG_TRIES
from app.acme.problem import ProblemError
from app.issuance.issuance import ORDER_GONE
from app.issuance.registration import MAX_REPLICATION_DELAY, REPLICATION_PAUSES
from app.ports import Response
from tests.unit.script import Scripted, answer, html, refusal
from tests.unit.scripted_ca import ACCOUNT, CERTIFICATE, FINALIZE, NEW_ACCOUNT, NEW_ORDER, READ_ORDER, NoonClock, ScriptedCA
from tests.unit.visit import Visit
from tests.unit.walk import begun, flow_to, issue, prove, run, stopped

MISSING: Final[dict[str, Response]] = {
    "problem": refusal("malformed", status=404),
    "problem without its status": answer({"type": "urn:ietf:params:acme:error:malformed", "detail": "No order"}, status=404),
    "HTML": html(404),
    "empty": Response(404, {}, b""),
    "JSON": answer({"errors": []}, status=404),
}
RESOURCES: Final[dict[str, str]] = {
    "order": READ_ORDER,
    "authorization": f"POST {ScriptedCA.authorization_url(0)}",
    "challenge": f"POST {ScriptedCA.challenge_url(0)}",
    "finalize": FINALIZE,
    "certificate": CERTIFICATE,
}


def missing_for(ca: ScriptedCA, key: str, times: int, response: Response) -> None:
    """The CA does not find `key` so often, then all is well."""
    found: list[Scripted] = ca.script[key]
    ca.script[key] = [*[response] * times, *found]


def waited(visit: Visit) -> float:
    """Seconds that the page has waited."""
    assert isinstance(visit.ports.clock, NoonClock)
    return sum(visit.ports.clock.slept)


@pytest.mark.parametrize("response", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("resource", RESOURCES)
async def test_what_is_not_found_yet_is_asked_for_again(resource: str, response: Response) -> None:
    """cert-manager#8939, boulder#6549, lego#674."""
    visit = Visit()
    missing_for(visit.ca, RESOURCES[resource], MAX_LAG_TRIES - 1, response)
    await visit.session.start()
    assert visit.page.error is None
    await visit.session.verify()
    assert visit.page.error is None
    assert visit.page.view.step == "certificate"
    assert 1 < waited(visit) < 10
    assert [len(visit.ca.sent(key)) for key in (NEW_ACCOUNT, NEW_ORDER)] == [1, 1]


@pytest.mark.parametrize("response", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("resource", ["authorization", "challenge", "finalize", "certificate"])
async def test_what_stays_missing_under_an_order_that_is_there_fails_nothing(resource: str, response: Response) -> None:
    """The order is kept, and the same button goes on with it."""
    visit = Visit()
    found = visit.ca.script[RESOURCES[resource]]
    visit.ca.script[RESOURCES[resource]] = [response]
    button = visit.session.start if resource == "authorization" else visit.session.verify
    if resource != "authorization":
        await visit.session.start()
    await button()
    assert visit.page.message.title == "Test CA does not find what it made itself"
    (saved,) = await visit.workflow.saved()
    assert saved.state in ("ordered", "verifying", "ready", "downloading")
    visit.ca.script[RESOURCES[resource]] = found
    await button()
    assert visit.page.error is None
    assert visit.page.view.step == ("prove" if resource == "authorization" else "certificate")
    assert len(visit.ca.sent(NEW_ORDER)) == 1


async def test_certificate_that_is_not_found_is_waited_for_though_the_order_is_gone_too() -> None:
    """It has been made, so nothing may lose it."""
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    proving = await prove(workflow, "shop.example")
    ca.script[CERTIFICATE] = [html(404)]
    ca.script[READ_ORDER] = [ca.order("ready"), html(404)]
    saved = await stopped(workflow, workflow.confirm(proving), Exception)
    assert saved.state == "downloading"
    ca.script[CERTIFICATE] = [ca.certificate]
    assert (await run(workflow, saved)).state == "issued"


@pytest.mark.parametrize("response", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("resource", ["order", "authorization", "challenge", "finalize"])
async def test_order_that_stays_gone_has_failed(resource: str, response: Response) -> None:
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    if resource == "authorization":
        ca.script[READ_ORDER] = ca.script[RESOURCES[resource]] = [response]
        gone = await run(workflow, begun(workflow, "shop.example"))
    else:
        proving = await prove(workflow, "shop.example")
        ca.script[RESOURCES[resource]] = [response]
        ca.script[READ_ORDER] = [ca.order("ready"), response] if resource == "finalize" else [response]
        gone = await run(workflow, workflow.confirm(proving))
    assert gone.state == "failed"
    assert gone.problem
    assert gone.problem.type == ORDER_GONE


@pytest.mark.parametrize(
    "detail", ["The request message was malformed", "order does not exist: the request message was malformed"]
)
async def test_order_that_a_ca_calls_malformed_has_failed_where_it_still_knows_the_account(detail: str) -> None:
    """step-ca and OpenBao answer 400 for an order that does not exist."""
    visit = Visit()
    await visit.session.start()
    visit.ca.script[READ_ORDER] = [refusal("malformed", members={"detail": detail})]
    visit.ca.script[f"POST {ACCOUNT}"] = [answer({"status": "valid"})]
    await visit.session.verify()
    assert visit.page.message.title == "Test CA has closed this order"


async def test_order_has_not_failed_where_the_ca_finds_every_request_malformed() -> None:
    """So Boulder says of a signature that it cannot verify."""
    visit = Visit()
    await visit.session.start()
    visit.ca.script[READ_ORDER] = visit.ca.script[f"POST {ACCOUNT}"] = [
        refusal("malformed", members={"detail": "JWS verification error"})
    ]
    await visit.session.verify()
    assert visit.page.message.title == "Test CA refused"
    (saved,) = await visit.workflow.saved()
    assert saved.state == "verifying"


# ---- an account that is not everywhere yet ----

UNKNOWN: Final = refusal("accountDoesNotExist")


@pytest.mark.parametrize("key", [NEW_ORDER, RESOURCES["authorization"]])
async def test_new_account_that_is_not_known_everywhere_yet_is_waited_for(key: str) -> None:
    """cert-manager#8939: reads for the account lag behind, too."""
    ca = ScriptedCA("shop.example")
    missing_for(ca, key, MAX_LAG_TRIES - 1, UNKNOWN)
    assert (await issue(flow_to(ca), "shop.example")).state == "issued"
    assert len(ca.sent(NEW_ACCOUNT)) == 1


async def test_account_that_stays_unknown_is_registered_again_and_said_after_a_few_tries() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [UNKNOWN]
    await visit.session.start()
    assert visit.page.message.title == "Test CA does not know this account any more"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 2
    assert len(visit.ca.sent(NEW_ORDER)) == 2 + 2 * len(REPLICATION_PAUSES)


async def test_account_that_was_made_long_ago_is_registered_again_and_not_waited_for() -> None:
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    proving = await prove(workflow, "shop.example")
    await workflow.ports.clock.sleep(MAX_REPLICATION_DELAY + 1)
    ca.script[READ_ORDER] = [UNKNOWN]
    saved = await stopped(workflow, workflow.confirm(proving), ProblemError)
    assert saved.state == "verifying"
    assert saved.account_url == ACCOUNT
    first_read, *_ = ca.sent(READ_ORDER)
    _, again = ca.sent(NEW_ACCOUNT)
    between = ca.requests[ca.requests.index(first_read) + 1 : ca.requests.index(again)]
    assert [request.method for request in between if request.method == "POST"] == []


async def test_key_without_an_account_is_said_at_once() -> None:
    """`accountDoesNotExist` is what a search for an account expects (RFC 8555 §7.3.1)."""
    visit = Visit()
    visit.ca.script[NEW_ACCOUNT] = [UNKNOWN]
    await visit.session.start()
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1
