"""The record of one issuance: what was asked, where it stands, what came of it.

Plain and frozen; `app.issuance.record` keeps it as JSON. It holds no key and no secret: keys are named, and live in the key store.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from app.accounts.stored_account import CERTIFICATE_KEY, PROOF_KEY
from app.acme.challenge import DnsRecord, Publication
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.ports import KeySpec

State = Literal[
    "asked", "registered", "ordered", "proving", "verifying", "ready", "finalizing", "downloading", "issued", "failed"
]
"""Where an issuance stands. `proving` waits for a person; `issued` and `failed` are ends; from every other one it goes on.

asked → registered (account) → ordered (order) → proving → verifying → ready → finalizing → downloading → issued.
An order whose names are all proven from before goes from `ordered` straight to `ready`, or to `verifying` where the CA has not
noticed yet; one that the CA has finished before goes from there to `finalizing` or `downloading`. A failed proof that the CA
takes once more leads from `verifying` back to `proving`.
"""

RECORD_PREFIX: Final = "issuance "
WAITING: Final[tuple[State, ...]] = ("proving", "issued", "failed")
"""The states in which nothing happens by itself."""

ORDER_GONE: Final = "orderGone"  # our own word beside the RFC's types: the order ended without a reason, or is not there

ENDED: Final[tuple[State, ...]] = ("issued", "failed")
"""The states that no step leads out of: such an order is done with at the CA."""

"""What the names of an issuance's keys in the key store begin with; its id follows."""


@dataclass(frozen=True)
class OrderOptions:
    """What a person asked for. `ca` is the id in cas.json or "custom"; `directory` the CA's directory URL.

    `account` is this browser's id of the account that orders; one that has no record yet is made.
    `challenge` is the kind of proof for every name that `challenges` (name, kind) has no other one for. `persist_until` is
    when a dns-persist-01 record shall end to count, in Unix seconds; None is never. `profile` is the kind of certificate, by
    the CA's name for it; "" leaves that to the CA. `csr` is a certificate request that the person brought, in the
    base64 of its DER; "" makes one here, with a new key. `replaces` is the ARI name of the certificate that
    this one follows, once it is ordered, or "".
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

    def kind_for(self, identifier: Identifier) -> str:
        """The kind of proof that was chosen for `identifier`."""
        return dict(self.challenges).get(identifier.value, self.challenge)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of proof of this order, each once, in the order of the names."""
        return tuple(dict.fromkeys(self.kind_for(identifier) for identifier in self.identifiers))


@dataclass(frozen=True)
class Proof:
    """One name's proof. `status` is the authorization's (RFC 8555 §7.1.6), or "invalid" where only its challenge is.

    `answered` is whether the CA works on it: it was told that everything is published, and has not given up since. `problem`
    says why the last look failed. The CA may look again by itself while the proof is `answered`; where it is pending and not
    `answered`, it waits for another answer. `kind` is the kind of proof, "" in records of before it was kept.
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
        """Whether it has failed for good: only a new order brings another one for the name."""
        return self.status not in ("pending", "processing", "valid")

    @property
    def is_unanswered(self) -> bool:
        """Whether the CA is still to be told that everything is published."""
        return self.status == "pending" and self.problem is None and not self.answered

    @property
    def can_be_answered_again(self) -> bool:
        """Whether the CA looked, failed, and waits to be told again that everything is published (RFC 8555 §8.2)."""
        return self.status == "pending" and self.problem is not None and not self.answered


@dataclass(frozen=True)
class Issuance:
    """The record. URLs and PEM are "" until they are known; `since` is when `state` began, `created` when all began.

    Times are Unix seconds. `problem` is the CA's reason once `state` is `failed`. `certificate_pem` is the chain that the
    person takes, one of `chains`: all that the CA offers, its own choice first. `revoked` is when the certificate was
    revoked from here, or 0. `window` is when the CA would like it renewed, as it said last.
    `key_destroyed` is when the certificate's key was destroyed here, or 0.
    `ask_again` is when a CA that looks at the proofs or makes the certificate wants to be asked again, or 0.
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

    @property
    def record_name(self) -> str:
        """The key of this record in the store; a tab that works on it holds the lock of this name."""
        return RECORD_PREFIX + self.id

    @property
    def certificate_key(self) -> str:
        """The key store's name for the certificate's key: never the account's, never used twice."""
        return CERTIFICATE_KEY + self.id

    @property
    def proof_key(self) -> str:
        """The key store's name for the key of its tls-alpn-01 certificates: one to throw away, and no other one's."""
        return PROOF_KEY + self.id

    @property
    def proofs_as_typed(self) -> tuple[Proof, ...]:
        """The proofs in the order of the ordered names, whatever order the CA has: a name and its wildcard stand together."""
        return tuple(sorted(self.proofs, key=self._place_of))

    def _place_of(self, proof: Proof) -> tuple[int, int]:
        """Where the first of the ordered names stands that `proof` serves, and where its own name does."""
        asked, ordered = proof.identifier, self.choices.identifiers
        served = (
            n for n, name in enumerate(ordered) if (name.type, name.base) == (asked.type, asked.base) or name.is_below(asked)
        )
        first = next(served, len(ordered))
        return first, ordered.index(asked) if asked in ordered else first

    @property
    def publications(self) -> tuple[Publication, ...]:
        """What must stand where, in the order of the ordered names, each place once.

        The values of a name and of its wildcard are two records at one name. Equal values are one record.
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

    def kind_of(self, proof: Proof) -> str:
        """The kind of `proof`."""
        return proof.kind or self.choices.kind_for(proof.identifier)

    def moved(self, state: State, now: float, **changes: Any) -> "Issuance":
        """A copy in `state` since `now`, with `changes` to other fields."""
        return replace(self, state=state, since=now, **changes)
