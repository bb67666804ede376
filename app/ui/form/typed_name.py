"""Reads one word of the names box as a name or an address, or says why it is neither and what was probably meant.

What people paste has more in it than the name: a URL with its path, port and user. The host in it is taken, and that is said.
What is no name, but has one obvious right form, comes with that form; a person decides whether to take it.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from app.acme.identifier import MAX_NAME, Identifier, ip_text
from app.errors import FieldError, Value
from app.ui.form.domain_labels import DOTS, HYPHENS, LabelError, is_invisible, short, to_a_label, without_invisible

FIELD: Final = "domains"
MAX_WORD: Final = 2048  # characters; a pasted address is longer than the name in it
MAX_KEPT: Final = 300
"""Words that are not read again: with each key that is pressed, one word of the box is another."""

_SCHEME: Final = re.compile(r"\A(https?:/*|https?//+|[a-z][a-z0-9+.-]*://|//?)", re.IGNORECASE)
_REST: Final = re.compile(r"[/?#].*", re.DOTALL)
_FULL_STOPS: Final = re.compile("[。．｡]")  # the full stops of East Asian keyboards (UTS 46 §2.3)
_WRAPPING: Final = "\"'`<>()[]{}“”„‘’«»‹›"
_PREFIX: Final = re.compile(r"\A(?:mailto:|DNS[:=]|CN[:=]|IP(?: Address)?[:=]|\.?host[:=]|@)", re.IGNORECASE)
_JOINERS: Final = "\u200c\u200d"  # a name may have lost them (RFC 5892 §A.1), or have them in its readable form
_SERVICES: Final = re.compile(r"\A(?:_[^.]*\.)+")
_EDGE_HYPHENS: Final = re.compile(r"(?<![^.])-+|-+(?![^.])")
_STAR: Final = re.compile(r"\A(?:(?:\*\.)*[^.*]*\*\.|\*(?=[^.*]))")
_NETWORK: Final = re.compile(r"/\d{1,3}")
_OCTETS: Final = re.compile(r"\A\d{1,10}(?:\.\d{1,10}){3}\Z")
_DECIMAL_TAIL: Final = re.compile(r"(?:\A|\.)(?:\d+|0x[0-9a-f]*)\.?\Z", re.IGNORECASE)


class TypedNameError(FieldError):
    """A word is not a name that a CA accepts. `suggestion` is its obvious correct form, or ""."""

    def __init__(self, code: str, suggestion: str = "", /, **values: Value) -> None:
        super().__init__(FIELD, code, detail="", **values)
        self.suggestion = suggestion


@dataclass(frozen=True)
class TypedName:
    """A word that was understood, and what of it does not count.

    `host` is the part of the word that was taken, as it was typed. `left_out` are parts of a pasted URL (of
    `app.text.names.LEFT_OUT`), `from_address` tells that the word is such a URL, or begins or goes on as one does. `spelling`
    says how the host differs from the name (of `app.text.names.SPELLING`).
    """

    identifier: Identifier
    host: str
    left_out: tuple[str, ...] = ()
    from_address: bool = False
    spelling: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the whole word was used, but for what does not count in a name: its case, a final dot, `https://` and “/”."""
        return not self.left_out and "invisible" not in self.spelling


@lru_cache(maxsize=MAX_KEPT)
def read_word(word: str) -> TypedName:
    """The name or address in `word`. Raises `TypedNameError`."""
    try:
        return _read(word)
    except TypedNameError as fault:
        raise TypedNameError(fault.code, _suggestion(word), **fault.values) from None


def _read(word: str) -> TypedName:
    if len(word) > MAX_WORD:
        raise TypedNameError("name-far-too-long", name=short(word), n=len(word), most=MAX_NAME)
    seen = without_invisible(word)
    host, left_out, from_address = _host_of(seen)
    identifier = _read_ip(host) or Identifier("dns", _read_name(seen, host))
    invisible = ("invisible",) if _has_extra_invisible(word, identifier) else ()
    return TypedName(identifier, host, left_out, from_address, (*_spelling(host, identifier), *invisible))


def _spelling(host: str, identifier: Identifier) -> tuple[str, ...]:
    """How the `host`, as it was typed, differs from the name or address that it is."""
    plain = unicodedata.normalize("NFC", host.translate(dict.fromkeys(map(ord, _JOINERS))))
    known = {identifier.value, identifier.readable.partition(" (")[0]}
    plain = _FULL_STOPS.sub(".", plain)
    name = plain.removesuffix(".")
    dot = ("dot",) if name != plain else ()
    if name in known or (identifier.readable.startswith("xn--") and not name.isascii()):
        return dot
    return (*dot, "case" if name.lower() in known else "form")


def _has_extra_invisible(word: str, identifier: Identifier) -> bool:
    """Whether `word` has something invisible that the name does not have: a joiner may be part of it."""
    if without_invisible(word) != word:
        return True
    plain = re.sub("[\u200c\u200d]", "", word)
    try:
        return plain != word and _read(plain).identifier == identifier
    except TypedNameError:
        return False


def _host_of(word: str) -> tuple[str, tuple[str, ...], bool]:
    """The host in a word that may be a pasted URL (RFC 3986 §3), what else stood there, and whether it is such a URL.

    Raises `TypedNameError`.
    """
    plain = word.replace("\\", "/")  # as browsers read it
    scheme = _SCHEME.match(plain)
    address = plain[scheme.end() :] if scheme else plain
    authority = _REST.sub("", address)
    rest = address[len(authority) :]
    user, at, place = authority.rpartition("@")
    if at and not (scheme and user):
        raise TypedNameError("name-with-at", name=short(word))
    host, port = _split_port(word, place)
    if ip_text(host) and not scheme and _NETWORK.fullmatch(rest):
        raise TypedNameError("address-of-network", name=short(word))
    if not host:
        raise TypedNameError("name-missing", name=short(word))
    parts = {"user": bool(at), "port": bool(port), "path" if rest.startswith("/") else "rest": rest not in ("", "/")}
    return host, tuple(part for part, is_there in parts.items() if is_there), bool(scheme or rest)


