"""Proofs that fail at step-ca and OpenBao, and orders that are opened again."""

import asyncio
import json
from dataclasses import replace

import pytest

from app.acme.challenge import DnsRecord
from app.acme.order import read_order
from app.ports import Request
from tests.adapters import HttpxHttp
from tests.publishing import publish
from tests.servers.ca_server import CAServer
from tests.servers.customer import Customer, assert_certificate

GIVES_UP = 300  # seconds that a test may take in which OpenBao tries a proof again and again; it gives up after about 110


async def proving(ca: CAServer, relay: str, http: HttpxHttp, *names: str, challenge: str = "dns-01") -> Customer:
    """A customer who has ordered, and has published nothing yet."""
    customer = Customer(ca, relay, http, *names, challenge=challenge)
    await customer.session.start()
    assert customer.page.view.step == "prove", customer.page.error
    return customer


async def order_status(customer: Customer) -> str:
    issuance = await customer.saved()
    return (await read_order(await customer.workflow.client(issuance), issuance.order_url)).status


async def publish_wrong(customer: Customer) -> None:
    """A record for each name, with a value that proves nothing."""
    for publication in (await customer.saved()).publications:
        assert isinstance(publication, DnsRecord)
        await publish(customer.workflow.ports.http, f"{customer.ca.records.url}/", [DnsRecord(publication.name, ("wrong",))])


@pytest.mark.parametrize("published", [True, False])
async def test_failed_dns_proof_at_step_ca_ends_at_once_and_is_proven_by_the_corrected_record(
    step_ca: CAServer,
    relay: str,
    http: HttpxHttp,
    published: bool,  # noqa: FBT001 - given by parametrize
) -> None:
    """Only the answer to the challenge tells: it stays "pending", and so do authorization and order, for ever."""
    customer = await proving(step_ca, relay, http, "right.failed.example", "wrong.failed.example")
    await customer.publish()
    wrong = next(entry for entry in (await customer.saved()).publications if "wrong" in str(entry))
    assert isinstance(wrong, DnsRecord)
    await publish(http, f"{step_ca.records.url}/", [DnsRecord(wrong.name, ("wrong",) if published else ())])
    await customer.session.verify()
    message = customer.page.message
    assert "does not issue for" not in message.title  # as the type of step-ca's answer would have it
    assert "wrong.failed.example" in f"{message.title} {message.text} {message.detail}"
    assert customer.page.view.step == "prove"
    failed = await customer.saved()
    assert await order_status(customer) == "pending"
    await publish(http, f"{step_ca.records.url}/", [wrong])
    await customer.session.verify()
    issued = await customer.saved()
    assert issued.order_url == failed.order_url
    await assert_certificate(customer.workflow, issued, step_ca)


async def test_failed_proof_by_a_file_at_step_ca_ends_at_once_and_a_new_order_leads_on(
    step_ca: CAServer, relay: str, http: HttpxHttp
) -> None:
    """The challenge is "invalid" then, authorization and order stay pending for ever."""
    customer = await proving(step_ca, relay, http, "file.failed.example", challenge="http-01")
    await customer.session.verify()
    assert "file.failed.example" in f"{customer.page.message.title} {customer.page.message.text} {customer.page.message.detail}"
    assert (await customer.saved()).state == "failed"
    await customer.session.retry()
    await customer.publish()
    await customer.session.verify()
    await assert_certificate(customer.workflow, await customer.saved(), step_ca)


@pytest.mark.timeout(GIVES_UP)
async def test_reason_of_openbao_is_shown_while_it_tries_again(openbao: CAServer, relay: str, http: HttpxHttp) -> None:
    """Its challenge has an `error` and is "processing" until it gives up; a record that is corrected meanwhile is found."""
    customer = await proving(openbao, relay, http, "slow.failed.example")
    await publish_wrong(customer)
    verifying = asyncio.create_task(customer.session.verify())
    while not told(customer, "challenge failed against 1 records"):
        assert not verifying.done(), customer.page.error
        await customer.page.changed()
    await publish(http, f"{openbao.records.url}/", (await customer.saved()).publications)
    await verifying
    await assert_certificate(customer.workflow, await customer.saved(), openbao)


