"""Orders (RFC 8555 §7.1.3, §7.4)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from app.acme.client import Client
from app.acme.identifier import Identifier
from app.acme.problem import GoneError, Problem, ProblemError, is_not_found
from app.acme.response import AcmeResponse
from app.encoding.base64url import b64url
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError

STATUSES: Final = ("pending", "ready", "processing", "valid", "invalid")
"""All statuses of an order (RFC 8555 §7.1.6)."""

MAX_AUTHORIZATIONS: Final = 200  # an order has at most 100 names, with one each


@dataclass(frozen=True)
class Order:
    """An order as the CA last described it.

    `status` is pending, ready, processing, valid or invalid (§7.1.6). `certificate` is its URL once `status` is valid.
    `retry_after` is in seconds, where the CA sent one. An order whose description was damaged on its way has only its `url`:
    it must be read again.
    """

    url: str
    status: str
    identifiers: tuple[Identifier, ...]
    authorizations: tuple[str, ...]
    finalize: str
    certificate: str | None = None
    error: Problem | None = None
    retry_after: float | None = None

    @classmethod
    def parse(cls, url: str, response: AcmeResponse) -> "Order":
        """Read the order at `url` from a response. Raises `ProtocolError`."""
        fields = response.fields("order")
        return cls(
            url=url,
            status=_status(fields),
            identifiers=_identifiers(fields),
            authorizations=tuple(dict.fromkeys(fields.texts("authorizations", MAX_AUTHORIZATIONS))),
            finalize=fields.text("finalize"),
            certificate=fields.optional.text("certificate") or None,
            error=Problem.read(fields.optional.any("error")),
            retry_after=response.retry_after,
        )


def _identifiers(fields: JsonObject) -> tuple[Identifier, ...]:
    """The names of the order. They are only shown, so an unreadable one is left out."""
    found: list[Identifier] = []
    for entry in fields.optional.values("identifiers"):
        with suppress(ProtocolError):
            found.append(Identifier.parse(JsonObject(entry, "order.identifiers")))
    return tuple(found)


def _status(fields: JsonObject) -> str:
    """The status; with an unknown one the order would be read again for ever."""
    status = fields.text("status")
    if status not in STATUSES:
        raise ProtocolError("unknown-status", detail=status[:200], where="order")
    return status


async def new_order(client: Client, identifiers: Sequence[Identifier], *, profile: str = "", replaces: str = "") -> Order:
    """Order a certificate for `identifiers` (§7.4), of the CA's `profile` (draft-ietf-acme-profiles §4) unless that is "".

    `replaces` is the ARI identifier of the certificate that this one replaces, or "" (RFC 9773 §5). Where only the Location of
    the response can be read, the order has nothing but its `url`. Raises what `Client.post` raises.
    """
    payload: dict[str, object] = {"identifiers": [identifier.to_json() for identifier in identifiers]}
    if profile:
        payload["profile"] = profile
    if replaces:
        payload["replaces"] = replaces
    response = await client.post(client.directory.new_order, payload)
    url = response.location
    try:
        return Order.parse(url, response)
    except ProtocolError:
        # The order exists. Losing its URL would abandon it, and cost another one.
        return Order(url, status="", identifiers=(), authorizations=(), finalize="")


async def read_order(client: Client, url: str) -> Order:
    """Read the order at `url` again. Raises what `Client.post_as_get` raises."""
    return Order.parse(url, await client.post_as_get(url))


async def find_order(client: Client, url: str) -> Order:
    """Read the order at `url`, which is in progress, several times where the CA does not find it yet.

    Raises `GoneError` where the CA never finds it, and what `Client.post_as_get` raises.
    """
    try:
        return Order.parse(url, await client.post_as_get(url, lagging=True))
    except ProblemError as error:
        if is_not_found(error) or (error.problem.type == "malformed" and await _is_account_known(client)):
            raise GoneError(error.problem) from error
        raise


async def _is_account_known(client: Client) -> bool:
    """Whether the CA accepts a request of this account: then it is the order's URL that it calls malformed.

    step-ca and OpenBao use this type for an order that does not exist; others use it for a bad signature.
    """
    if client.account_url is None:
        return False
    try:
        await client.post_as_get(client.account_url)
    except ProblemError:
        return False
    return True


async def finalize(client: Client, order_url: str, finalize_url: str, csr: bytes) -> Order | None:
    """Finalize a ready order with the certificate request `csr` (DER PKCS#10) (§7.4); returns the order as it is then.

    None where the response does not describe it: some CAs respond with 202 and no body, and the order must be read.
    `order_url` is the one from newOrder: responses to finalize need not repeat it. Raises what `Client.post` raises.
    """
    response = await client.post(finalize_url, {"csr": b64url(csr)}, lagging=True)
    try:
        return Order.parse(order_url, response)
    except ProtocolError:
        return None


@dataclass(frozen=True)
class Download:
    """A certificate chain as the CA sends it: PEM text, leaf first, not yet checked; and the URLs of other chains for it."""

    pem: str
    alternates: tuple[str, ...]


async def download(client: Client, url: str) -> Download:
    """The certificate chain at `url`, with the links to alternate ones (§7.4.2). Raises what `Client.post_as_get` raises."""
    response = await client.post_as_get(url, lagging=True)
    return Download(response.body.decode("utf-8", "replace"), response.links("alternate"))
