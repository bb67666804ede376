"""One request of the ledger, taken apart: each part as text that can be copied, with notes on what stands in it."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.acme.decoded_jws import ALGORITHM_WORDS, DecodedJws, read_object
from app.encoding.base64url import b64url
from app.network.har import phrase
from app.network.request_log import Entry
from app.ui.request_log.index import RequestIndex, nonce_of, signed_of
from app.ui.request_log.notes import answer_notes, payload_notes, size_words

_SHOWN: Final = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")  # kinds of character that nobody sees, or that turn the text around them


@dataclass(frozen=True)
class Part:
    """One part of a request or its answer: `text` as it can be copied, "" where there is none, and `notes` in plain words."""

    title: str
    text: str
    notes: tuple[str, ...] = ()


def parts_of(entry: Entry, book: RequestIndex) -> tuple[Part, ...]:
    """All parts of `entry`, in the order in which they are read."""
    signed = signed_of(entry)
    parts = [_request(entry, book, signed)]
    if signed:
        parts += _signed_parts(signed, book, "")
        if signed.inner:
            parts += _signed_parts(signed.inner, book, "Within: ")
    return (*parts, *_answer_parts(entry, book))


def _request(entry: Entry, book: RequestIndex, signed: DecodedJws | None) -> Part:
    request = entry.request
    lines = [f"{request.method} {request.url}", *(f"{name}: {value}" for name, value in request.headers.items())]
    body = request.body.decode("utf-8", "replace")
    notes = []
    if book.ca_url(entry) != request.url:
        notes.append("It goes through a relay, which adds the headers that let a page read this CA’s answers.")
        notes.append(_RELAYED if signed else f"The CA’s own address is {book.ca_url(entry)}.")
    if signed:
        notes.append("The three values are base64url of what stands below: header, payload, signature.")
    return Part("As it was sent", escape_invisible("\n".join(lines) + (f"\n\n{body}" if body else "")), tuple(notes))


_RELAYED: Final = (
    "What is signed is the CA’s own address (url, below), so a relay cannot send it elsewhere, or change anything."
)


def _signed_parts(signed: DecodedJws, book: RequestIndex, where: str) -> Iterator[Part]:
    yield Part(f"{where}Protected header", pretty(signed.protected), tuple(_header_notes(signed, book, inner=bool(where))))
    payload = "" if signed.payload is None else pretty(signed.payload)
    yield Part(f"{where}Payload", payload, payload_notes(signed))
    yield Part(f"{where}Signature", b64url(signed.signature), (_signature_note(signed),))


def _header_notes(signed: DecodedJws, book: RequestIndex, *, inner: bool) -> Iterator[str]:
    yield f"alg: the signature is {ALGORITHM_WORDS.get(signed.algorithm, 'of a kind that is not known here')}."
    if signed.algorithm == "HS256":
        yield "kid: the customer’s id at the CA."
    elif signed.account:
        yield "kid: the address of the account that signs. The CA knows its public key."
    if signed.thumbprint:
        yield f"jwk: the public key that signs. Its thumbprint is {signed.thumbprint}."
    if signed.nonce:
        giver = book.giver(signed.nonce)
        yield f"nonce: it came with the answer to request {giver}." if giver else "nonce: it came with an answer before."
    if signed.url:
        yield "url: the same as around it." if inner else "url: where it is meant for. It counts at no other address."


def _signature_note(signed: DecodedJws) -> str:
    kind = ALGORITHM_WORDS.get(signed.algorithm, "of a kind that is not known here")
    size = size_words(len(signed.signature))
    if signed.algorithm == "HS256":
        return (
            f"{size}, {kind}: made with the secret from the CA’s website, which is not sent. The CA has it, too, and compares."
        )
    return (
        f"{size}, {kind}: made in this browser by the private key, over header and payload as they were sent. Whoever has the "
        "public key can check it; nobody can make it, or get the private key out of it."
    )


def _answer_parts(entry: Entry, book: RequestIndex) -> Iterator[Part]:
    response = entry.response
    if response is None:
        yield Part(
            "AcmeResponse", escape_invisible(entry.failure), ("It has not come yet.",) if entry.ended is None else _UNREAD
        )
        return
    if entry.request.no_cors:
        yield Part("AcmeResponse", "", ("Something answers there. The browser hides what.",))
        return
    took = f"After {round(1000 * ((entry.ended or entry.started) - entry.started))} ms."
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
    head = f"{response.status} {phrase(response.status)}\n{headers}".rstrip()
    yield Part("Answer: status and headers", escape_invisible(head), (took, *_header_lines(entry, book)))
    if response.body:
        yield Part("Answer: body", _text(response.body, cut=entry.cut), answer_notes(entry))


_UNREAD: Final = ("No answer could be read. Browsers do not say why: offline, no CORS headers and a wrong address look alike.",)


def _header_lines(entry: Entry, book: RequestIndex) -> Iterator[str]:
    headers = entry.response.headers if entry.response else {}
    if "location" in headers:
        yield "location: the address of what was made or found."
    if nonce_of(entry):
        user = book.user(nonce_of(entry))
        yield (
            f"replay-nonce: the next one-time number. Request {user} used it."
            if user
            else ("replay-nonce: the next one-time number. It has not been used yet.")
        )
    if "retry-after" in headers:
        yield "retry-after: when the CA would like to be asked again."


def pretty(value: Any) -> str:
    """JSON, a member a line."""
    try:
        text = json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:
        text = "(nested too deep to be shown)"
    return escape_invisible(text)


def _text(body: bytes, *, cut: bool) -> str:
    value = None if cut else read_object(body)
    return escape_invisible(body.decode("utf-8", "replace")) if value is None else pretty(value)


def escape_invisible(text: str) -> str:
    """`text` with what would be unseen, or turn the writing around, as escapes: a CA’s words must not look like other ones."""
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in _SHOWN and c not in "\n\t" else c for c in text)