def told(customer: Customer, words: str) -> bool:
    """Whether the page shows `words` now, wherever."""
    return words in repr((customer.page.error, customer.page.views[-1], customer.page.said[-1:]))


@pytest.mark.timeout(GIVES_UP)
async def test_failed_proof_at_openbao_ends_when_it_gives_up(openbao: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = await proving(openbao, relay, http, "gave-up.failed.example")
    await publish_wrong(customer)
    await customer.session.verify()
    failed = await customer.saved()
    assert failed.state == "failed"
    assert failed.proofs[0].problem
    assert failed.proofs[0].problem.type == "incorrectResponse"
    assert "challenge failed against 1 records" in customer.page.message.detail
    await customer.session.retry()
    await customer.publish()
    await customer.session.verify()
    await assert_certificate(customer.workflow, await customer.saved(), openbao)


async def test_open_order_is_opened_again_and_finished(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = await proving(ca, relay, http, "reopened.example", "*.reopened.example")
    before = await customer.saved()
    customer.open()
    await customer.session.reopen(before.id)
    assert customer.page.error is None
    assert (await customer.saved()).publications == before.publications
    await customer.publish()
    await customer.session.verify()
    issued = await customer.saved()
    assert issued.order_url == before.order_url
    await assert_certificate(customer.workflow, issued, ca)


async def test_order_that_was_proven_meanwhile_goes_on_by_itself(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """The page was closed as soon as the challenge was answered."""
    customer = await proving(ca, relay, http, "meanwhile.example")
    await customer.publish()
    before = await customer.saved()
    await (await customer.workflow.client(before)).post(before.proofs[0].challenge_url, {})
    while await order_status(customer) == "pending":
        pass  # OpenBao looks within a second or two, and each question takes some of that
    customer.open()
    await customer.session.reopen(before.id)
    assert customer.page.view.step == "certificate"
    await assert_certificate(customer.workflow, await customer.saved(), ca)


async def test_server_that_step_ca_does_not_reach_can_be_corrected_too(step_ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """Unlike a wrong file, no answer at all leaves the challenge "pending", with its error."""
    customer = await proving(step_ca, relay, http, "unreached.example", challenge="http-01")
    await customer.publish()
    await tell_records(customer, "add-a", {"host": "unreached.example", "addresses": ["127.0.0.2"]})  # nothing listens there
    await customer.session.verify()
    assert "unreached.example" in customer.page.message.detail
    failed = await customer.saved()
    await tell_records(customer, "clear-a", {"host": "unreached.example"})
    await customer.session.verify()
    issued = await customer.saved()
    assert issued.order_url == failed.order_url
    await assert_certificate(customer.workflow, issued, step_ca)


async def tell_records(customer: Customer, command: str, order: dict[str, object]) -> None:
    """Have the record server do something that no page asks for."""
    body = json.dumps(order).encode()
    answer = await customer.workflow.ports.http.send(Request("POST", f"{customer.ca.records.url}/{command}", {}, body))
    assert answer.status == 200


async def test_order_that_the_ca_does_not_know_is_said(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """Both answer 400 and `malformed`, not 404."""
    customer = await proving(ca, relay, http, "forgotten.example")
    kept = await customer.saved()
    await customer.workflow.save(replace(kept, order_url=f"{kept.order_url[:-6]}{'a' * 6}"))
    customer.open()
    await customer.session.reopen(kept.id)
    assert customer.page.message.title == f"{ca.name} has closed this order"
    await customer.session.retry()
    await customer.publish()
    await customer.session.verify()
    await assert_certificate(customer.workflow, await customer.saved(), ca)
