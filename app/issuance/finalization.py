"""Finalizes an order: submits the certificate request, and waits for the certificate's URL (RFC 8555 §7.4)."""

from typing import Final

from app.acme.client import Client
from app.acme.order import Order, finalize, find_order
from app.acme.problem import ProblemError
from app.errors import ProtocolError
from app.issuance.issuance import Issuance
from app.issuance.polling import pause_before, poll_order
from app.issuance.validation import failed
from app.issuance.writer import IssuanceWriter

MAX_FINALIZE_TRIES: Final = 6  # with the pauses between them, six seconds
MAX_CERTIFICATE_TRIES: Final = 6

_NOT_ACCEPTED: Final = ("pending", "ready")


async def submit_csr(client: Client, writer: IssuanceWriter, csr: bytes) -> Issuance:
    """Submit the certificate request `csr` (DER PKCS#10), again where the CA shows that it did not accept it.

    Some CAs need a moment until they know that their own order is ready: they refuse with `orderNotReady`, or respond with an
    order that is still ready or pending. The order as it is a moment later decides, so nothing that was accepted is submitted
    twice. Raises `ProblemError` or `ProtocolError` where the CA never accepts it, and what `Client.post` raises; the order
    stays ready then.
    """
    order, refusal = await _submit(client, writer, csr)
    tries = 1
    while order and _is_unsettled(order):
        await client.clock.sleep(pause_before(tries, order.retry_after))
        order = await find_order(client, writer.issuance.order_url)
        if _is_unsettled(order) and tries == MAX_FINALIZE_TRIES:
            raise refusal or _unexpected_status(order)
        if order.status in _NOT_ACCEPTED:
            order, refusal = await _submit(client, writer, csr)
        tries += 1
    return await after_finalize(client, writer, order)


async def _submit(client: Client, writer: IssuanceWriter, csr: bytes) -> tuple[Order | None, ProblemError | None]:
    """The order after one try, None where the CA does not describe it; and the refusal of the request, if there was one."""
    issuance = writer.issuance
    try:
        return await finalize(client, issuance.order_url, issuance.finalize_url, csr), None
    except ProblemError as error:
        # The response to an earlier try may have been lost: then the order is past this step already (RFC 8555 §7.4).
        if error.problem.type != "orderNotReady":
            raise
        return await find_order(client, issuance.order_url), error


def _is_unsettled(order: Order) -> bool:
    """Whether the order does not show yet how it goes on, so that it must be read again."""
    return order.status in _NOT_ACCEPTED or (order.status == "valid" and order.certificate is None)


async def after_finalize(client: Client, writer: IssuanceWriter, order: Order | None) -> Issuance:
    """The issuance after its `order` was finalized; None is an order of which nothing is known yet.

    Raises `ProtocolError` for a status that an order cannot have then (§7.1.6), because polling it would never end.
    """
    if order is None:
        return writer.issuance.moved("finalizing", client.clock.now(), ask_again=0.0)
    if order.status == "invalid":
        return await failed(client, writer, order)
    if order.status not in ("ready", "processing", "valid"):
        raise _unexpected_status(order)
    now = client.clock.now()
    if order.certificate is None or order.status != "valid":
        return writer.issuance.moved("finalizing", now, ask_again=now + (order.retry_after or 0))
    return writer.issuance.moved("downloading", now, certificate_url=order.certificate)


async def await_certificate(client: Client, writer: IssuanceWriter) -> Issuance:
    """Wait until the order says where its certificate is. Raises `ProtocolError` where it is valid and never does."""
    for n in range(1, MAX_CERTIFICATE_TRIES + 1):
        order = await poll_order(client, writer, waiting=("ready", "processing"), at_once=n == 1)  # many CAs sign in no time
        if order.status != "valid" or order.certificate:
            return await after_finalize(client, writer, order)
        await client.clock.sleep(pause_before(n, order.retry_after))
    raise _unexpected_status(order)


def _unexpected_status(order: Order) -> ProtocolError:
    if order.status == "valid":
        return ProtocolError("no-certificate-url")
    return ProtocolError("unexpected-order-status", detail=order.status[:40])
