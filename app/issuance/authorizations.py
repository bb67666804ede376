"""Reads the authorizations of an order, and determines what must be published for them (RFC 8555 §7.1.4, §7.5).

A CA need not have one authorization for each name (§7.1.3), so authorizations are matched by what they name, never by their
position or number. A pending one asks a person to publish something. That is done only for a name that was ordered, or for a
domain above one (RFC 9444): someone who can publish there controls the ordered name as well. A name beside or below the ordered
ones is refused: the CA could collect proof for other certificates that way.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from app.acme.authorization import Authorization, read_authorization
from app.acme.challenge import ChallengeContext, publication
from app.acme.client import Client
from app.acme.identifier import Identifier
from app.acme.order import Order, find_order
from app.errors import InputError, ProtocolError
from app.issuance.issuance import Issuance, OrderOptions, Proof, State
from app.issuance.writer import IssuanceWriter

MAX_OFFERED: Final = 10  # challenge types that a message names

_KIND: Final = re.compile(r"[a-z0-9-]{1,30}")  # the name of a challenge type


async def authorize(client: Client, writer: IssuanceWriter) -> Issuance:
    """Read every authorization and determine what to publish. Names that are valid already need nothing more (§7.1.3).

    An authorization whose proof is in the record is not read again. An order without authorizations is ready as soon as it
    says so. Raises `InputError` where the CA does not offer the challenge that was chosen, `ProtocolError` where it asks for
    proof of a name that has nothing to do with the order, and what `find_order` and `read_authorization` raise.
    """
    order = await _complete(client, writer)
    if order and order.status == "ready":
        return writer.issuance.moved("ready", client.clock.now())
    known = {proof.authorization_url for proof in writer.issuance.proofs}
    proof = partial(_proof, writer.issuance.choices, _context(client, writer.issuance))
    await writer.together(_read(client, writer, url, proof) for url in writer.issuance.authorization_urls if url not in known)
    state: State = "proving" if writer.issuance.proofs else "verifying"
    return writer.issuance.moved(state, client.clock.now())


async def _complete(client: Client, writer: IssuanceWriter) -> Order | None:
    """Read the order, where the response to newOrder was damaged and only its URL is known, or named no authorizations."""
    if writer.issuance.finalize_url and writer.issuance.authorization_urls:
        return None
    order = await find_order(client, writer.issuance.order_url)
    await writer.update(
        lambda issuance: replace(issuance, finalize_url=order.finalize, authorization_urls=order.authorizations)
    )
    return order


async def _read(client: Client, writer: IssuanceWriter, url: str, proof: Callable[[Authorization], Proof]) -> None:
    """Read the authorization at `url` and note its `proof`. A valid one needs nothing, whatever it names."""
    authorization = await read_authorization(client, url)
    if authorization.status != "valid":
        writer.note_proof(proof(authorization))


def ordered_names(asked: Identifier, ordered: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Those of the `ordered` names that a proof for `asked` covers, the closest one first.

    The same name with or without `*.` counts: some CAs have one authorization for both, or set `wildcard` wrongly. Raises
    `ProtocolError` where `asked` has nothing to do with any of them.
    """
    spellings = (asked.base, f"*.{asked.base}")
    same = [name for name in ordered if name.type == asked.type and name.value in spellings]
    names = sorted(same, key=lambda name: name != asked) or [name for name in ordered if name.is_below(asked)]
    if not names:
        raise ProtocolError("proof-of-another-name", detail=asked.value[:500])
    return tuple(names)


def _context(client: Client, issuance: Issuance) -> ChallengeContext:
    hash_prefix, until = client.directory.account_hash_prefix, issuance.choices.persist_until
    return ChallengeContext(client.key.public_jwk, issuance.account_url, hash_prefix, until)


def _proof(choices: OrderOptions, context: ChallengeContext, authorization: Authorization) -> Proof:
    asked = authorization.identifier.canonical
    names = ordered_names(asked, choices.identifiers)
    identifier = names[0] if names[0].base == asked.base else Identifier(asked.type, asked.base)
    kinds = tuple(dict.fromkeys(map(choices.kind_for, names)))
    challenge = next(filter(None, map(authorization.challenge, kinds)), None)
    if challenge is None:
        raise _not_offered(kinds[0], identifier, authorization.offered)
    wildcard = any(name.is_wildcard for name in names)
    published = publication(challenge, identifier, context, wildcard=wildcard)
    return Proof(identifier, authorization.url, challenge.url, published, authorization.status, kind=challenge.type)


def _not_offered(kind: str, identifier: Identifier, offered: Iterable[str]) -> InputError:
    known = sorted(set(filter(_KIND.fullmatch, offered)))[:MAX_OFFERED]
    if not known:
        return InputError("no-known-challenge-offered", kind=kind, name=identifier.value)
    return InputError("challenge-not-offered", kind=kind, name=identifier.value, offered=known)