def _split_port(word: str, place: str) -> tuple[str, str]:
    """Host and port of an authority. Raises `TypedNameError` for a colon that begins no port."""
    if ip_text(place.strip("[]")):  # an IPv6 address has colons of its own
        return place, ""
    host, colon, port = place.rpartition(":")
    if not colon:
        return place, ""
    if not (port.isascii() and port.isdigit()) or ":" in host.rpartition("]")[2]:
        raise TypedNameError("name-with-colon", name=short(word))
    return host, port


def _read_ip(host: str) -> Identifier | None:
    """The address `host`, or None for what is no address. Raises `TypedNameError`.

    A name cannot end in a number or hold a colon, so nothing that is meant as a name is taken for an address.
    """
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    text = ip_text(bare)
    if not text:
        if ip_text(bare.removeprefix("*.").strip("[]")):
            raise TypedNameError("address-with-more", name=short(host))
        _refuse_odd_address(bare)
        return None
    if "%" in text:
        raise TypedNameError("address-with-zone", name=short(host))
    if text.startswith("::ffff:"):
        raise TypedNameError("address-mapped", name=short(host))
    return Identifier("ip", text)


def _refuse_odd_address(host: str) -> None:
    """Raise `TypedNameError` for what programs take for an IPv4 address, each for another one: 192.168.001.010."""
    if _OCTETS.fullmatch(host) and any(len(part) > 1 and part.startswith("0") for part in host.split(".")):
        raise TypedNameError("address-with-zeros", name=short(host))
    if _OCTETS.fullmatch(host):
        raise TypedNameError("address-out-of-range", name=short(host))
    if host.count(".") < 3 and host[:1].isdigit() and re.fullmatch(r"[0-9a-fx.]+", host) and _DECIMAL_TAIL.search(host):
        raise TypedNameError("address-incomplete", name=short(host))


def _read_name(word: str, host: str) -> str:
    """The name `host` in lower-case ASCII. Raises `TypedNameError` with what is wrong with it."""
    typed = _FULL_STOPS.sub(".", host).removesuffix(".")
    wildcard = typed.startswith("*.")
    base = typed.removeprefix("*.")
    if "*" in base:
        raise TypedNameError("name-with-star", name=short(word))
    labels = [_read_label(word, label) for label in base.split(".")]
    if len(labels) < 2:
        raise TypedNameError("wildcard-without-dot" if wildcard else "name-without-dot", name=short(word))
    if labels[-1].isdigit():
        raise TypedNameError("name-ends-in-number", name=short(word))
    name = ".".join(["*", *labels] if wildcard else labels)
    if len(name) > MAX_NAME:
        raise TypedNameError("name-too-long", name=short(word), n=len(name), most=MAX_NAME)
    return name


def _read_label(word: str, label: str) -> str:
    try:
        return to_a_label(label)
    except LabelError as error:
        raise TypedNameError(error.code, "", name=short(word), **error.values) from error


# ---- what was probably meant ----


def _suggestion(word: str) -> str:
    """The obvious right form of a word that was refused, or ""."""
    if len(word) > MAX_WORD or is_invisible(word):
        return ""
    corrected = without_invisible(word)
    for correction in _CORRECTIONS:
        corrected = correction(corrected)
    try:
        identifier = _read(corrected).identifier
    except TypedNameError:
        return ""
    # In the script that was typed, if that is what is left; else as it was understood.
    return corrected if _is_bare(corrected) else identifier.value


def _is_bare(text: str) -> bool:
    return not re.search(r"[/:?#@\s]", text) and text == text.lower()


def _without_user(word: str) -> str:
    return word.rpartition("@")[2] if "/" not in word.partition("@")[0] else word


def _with_hyphens_and_dots(word: str) -> str:
    table = dict.fromkeys(map(ord, HYPHENS), "-") | dict.fromkeys(map(ord, DOTS), ".")
    return word.translate(table)


def _with_single_dots(word: str) -> str:
    return re.sub(r"\.{2,}", ".", _FULL_STOPS.sub(".", word)).strip(".")


def _as_ipv4(word: str) -> str:
    """Zeros in front away, and the IPv4 address out of its IPv6 form or its star."""
    bare = word.removeprefix("*.").strip("[]")
    if _OCTETS.fullmatch(bare):
        return ".".join(str(int(part)) for part in bare.split("."))
    try:
        mapped = ipaddress.IPv6Address(bare).ipv4_mapped
    except ValueError:
        return word
    return str(mapped) if mapped else bare


_CORRECTIONS: Final[tuple[Callable[[str], str], ...]] = (
    lambda word: unquote(word) if "%" in word else word,
    lambda word: word.strip(_WRAPPING) if not word.startswith("[") else word,
    lambda word: _PREFIX.sub("", word),
    _without_user,
    _with_hyphens_and_dots,
    _with_single_dots,
    lambda word: word.rstrip(":!"),
    lambda word: word.strip(_WRAPPING) if not word.startswith("[") else word,
    lambda word: _SERVICES.sub("", word),
    lambda word: word.replace("_", "-"),
    lambda word: _EDGE_HYPHENS.sub("", word),
    lambda word: _STAR.sub("*.", word),
    _as_ipv4,
)
"""The corrections that lead to the obvious correct form, applied one after the other; each leaves other words unchanged."""
