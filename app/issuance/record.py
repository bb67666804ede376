"""An issuance as it is saved: versioned JSON. A record of an older version is migrated when it is read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, cast, get_args

from app.accounts.record_checks import LAST_MOMENT
from app.acme.challenge import CHALLENGE_TYPES, DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.identifier import Identifier, ip_text
from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.acme.revocation import REASONS
from app.acme.urls import safe_link
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError, UnreadableRecordError
from app.issuance.issuance import Issuance, OrderOptions, Proof, State, WrittenTxt
from app.ports import JsonRecord, KeySpec

VERSION: Final = 2

_KEY_SPECS: Final = get_args(KeySpec)
_STATES: Final = get_args(State)


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
        "window": _window_to_json(issuance.window) if issuance.window else None,
        **({"written": [_written_to_json(written) for written in issuance.written]} if issuance.written else {}),
        **({"revoked_for": issuance.revoked_for} if issuance.revoked_for else {}),
    }


def read_issuance(record: Mapping[str, Any]) -> Issuance:
    """Read a saved record, also of an older version. Raises `StorageError` where it is damaged or of a newer version."""
    if type(record.get("version")) is not int or record["version"] not in (VERSION, *_MIGRATIONS):
        raise UnreadableRecordError("order-of-another-version")
    try:
        while record["version"] != VERSION:
            record = _MIGRATIONS[record["version"]](record)
        return _read(record)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, ProtocolError) as error:
        raise UnreadableRecordError("order-damaged", detail=repr(error)[:500]) from error


def _from_1(record: Mapping[str, Any]) -> JsonRecord:
    """Version 1 knew one account a CA, and named it by the CA's directory."""
    choices = record["choices"]
    return {**record, "version": 2, "choices": {**choices, "account": choices["directory"]}}


_MIGRATIONS: Final[Mapping[int, Callable[[Mapping[str, Any]], JsonRecord]]] = {1: _from_1}
"""By version of a record: what makes the next version of it."""


def publication_to_json(publication: Publication) -> JsonRecord:
    """A publication as plain JSON; `type` tells its class."""
    match publication:
        case DnsRecord(name, values):
            return {"type": "dns", "name": name, "values": list(values)}
        case WebFile(url, body):
            return {"type": "file", "url": url, "body": body}
        case TlsCertificate(identifier, proof):
            return {"type": "tls", "identifier": identifier.to_json(), "proof": proof}


def _publication(record: Mapping[str, Any]) -> Publication:
    if record["type"] == "dns":
        return DnsRecord(_text(record["name"]), _texts(record["values"]))
    if record["type"] == "tls":
        return TlsCertificate(_identifier(record["identifier"]), _text(record["proof"]))
    url = _text(record["url"])
    if not url.startswith("http://"):  # it becomes a link
        raise ValueError(url)
    return WebFile(url, _text(record["body"]))


def _choices_to_json(choices: OrderOptions) -> JsonRecord:
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
        **({"target": choices.target} if choices.target else {}),
        **({"same_key_as": choices.same_key_as} if choices.same_key_as else {}),
        **({"keep_key": True} if choices.keep_key else {}),
    }


def _choices(record: Mapping[str, Any]) -> OrderOptions:
    return OrderOptions(
        identifiers=tuple(map(_identifier, record["identifiers"])),
        ca=_text(record["ca"]),
        directory=_text(record["directory"]),
        account=_text(record["account"]),
        challenge=_kind(record["challenge"]),
        key_spec=_one_of(record["key_spec"], _KEY_SPECS),
        terms_agreed=_flag(record["terms_agreed"]),
        challenges=tuple((_text(name), _kind(kind)) for name, kind in record.get("challenges", ())),
        persist_until=_whole(record.get("persist_until")),
        profile=_text(record.get("profile", "")),
        csr=_text(record.get("csr", "")),
        replaces=_text(record.get("replaces", "")),
        target=_text(record.get("target", "")),
        same_key_as=_text(record.get("same_key_as", "")),
        keep_key=_flag(record.get("keep_key", False)),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value))
    return value


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(_text, values))


