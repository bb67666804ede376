"""An issuance as it is kept: versioned JSON. A record of an older version is brought up to this one when it is read."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast, get_args

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.fields import Fields
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.acme.renewal import Window
from app.errors import ProtocolError, StorageError
from app.flow.issuance import Choices, Issuance, Proof, State
from app.ports import JsonRecord, KeySpec

VERSION: Final = 2


def issuance_to_json(issuance: Issuance) -> JsonRecord:
    """The record as plain JSON, with its version."""
    return {
        "version": VERSION,
        "id": issuance.id,
        "created": issuance.created,
        "since": issuance.since,
        "choices": _choices_to_json(issuance.choices),
        "state": issuance.state,
        "account_url": issuance.account_url,
        "order_url": issuance.order_url,
        "finalize_url": issuance.finalize_url,
        "certificate_url": issuance.certificate_url,
        "authorization_urls": list(issuance.authorization_urls),
        "proofs": [_proof_to_json(proof) for proof in issuance.proofs],
        "certificate_pem": issuance.certificate_pem,
        "problem": issuance.problem.to_json() if issuance.problem else None,
        "chains": list(issuance.chains),
        "revoked": issuance.revoked,
        "ask_again": issuance.ask_again,
        "key_destroyed": issuance.key_destroyed,
        "window": vars(issuance.window) if issuance.window else None,
    }


def read_issuance(record: Mapping[str, Any]) -> Issuance:
    """Read a saved record, of an older version, too. Raises `StorageError` for one of a newer version or a damaged one."""
    if record.get("version") not in (VERSION, *_MIGRATIONS):
        raise StorageError("A saved order was made by another version of Keystay, so it cannot be opened here.")
    try:
        while record["version"] != VERSION:
            record = _MIGRATIONS[record["version"]](record)
        return _read(record)
    except (KeyError, TypeError, ValueError, AttributeError, ProtocolError) as error:
        raise StorageError("A saved order is damaged and cannot be opened.", detail=repr(error)) from error


def _from_1(record: Mapping[str, Any]) -> JsonRecord:
    """Version 1 knew one account a CA, and named it by the CA's directory."""
    choices = record["choices"]
    return {**record, "version": 2, "choices": {**choices, "account": choices["directory"]}}


_MIGRATIONS: Final[Mapping[int, Callable[[Mapping[str, Any]], JsonRecord]]] = {1: _from_1}
"""By version, what makes the next version of a record."""


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
        "account": choices.account,
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
        account=str(record["account"]),
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
        "answered": proof.answered,
    }


def _proof(record: Mapping[str, Any]) -> Proof:
    return Proof(
        identifier=Identifier(**record["identifier"]),
        authorization_url=record["authorization_url"],
        challenge_url=record["challenge_url"],
        publication=_publication(record["publication"]),
        status=record["status"],
        problem=_problem(record["problem"]),
        answered=bool(record.get("answered", False)),
    )


def _problem(record: object) -> Problem | None:
    return None if record is None else Problem.parse(Fields(record, "saved problem"))


def _window(record: Any) -> Window | None:
    if record is None:
        return None
    start, end, asked = float(record["start"]), float(record["end"]), float(record.get("asked", 0))
    return Window(start, end, str(record["why"]), asked)


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
