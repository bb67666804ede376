"""The saved record of one issuance: what was asked, where it stands, what came of it.

Plain, frozen, versioned and JSON-able. It holds no key and no secret: keys are named, and live in the key store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast, get_args

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.fields import Fields
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.acme.renewal import Window
from app.errors import ProtocolError, StorageError
from app.ports import JsonRecord, KeySpec

State = Literal[
    "asked", "registered", "ordered", "proving", "verifying", "ready", "finalizing", "downloading", "issued", "failed"
]
"""Where an issuance stands. `proving` waits for a person; `issued` and `failed` are ends; from every other one it goes on.

asked → registered (account) → ordered (order) → proving → verifying → ready → finalizing → downloading → issued.
An order whose names are all proven from before goes from `ordered` straight to `ready`.
"""

WAITING: Final[tuple[State, ...]] = ("proving", "issued", "failed")
"""The states in which nothing happens by itself."""

VERSION: Final = 1


@dataclass(frozen=True)
class Choices:
    """What a person asked for. `ca` is the id in cas.json or "custom"; `directory` the CA's directory URL.

    `challenge` is the kind of proof for every name that `challenges` (name, kind) has no other one for. `persist_until` is
    when a dns-persist-01 record shall end to count, in Unix seconds; None is never. `profile` is the kind of certificate, by
    the CA's name for it; "" leaves that to the CA. `csr` is a certificate request that the person brought, in the
    base64 of its DER; "" makes one here, with a new key. `replaces` is the ARI name of the certificate that
    this one follows, once it is ordered, or "".
    """

    identifiers: tuple[Identifier, ...]
    ca: str
    directory: str
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
    """One name's proof. `status` is the authorization's (RFC 8555 §7.1.6); `problem` says why it failed, if it did."""

    identifier: Identifier
    authorization_url: str
    challenge_url: str
    publication: Publication
    status: str
    problem: Problem | None = None


@dataclass(frozen=True)
class Issuance:
    """The record. URLs and PEM are "" until they are known; `since` is when `state` began, `created` when all began.

    Times are Unix seconds. `problem` is the CA's reason once `state` is `failed`. `certificate_pem` is the chain that the
    person takes, one of `chains`: all that the CA offers, its own choice first. `revoked` is when the certificate was
    revoked from here, or 0. `window` is when the CA would like it renewed, as it said last.
    `key_destroyed` is when the certificate's key was destroyed here, or 0.
    `ask_again` is when a CA that makes the certificate wants to be asked for it, or 0.
    """

    id: str
    created: float
    since: float
    choices: Choices
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
    window: Window | None = None
    ask_again: float = 0.0
    key_destroyed: float = 0.0

    @property
    def certificate_key(self) -> str:
        """The key store's name for the certificate's key: never the account's, never used twice."""
        return f"certificate {self.id}"

    @property
    def proof_key(self) -> str:
        """The key store's name for the key of its tls-alpn-01 certificates: one to throw away, and no other one's."""
        return f"proof {self.id}"

    @property
    def publications(self) -> tuple[Publication, ...]:
        """What must stand where, each place once: the values of a name and of its wildcard are two records at one name.

        Equal values are one record.
        """
        records: dict[str, tuple[str, ...]] = {}
        others: list[Publication] = []
        for proof in self.proofs:
            match proof.publication:
                case DnsRecord(name, values):
                    records[name] = tuple(dict.fromkeys(records.get(name, ()) + values))
                case other:
                    others.append(other)
        return (*(DnsRecord(name, values) for name, values in records.items()), *others)

    def moved(self, state: State, now: float, **changes: Any) -> "Issuance":
        """A copy in `state` since `now`, with `changes` to other fields."""
        return replace(self, state=state, since=now, **changes)

    def to_json(self) -> JsonRecord:
        """The record as plain JSON, with its version."""
        return {
            "version": VERSION,
            "id": self.id,
            "created": self.created,
            "since": self.since,
            "choices": _choices_to_json(self.choices),
            "state": self.state,
            "account_url": self.account_url,
            "order_url": self.order_url,
            "finalize_url": self.finalize_url,
            "certificate_url": self.certificate_url,
            "authorization_urls": list(self.authorization_urls),
            "proofs": [_proof_to_json(proof) for proof in self.proofs],
            "certificate_pem": self.certificate_pem,
            "problem": self.problem.to_json() if self.problem else None,
            "chains": list(self.chains),
            "revoked": self.revoked,
            "ask_again": self.ask_again,
            "key_destroyed": self.key_destroyed,
            "window": vars(self.window) if self.window else None,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Issuance":
        """Read a saved record. Raises `StorageError` for one of a newer version or a damaged one."""
        if record.get("version") != VERSION:
            raise StorageError("A saved order was made by another version of Keystay, so it cannot be opened here.")
        try:
            return _read(record)
        except (KeyError, TypeError, ValueError, AttributeError, ProtocolError) as error:
            raise StorageError("A saved order is damaged and cannot be opened.", detail=repr(error)) from error


def publication_to_json(publication: Publication) -> JsonRecord:
    """A publication as plain JSON; `type` tells which."""
    match publication:
        case DnsRecord(name, values):
            return {"type": "dns", "name": name, "values": list(values)}
        case WebFile(url, body):
            return {"type": "file", "url": url, "body": body}
        case TlsCertificate(identifier, proof):
            return {"type": "tls", "identifier": identifier.to_json(), "proof": proof}


def _publication(record: Mapping[str, Any]) -> Publication:
    if record["type"] == "dns":
        return DnsRecord(record["name"], tuple(record["values"]))
    if record["type"] == "tls":
        return TlsCertificate(Identifier(**record["identifier"]), record["proof"])
    return WebFile(record["url"], record["body"])


def _choices_to_json(choices: Choices) -> JsonRecord:
    return {
        "identifiers": [identifier.to_json() for identifier in choices.identifiers],
        "ca": choices.ca,
        "directory": choices.directory,
        "challenge": choices.challenge,
        "key_spec": choices.key_spec,
        "terms_agreed": choices.terms_agreed,
        "challenges": [list(pair) for pair in choices.challenges],
        "persist_until": choices.persist_until,
        "profile": choices.profile,
        "csr": choices.csr,
        "replaces": choices.replaces,
    }


def _choices(record: Mapping[str, Any]) -> Choices:
    return Choices(
        identifiers=tuple(Identifier(**entry) for entry in record["identifiers"]),
        ca=record["ca"],
        directory=record["directory"],
        challenge=record["challenge"],
        key_spec=_one_of(record["key_spec"], KeySpec),
        terms_agreed=bool(record["terms_agreed"]),
        challenges=tuple((str(name), str(kind)) for name, kind in record.get("challenges", ())),
        persist_until=_whole(record.get("persist_until")),
        profile=str(record.get("profile", "")),
        csr=str(record.get("csr", "")),
        replaces=str(record.get("replaces", "")),
    )


def _whole(value: object) -> int | None:
    if value is not None and not isinstance(value, int):
        raise ValueError(value)
    return value


def _proof_to_json(proof: Proof) -> JsonRecord:
    return {
        "identifier": proof.identifier.to_json(),
        "authorization_url": proof.authorization_url,
        "challenge_url": proof.challenge_url,
        "publication": publication_to_json(proof.publication),
        "status": proof.status,
        "problem": proof.problem.to_json() if proof.problem else None,
    }


def _proof(record: Mapping[str, Any]) -> Proof:
    return Proof(
        identifier=Identifier(**record["identifier"]),
        authorization_url=record["authorization_url"],
        challenge_url=record["challenge_url"],
        publication=_publication(record["publication"]),
        status=record["status"],
        problem=_problem(record["problem"]),
    )


def _problem(record: object) -> Problem | None:
    return None if record is None else Problem.parse(Fields(record, "saved problem"))


def _window(record: Any) -> Window | None:
    return None if record is None else Window(float(record["start"]), float(record["end"]), str(record["why"]))


def _one_of(value: object, literal: Any) -> Any:
    if value not in get_args(literal):
        raise ValueError(value)
    return value


def _read(record: Mapping[str, Any]) -> Issuance:
    return Issuance(
        id=record["id"],
        created=float(record["created"]),
        since=float(record["since"]),
        choices=_choices(record["choices"]),
        state=cast("State", _one_of(record["state"], State)),
        account_url=record["account_url"],
        order_url=record["order_url"],
        finalize_url=record["finalize_url"],
        certificate_url=record["certificate_url"],
        authorization_urls=tuple(record["authorization_urls"]),
        proofs=tuple(_proof(entry) for entry in record["proofs"]),
        certificate_pem=record["certificate_pem"],
        problem=_problem(record["problem"]),
        chains=tuple(record.get("chains", ())),
        revoked=float(record.get("revoked", 0)),
        window=_window(record.get("window")),
        ask_again=float(record.get("ask_again", 0)),
        key_destroyed=float(record.get("key_destroyed", 0)),
    )
