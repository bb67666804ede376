"""The record of one issuance: what was ordered, its state, and the result.

Plain and frozen; `app.issuance.record` writes it as JSON. It holds no key and no secret: keys are in the key store, under names
that follow from the id of the record.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

from app.accounts.record_locks import ISSUANCE_PREFIX
from app.accounts.stored_account import CERTIFICATE_KEY, PROOF_KEY
from app.acme.challenge import DnsRecord, Publication
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.dns.entries import DnsProof
from app.ports import KeySpec

State = Literal[
    "asked", "registered", "ordered", "proving", "verifying", "ready", "finalizing", "downloading", "issued", "failed"
]
"""The states of an issuance. `proving` waits for a person; `issued` and `failed` are final; each other one has a step.

asked → registered (account) → ordered (order) → proving → verifying → ready → finalizing → downloading → issued.
An order whose names are all valid already goes from `ordered` straight to `ready`, or to `verifying` where the CA has not
updated it yet; one that the CA has finished before goes from there to `finalizing` or `downloading`. A failed proof that may be
tried again leads from `verifying` back to `proving`.
"""

RECORD_PREFIX: Final = ISSUANCE_PREFIX
MAX_NAMES: Final = 100  # of one certificate, at Let’s Encrypt and at every CA of note
WAITING: Final[tuple[State, ...]] = ("proving", "issued", "failed")
"""The states in which nothing happens without a person."""

ORDER_GONE: Final = "orderGone"
"""The type of a problem that is Keystay's own, beside those of RFC 8555: the order ended without a reason, or is not there."""

ACCOUNT_LOST: Final = "account-lost"
NO_REASON_GIVEN: Final = "no-reason-given"
"""The `detail` of such a problem where the CA has no words of its own: codes, which `app.text.sentences` knows."""

ENDED: Final[tuple[State, ...]] = ("issued", "failed")
"""The final states: such an order is finished at the CA."""


@dataclass(frozen=True)
class OrderOptions:
    """What a person ordered. `ca` is the id in cas.json or "custom"; `directory` the CA's directory URL.

    `account` is this browser's id of the account that orders; one that has no record yet is registered. `challenge` is the
    challenge type for each name that `challenges` (name, type) has no other one for. `persist_until` is when a dns-persist-01
    record expires, in Unix seconds; None is never. `profile` is the CA's name of the certificate profile; "" leaves the choice
    to the CA. `csr` is a certificate request that the person brought, in the base64 of its DER; "" makes one here, with a new
    key. `replaces` is the ARI identifier of the certificate that this one replaces, once it is ordered, or "". `target` is the
    id of the place where the certificate goes (`app.install.targets`), or "" where that was not said.

    `same_key_as` is the id of the record whose certificate has the key that this one uses again; "" makes a new key.
    `keep_key` tells that a renewal shall use the key of this one.
    """

    identifiers: tuple[Identifier, ...]
    ca: str
    directory: str
    account: str
    challenge: str
    key_spec: KeySpec
    terms_agreed: bool
    challenges: tuple[tuple[str, str], ...] = ()
    persist_until: int | None = None
    profile: str = ""
    csr: str = ""
    replaces: str = ""
    target: str = ""
    same_key_as: str = ""
    keep_key: bool = False

    def kind_for(self, identifier: Identifier) -> str:
        """The challenge type that was chosen for `identifier`."""
        return dict(self.challenges).get(identifier.value, self.challenge)

    @property
    def csr_der(self) -> bytes:
        """The person's own certificate request in DER, or b"". Raises `ValueError` where `csr` is damaged."""
        return base64.b64decode(self.csr, validate=True)

    @property
    def readable_names(self) -> list[str]:
        """The ordered names, as `Identifier.readable` writes them."""
        return [identifier.readable for identifier in self.identifiers]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The challenge types of this order, each once, in the order of the names."""
        return tuple(dict.fromkeys(self.kind_for(identifier) for identifier in self.identifiers))

    @cached_property
    def _positions(self) -> tuple[Mapping[tuple[str, str], int], Mapping[Identifier, int]]:
        """Of each domain (type, name) the first ordered name in it, and of each ordered name its own position."""
        first: dict[tuple[str, str], int] = {}
        own: dict[Identifier, int] = {}
        for n, name in enumerate(self.identifiers):
            own.setdefault(name, n)
            for domain in name.domains:
                first.setdefault((name.type, domain), n)
        return first, own

    def place_of(self, asked: Identifier) -> tuple[int, int]:
        """The position of the first ordered name that a proof for `asked` covers, and that of its own name."""
        first, own = self._positions
        covered = first.get((asked.type, asked.base), len(self.identifiers))
        return covered, own.get(asked, covered)


@dataclass(frozen=True)
class Proof:
    """One name's proof. `status` is the authorization's (RFC 8555 §7.1.6), or "invalid" where only its challenge is.

    `answered` is whether the CA is validating it: it got the response to the challenge, and has not given up. `problem` is why
    the last attempt failed. While the proof is `answered`, the CA may try again by itself; where it is pending and not
    `answered`, the CA waits for another response. `kind` is the challenge type, or "" in older records.
    """

    identifier: Identifier
    authorization_url: str
    challenge_url: str
    publication: Publication
    status: str
    problem: Problem | None = None
    answered: bool = False
    kind: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it has failed for good, so that the name needs a new order."""
        return self.status not in ("pending", "processing", "valid")

    @property
    def is_unanswered(self) -> bool:
        """Whether the CA has not yet got a response to the challenge."""
        return self.status == "pending" and self.problem is None and not self.answered

    @property
    def can_be_answered_again(self) -> bool:
        """Whether validation failed, and the CA waits for another response (RFC 8555 §8.2)."""
        return self.status == "pending" and self.problem is not None and not self.answered


