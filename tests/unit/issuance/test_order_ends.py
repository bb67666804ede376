"""Orders that end at the CA by themselves, or go on there, while nobody looks; and CAs that never say that one has failed."""

from dataclasses import replace

import pytest

from app.errors import NetworkError
from app.issuance.issuance import Issuance
from app.ports import Request, Response
from tests.unit.script import refusal
from tests.unit.scripted_ca import CERTIFICATE, NEW_ORDER, READ_ORDER
from tests.unit.visit import Visit


async def proving() -> Visit:
    """An order that waits for proof, in a browser whose page was opened anew."""
    visit = Visit()
    await visit.session.start()
    await visit.reload()
    return visit


async def test_order_that_stays_pending_though_its_proof_failed_is_given_up() -> None:
    visit = Visit()
    await visit.session.start()
    visit.ca.script[READ_ORDER] = [visit.ca.order("pending")]
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [
        visit.ca.authorization(0, "invalid", error={"type": "urn:ietf:params:acme:error:dns", "detail": "no record"})
    ]
    await visit.session.verify()
    assert visit.page.message.title == "The proof failed for shop.example"
    assert "no record" in visit.page.message.detail
    assert len(visit.ca.sent(READ_ORDER)) < 10


async def test_order_that_the_ca_has_forgotten_is_said_to_be_closed_and_made_anew() -> None:
    visit = await proving()
    visit.ca.script[READ_ORDER] = [refusal("malformed", status=404)]
    await visit.resume()
    assert visit.page.message.title == "Test CA has closed this order"
    assert "Try again" in visit.page.message.text
    assert visit.page.view.prove
    assert visit.page.view.prove.failed
    await visit.session.retry()
    assert len(visit.ca.sent(NEW_ORDER)) == 2
    assert visit.page.error is None


async def test_order_that_ended_without_a_reason_is_said_to_be_closed() -> None:
    visit = await proving()
    visit.ca.script[READ_ORDER] = [visit.ca.order("invalid")]
    await visit.resume()
    assert visit.page.message.title == "Test CA has closed this order"


@pytest.mark.parametrize("status", ["ready", "valid"])
async def test_order_that_went_on_elsewhere_goes_on_here(status: str) -> None:
    visit = await proving()
    visit.ca.script[READ_ORDER] = [visit.ca.order(status)]
    if status == "valid":  # for the request of another browser: that certificate is of no use here
        visit.ca.script[CERTIFICATE] = [Response(200, {}, b"")]
    await visit.resume()
    assert visit.page.view.step == ("certificate" if status == "ready" else "prove")
    assert (visit.page.error is None) == (status == "ready")


async def test_order_that_still_waits_is_shown_as_it_was_after_one_question() -> None:
    visit = await proving()
    visit.ca.script[READ_ORDER] = [visit.ca.order("pending")]
    await visit.resume()
    assert visit.page.view.prove
    assert visit.page.error is None
    assert len(visit.ca.sent(READ_ORDER)) == 1


async def test_ca_that_cannot_be_reached_does_not_hide_what_is_saved() -> None:
    visit = await proving()

    async def offline(request: Request) -> Response:
        raise NetworkError(request.url)

    visit.ca.send = offline  # type: ignore[method-assign]
    await visit.resume()
    assert visit.page.view.prove
    assert visit.page.error is None


async def test_other_refusals_of_the_ca_stay_what_they_are() -> None:
    visit = await proving()
    visit.ca.script[READ_ORDER] = [refusal("rateLimited", status=429)]
    await visit.resume()
    assert "too many requests" in visit.page.message.title
    saved: Issuance = (await visit.workflow.saved())[0]
    assert saved == replace(saved, state="proving")
