"""One request of the log in parts: each as text that can be copied, with notes on its content."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.acme.decoded_jws import DecodedJws, read_object
from app.acme.response import reason_phrase
from app.dns.lookup.sent_question import question_in
from app.encoding.base64url import b64url
from app.network.request_log import Entry
from app.text.request_log import PartName, part_title, too_deep
from app.text.request_log_notes import algorithm_note, note, signature_note
from app.text.untrusted import escape_as_json
from app.ui.request_log import dns
from app.ui.request_log.index import RequestIndex, nonce_of, signed_of
from app.ui.request_log.notes import answer_notes, payload_notes


@dataclass(frozen=True)
class PartModel:
    """One part of a request or its answer: `text` as it can be copied, "" where there is none, and `notes` in plain words."""

    title: str
    text: str
    notes: tuple[str, ...] = ()


def parts_of(entry: Entry, index: RequestIndex) -> tuple[PartModel, ...]:
    """All parts of `entry`, in the order in which they are read."""
    signed = signed_of(entry)
    parts = [_request_part(entry, index, signed)]
    sent = question_in(entry.request.url) if index.resolver(entry) else None
    if sent:
        parts.append(_part("question", dns.question_text(sent), *dns.question_notes(sent)))
    if signed:
        parts += _signed_parts(signed, index)
        if signed.inner:
            parts += _signed_parts(signed.inner, index, inner=True)
    return (*parts, *_answer_parts(entry, index))


def _part(name: PartName, text: str, *notes: str) -> PartModel:
    return PartModel(part_title(name), text, notes)


def _request_part(entry: Entry, index: RequestIndex, signed: DecodedJws | None) -> PartModel:
    request = entry.request
    lines = [f"{request.method} {request.url}", *(f"{name}: {value}" for name, value in request.headers.items())]
    body = request.body.decode("utf-8", "replace")
    notes = []
    if index.ca_url(entry) != request.url:
        notes.append(note("relayed"))
        notes.append(note("relayed-signed") if signed else note("relayed-unsigned", url=index.ca_url(entry)))
    if signed:
        notes.append(note("jws"))
    return _part("sent", escape_as_json("\n".join(lines) + (f"\n\n{body}" if body else "")), *notes)


def _signed_parts(signed: DecodedJws, index: RequestIndex, *, inner: bool = False) -> Iterator[PartModel]:
    payload = "" if signed.payload is None else pretty(signed.payload)
    signature = signature_note(signed.algorithm, len(signed.signature))
    yield _part("inner-header" if inner else "header", pretty(signed.protected), *_header_notes(signed, index, inner=inner))
    yield _part("inner-payload" if inner else "payload", payload, *payload_notes(signed))
    yield _part("inner-signature" if inner else "signature", b64url(signed.signature), signature)


def _header_notes(signed: DecodedJws, index: RequestIndex, *, inner: bool) -> Iterator[str]:
    yield algorithm_note(signed.algorithm)
    if signed.algorithm == "HS256":
        yield note("kid-customer")
    elif signed.account:
        yield note("kid")
    if signed.thumbprint:
        yield note("jwk", thumbprint=signed.thumbprint)
    if signed.nonce:
        source = index.nonce_source(signed.nonce)
        yield note("nonce", number=source) if source else note("nonce-unknown")
    if signed.url:
        yield note("url-inner" if inner else "url")


def _answer_parts(entry: Entry, index: RequestIndex) -> Iterator[PartModel]:
    response = entry.response
    if response is None:
        yield _part("answer", escape_as_json(entry.failure), note("under-way" if entry.ended is None else "unreadable"))
        return
    if entry.request.no_cors:
        yield _part("answer", "", note("hidden"))
        return
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
    head = f"{response.status} {reason_phrase(response.status)}\n{headers}".rstrip()
    yield _part("answer-head", escape_as_json(head), *_answer_head_notes(entry, index))
    if dns.is_dns_message(entry):
        yield _part("answer-body", dns.answer_text(entry), *dns.answer_notes(entry))
    elif response.body:
        yield _part("answer-body", _text(response.body, cut=entry.cut), *answer_notes(entry))


def _answer_head_notes(entry: Entry, index: RequestIndex) -> Iterator[str]:
    headers = entry.response.headers if entry.response else {}
    yield note("duration", milliseconds=round(1000 * ((entry.ended or entry.started) - entry.started)))
    if "location" in headers:
        yield note("location")
    if nonce_of(entry):
        user = index.nonce_user(nonce_of(entry))
        yield note("replay-nonce-used", number=user) if user else note("replay-nonce")
    if "retry-after" in headers:
        yield note("retry-after")


def pretty(value: Any) -> str:
    """JSON, a member a line."""
    try:
        text = json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:
        return too_deep()
    return escape_as_json(text)


def _text(body: bytes, *, cut: bool) -> str:
    value = None if cut else read_object(body)
    return escape_as_json(body.decode("utf-8", "replace")) if value is None else pretty(value)
