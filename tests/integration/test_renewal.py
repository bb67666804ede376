"""Renewal information (RFC 9773) on CPython against a real Pebble, whose management port moves the window."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.acme.renewal_info import RenewalWindow
from app.errors import ProtocolError
from app.issuance.renewal import ask_window
from app.issuance.revocation import revoke_issued
from app.issuance.store import delete
from app.pki.certificate import read_chain, renewal_id
from tests.adapters import HttpxHttp
from tests.integration.test_issuance import choices, http, issue, make_flow
from tests.pebble_names import NEW_ORDER, accepted_name
from tests.unit.script import read_post
from tools.practice import PracticeCA

__all__ = ["http"]

START = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)


def set_window(practice: PracticeCA, pem: str, answer: str) -> None:
    """Let Pebble give `answer` as renewal information on the certificate `pem`."""
    body = {"certificate": pem, "ariResponse": answer}
    url = f"{practice.management_url}/set-renewal-info/"
    httpx.post(url, json=body, verify=practice.ssl_context, trust_env=False).raise_for_status()


def window_json(start: datetime, end: datetime) -> str:
    """Renewal information with a page that explains it."""
    return (
        f'{{"suggestedWindow": {{"start": "{start:%Y-%m-%dT%H:%M:%SZ}", "end": "{end:%Y-%m-%dT%H:%M:%SZ}"}},'
        ' "explanationURL": "https://ca.example/why"}'
    )


async def test_the_window_is_read_without_an_account_and_follows_the_ca(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "window.example"))
    http.requests.clear()
    asked = await ask_window(workflow, issued)
    assert [request.method for request in http.requests] == ["GET", "GET"]
    leaf = read_chain(issued.certificate_pem).certificate
    assert asked.window is not None
    assert leaf.not_before.timestamp() < asked.window.start < asked.window.end < leaf.not_after.timestamp()
    set_window(practice, issued.certificate_pem, window_json(START, START + timedelta(days=1)))
    moved = await ask_window(workflow, issued)
    assert moved.window is not None
    assert abs(moved.window.asked - datetime.now(UTC).timestamp()) < 600
    start = START.timestamp()
    assert moved.window == RenewalWindow(start, start + 86400, "https://ca.example/why", moved.window.asked)
    (saved,) = await workflow.saved()
    assert saved == moved


async def test_a_revoked_certificate_should_be_renewed_now(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "now.example"))
    revoked, _ = await revoke_issued(workflow, issued, 1)
    asked = await ask_window(workflow, revoked)
    assert asked.window is not None
    assert asked.window.end < datetime.now(UTC).timestamp() + 60
    assert asked.revoked == revoked.revoked


@pytest.mark.parametrize("answer", [window_json(START, START), "not JSON", "{}"], ids=["empty window", "no JSON", "no window"])
async def test_a_bad_answer_is_told(practice: PracticeCA, http: HttpxHttp, answer: str) -> None:
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "bad.window.example"))
    set_window(practice, issued.certificate_pem, answer)
    with pytest.raises(ProtocolError):
        await ask_window(workflow, issued)


def replaced(http: HttpxHttp) -> list[str | None]:
    """What each newOrder so far said that it replaces."""
    orders = [request for request in http.requests if request.url.endswith(NEW_ORDER)]
    return [read_post(request).payload.get("replaces") for request in orders]


async def test_the_next_order_replaces_and_does_so_once(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    wanted = choices(practice, "next.example", "*.next.example")
    first = await issue(workflow, wanted, id_="1")
    second = await issue(workflow, wanted, id_="2")
    assert second.state == "issued"
    assert second.choices.replaces == accepted_name(first.certificate_pem)
    await delete(workflow, second.id)
    http.requests.clear()
    third = await issue(workflow, wanted, id_="3")  # as if from another browser: the first is replaced already
    assert (third.state, third.choices.replaces) == ("issued", "")
    assert None in replaced(http)
    assert renewal_id(first.certificate_pem) in replaced(http)


async def test_other_names_replace_nothing(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    await issue(workflow, choices(practice, "some.example"), id_="1")
    other = await issue(workflow, choices(practice, "some.example", "more.example"), id_="2")
    assert other.choices.replaces == ""