def _identifier(record: Mapping[str, Any]) -> Identifier:
    kind, value = _text(record["type"]), _text(record["value"])
    if kind == "ip" and not ip_text(value):
        raise ValueError(value)
    return Identifier(kind, value)


def _kind(value: object) -> str:
    if value not in CHALLENGE_TYPES:
        raise ValueError(value)
    return _text(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(type(value))
    return value


def _whole(value: object) -> int | None:
    """Unix seconds without a fraction, or None."""
    moment = None if value is None else _moment(value)
    if isinstance(value, float):
        raise TypeError(type(value))
    return None if moment is None else int(moment)


def _moment(value: object) -> float:
    """Unix seconds within the range of a calendar. A boolean is a number to Python, but not in JSON."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(type(value))
    if not abs(value) <= LAST_MOMENT:
        raise ValueError(value)
    return float(value)


def _proof_to_json(proof: Proof) -> JsonRecord:
    return {
        "identifier": proof.identifier.to_json(),
        "authorization_url": proof.authorization_url,
        "challenge_url": proof.challenge_url,
        "publication": publication_to_json(proof.publication),
        "status": proof.status,
        "problem": proof.problem.to_json() if proof.problem else None,
        "answered": proof.answered,
        "kind": proof.kind,
    }


def _proof(record: Mapping[str, Any]) -> Proof:
    return Proof(
        identifier=_identifier(record["identifier"]),
        authorization_url=_text(record["authorization_url"]),
        challenge_url=_text(record["challenge_url"]),
        publication=_publication(record["publication"]),
        status=_text(record["status"]),
        problem=_problem(record["problem"]),
        answered=_flag(record.get("answered", False)),
        kind=_kind(record["kind"]) if record.get("kind") else "",
    )


def _problem(record: object) -> Problem | None:
    return None if record is None else Problem.parse(JsonObject(record, "saved problem"))


def _window_to_json(window: RenewalWindow) -> JsonRecord:
    return {"start": window.start, "end": window.end, "why": window.explanation_url, "asked": window.asked}


def _window(record: Any) -> RenewalWindow | None:
    if record is None:
        return None
    start, end, asked = _moment(record["start"]), _moment(record["end"]), _moment(record.get("asked", 0))
    return RenewalWindow(start, end, safe_link(record["why"]), asked)


def _written_to_json(written: WrittenTxt) -> JsonRecord:
    return {
        "service": written.service,
        "zone": written.zone,
        "min_ttl": written.min_ttl,
        "name": written.name,
        "values": list(written.values),
    }


def _written(record: Mapping[str, Any]) -> WrittenTxt:
    ttl = record["min_ttl"]
    if type(ttl) is not int:
        raise TypeError(type(ttl))
    service, zone, name = (_text(record[member]) for member in ("service", "zone", "name"))
    return WrittenTxt(service, zone, ttl, name, _texts(record["values"]))


def _one_of(value: object, values: Collection[object]) -> Any:
    if value not in values:
        raise ValueError(value)
    return value


def _read(record: Mapping[str, Any]) -> Issuance:
    pem, chains = _text(record["certificate_pem"]), _texts(record.get("chains", ()))
    if pem and chains and pem not in chains:
        raise ValueError("certificate_pem")
    return Issuance(
        id=_text(record["id"]),
        created=_moment(record["created"]),
        since=_moment(record["since"]),
        choices=_choices(record["choices"]),
        state=cast("State", _one_of(record["state"], _STATES)),
        account_url=_text(record["account_url"]),
        order_url=_text(record["order_url"]),
        finalize_url=_text(record["finalize_url"]),
        certificate_url=_text(record["certificate_url"]),
        authorization_urls=_texts(record["authorization_urls"]),
        proofs=tuple(_proof(entry) for entry in record["proofs"]),
        certificate_pem=pem,
        problem=_problem(record["problem"]),
        chains=chains,
        revoked=_moment(record.get("revoked", 0)),
        window=_window(record.get("window")),
        ask_again=_moment(record.get("ask_again", 0)),
        key_destroyed=_moment(record.get("key_destroyed", 0)),
        written=tuple(map(_written, record.get("written", ()))),
        revoked_for=_one_of(record.get("revoked_for", 0), REASONS),
    )