@dataclass(frozen=True)
class WrittenTxt:
    """TXT records that this order has written, or was about to write, at a DNS service.

    `service` is the service's id in dns_services.json; `zone` and `name` are as for `app.dns.services.delegations.Delegation`,
    whose target `name` is. Without `values`, they were removed again.
    """

    service: str
    zone: str
    min_ttl: int
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Issuance:
    """The record. URLs and PEM are "" until they are known; `since` is when `state` began, `created` when the issuance did.

    Times are Unix seconds. `problem` is the CA's reason once `state` is `failed`. `certificate_pem` is the chain in use, one of
    `chains`: all that the CA offers, its default first. `revoked` is when the certificate was revoked from here, or 0.
    `window` is when the CA would like it renewed, as it said last. `key_destroyed` is when the certificate's key was destroyed
    here, or 0. `ask_again` is the CA's Retry-After as a time, or 0: when the order
    may be read again, and once it is issued, the window. `written` is what stands at DNS services for this order.
    `revoked_for` is the reason of the revocation, as in `app.acme.revocation.REASONS`; 0 also where an older page did not
    save it.
    """

    id: str
    created: float
    since: float
    choices: OrderOptions
    state: State = "asked"
    account_url: str = ""
    order_url: str = ""
    finalize_url: str = ""
    certificate_url: str = ""
    authorization_urls: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    certificate_pem: str = ""
    problem: Problem | None = None
    chains: tuple[str, ...] = ()
    revoked: float = 0.0
    window: RenewalWindow | None = None
    ask_again: float = 0.0
    key_destroyed: float = 0.0
    written: tuple[WrittenTxt, ...] = ()
    revoked_for: int = 0

    @property
    def record_name(self) -> str:
        """The key of this record in the store, which is also the name of its lock."""
        return RECORD_PREFIX + self.id

    @property
    def certificate_key(self) -> str:
        """The name in the key store of the certificate's key: never that of an account's, or of another certificate's.

        A renewal with the same key has a copy of it under its own name.
        """
        return CERTIFICATE_KEY + self.id

    @property
    def proof_key(self) -> str:
        """The name in the key store of the key for its tls-alpn-01 certificates, which is used for nothing else."""
        return PROOF_KEY + self.id

    @cached_property
    def proofs_as_typed(self) -> tuple[Proof, ...]:
        """The proofs in the order of the ordered names, not the CA's; a name and its wildcard stand together."""
        return tuple(sorted(self.proofs, key=lambda proof: self.choices.place_of(proof.identifier)))

    @property
    def publications(self) -> tuple[Publication, ...]:
        """What must be published, in the order of the ordered names, each place once.

        A name and its wildcard may need two values at one DNS name. Equal values are one.
        """
        places: dict[object, Publication] = {}
        for proof in self.proofs_as_typed:
            match proof.publication:
                case DnsRecord(name, values):
                    before = places.get(name)
                    known = before.values if isinstance(before, DnsRecord) else ()
                    places[name] = DnsRecord(name, tuple(dict.fromkeys(known + values)))
                case other:
                    places[other] = other
        return tuple(places.values())

    @cached_property
    def dns_proofs(self) -> tuple[DnsProof, ...]:
        """The proofs that need a DNS record, in the order of the ordered names."""
        return tuple(
            DnsProof(proof.identifier, self.kind_of(proof), proof.publication)
            for proof in self.proofs_as_typed
            if isinstance(proof.publication, DnsRecord)
        )

    def kind_of(self, proof: Proof) -> str:
        """The challenge type of `proof`."""
        return proof.kind or self.choices.kind_for(proof.identifier)

    def moved(self, state: State, now: float, **changes: Any) -> "Issuance":
        """A copy in `state` since `now`, with `changes` to other attributes."""
        return replace(self, state=state, since=now, **changes)
