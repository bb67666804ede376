"""One word of the names box, read as a name or an address – or why not, and what it was probably meant to be.

What people paste has more in it than the name: a URL with its path, port and user. The host in it is taken, and that is said.
What is no name, but has one obvious right form, comes with that form; a person decides whether to take it.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from app.acme.identifier import MAX_NAME, Identifier, ip_text
from app.errors import FieldError
from app.ui.form.domain_labels import DOTS, HYPHENS, LabelError, is_invisible, short, to_a_label, without_invisible

FIELD: Final = "domains"
MAX_WORD: Final = 2048  # characters; a pasted address is longer than the name in it

_SCHEME: Final = re.compile(r"\A(https?:/*|https?//+|[a-z][a-z0-9+.-]*://|//?)", re.IGNORECASE)
_REST: Final = re.compile(r"[/?#].*", re.DOTALL)
_FULL_STOPS: Final = re.compile("[。．｡]")  # the full stops of East Asian keyboards (UTS 46 §2.3)
_WRAPPING: Final = "\"'`<>()[]{}“”„‘’«»‹›"
_PREFIX: Final = re.compile(r"\A(?:mailto:|DNS[:=]|CN[:=]|IP(?: Address)?[:=]|\.?host[:=]|@)", re.IGNORECASE)
_SERVICES: Final = re.compile(r"\A(?:_[^.]*\.)+")
_EDGE_HYPHENS: Final = re.compile(r"(?<![^.])-+|-+(?![^.])")
_STAR: Final = re.compile(r"\A(?:(?:\*\.)*[^.*]*\*\.|\*(?=[^.*]))")
_NETWORK: Final = re.compile(r"/\d{1,3}")
_OCTETS: Final = re.compile(r"\A\d{1,10}(?:\.\d{1,10}){3}\Z")
_DECIMAL_TAIL: Final = re.compile(r"(?:\A|\.)(?:\d+|0x[0-9a-f]*)\.?\Z", re.IGNORECASE)


class TypedNameError(FieldError):
    """A word is no name that a CA takes. `suggestion` is its obvious right form, "" where there is none."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(FIELD, message)
        self.suggestion = suggestion


@dataclass(frozen=True)
class TypedName:
    """A word that was understood. `note` says what of it was left out, "" where it was taken as it stands."""

    identifier: Identifier
    note: str = ""


def read_word(word: str) -> TypedName:
    """The name or address in `word`. Raises `TypedNameError`."""
    try:
        return _read(word)
    except TypedNameError as fault:
        raise TypedNameError(str(fault), _suggestion(word)) from None


def _read(word: str) -> TypedName:
    if len(word) > MAX_WORD:
        raise TypedNameError(f"{short(word)} has {len(word):,} characters; {MAX_NAME} is the most that a name has.")
    seen = without_invisible(word)
    host, left_out = _host_of(seen)
    identifier = _read_ip(host) or Identifier("dns", _read_name(seen, host))
    notes = [f"{_listed(left_out)} left out: a certificate is for the whole of a name."] if left_out else []
    notes += ["An invisible character in it was left out."] if _hides(word, identifier) else []
    return TypedName(identifier, " ".join(notes))


def _hides(word: str, identifier: Identifier) -> bool:
    """Whether something invisible stood in `word` that the name does not have: a joiner may be part of it."""
    if without_invisible(word) != word:
        return True
    plain = re.sub("[\u200c\u200d]", "", word)
    try:
        return plain != word and _read(plain).identifier == identifier
    except TypedNameError:
        return False


def _listed(parts: list[str]) -> str:
    """What was left out, as in "The port was" or "The user name, the port and the path were"."""
    listed = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return f"{listed[0].upper()}{listed[1:]} {'were' if len(parts) > 1 else 'was'}"


def _host_of(word: str) -> tuple[str, list[str]]:
    """The host in a word that may be a pasted URL (RFC 3986 §3), and what else stood there. Raises `TypedNameError`."""
    plain = word.replace("\\", "/")  # as browsers read it
    scheme = _SCHEME.match(plain)
    address = plain[scheme.end() :] if scheme else plain
    authority = _REST.sub("", address)
    rest = address[len(authority) :]
    user, at, place = authority.rpartition("@")
    if at and not (scheme and user):
        raise TypedNameError(f"{short(word)} has an @, as e-mail addresses do. Write the name behind it if you mean that.")
    host, port = _split_port(word, place)
    if ip_text(host) and not scheme and _NETWORK.fullmatch(rest):
        raise TypedNameError(f"{short(word)} is a whole network. A certificate takes single addresses, such as 192.0.2.1.")
    if not host:
        raise TypedNameError(f"{short(word)} has no name in it. Write the name alone, such as shop.example.")
    parts = [("the user name", bool(at)), ("the port", bool(port)), (_rest_kind(rest), rest not in ("", "/"))]
    return host, [part for part, there in parts if there]


def _rest_kind(rest: str) -> str:
    return "the path" if rest.startswith("/") else "what stood behind the name"


def _split_port(word: str, place: str) -> tuple[str, str]:
    """Host and port of an authority. Raises `TypedNameError` for a colon that begins no port."""
    if ip_text(place.strip("[]")):  # an IPv6 address has colons of its own
        return place, ""
    host, colon, port = place.rpartition(":")
    if not colon:
        return place, ""
    if not (port.isascii() and port.isdigit()) or ":" in host.rpartition("]")[2]:
        raise TypedNameError(f"{short(word)} has a colon. Write the name alone, such as shop.example.")
    return host, port


def _read_ip(host: str) -> Identifier | None:
    """The address `host`, or None for what is no address. Raises `TypedNameError`.

    A name cannot end in a number or hold a colon, so nothing that is meant as a name is taken for an address.
    """
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    text = ip_text(bare)
    if not text:
        if ip_text(bare.removeprefix("*.").strip("[]")):
            raise TypedNameError(f"{short(host)} has more in it than an IP address. Write it alone: 192.0.2.1 or 2001:db8::1.")
        _refuse_odd_address(bare)
        return None
    if "%" in text:
        raise TypedNameError(f"{short(host)} is an address within one network only (it has a %). No CA can reach it.")
    if text.startswith("::ffff:"):
        raise TypedNameError(f"{short(host)} is an IPv4 address in IPv6 form. Write the IPv4 address.")
    return Identifier("ip", text)


def _refuse_odd_address(host: str) -> None:
    """Raise `TypedNameError` for what programs take for an IPv4 address, each for another one: 192.168.001.010."""
    if _OCTETS.fullmatch(host) and any(len(part) > 1 and part.startswith("0") for part in host.split(".")):
        raise TypedNameError(f"{short(host)} is an IP address with zeros in front, which some programs read as another one.")
    if _OCTETS.fullmatch(host):
        raise TypedNameError(f"{short(host)} looks like an IP address, but its numbers go from 0 to 255 only.")
    if host.count(".") < 3 and host[:1].isdigit() and re.fullmatch(r"[0-9a-fx.]+", host) and _DECIMAL_TAIL.search(host):
        raise TypedNameError(f"{short(host)} is neither a name nor a whole IP address such as 192.0.2.1.")


def _read_name(word: str, host: str) -> str:
    """The name `host` in lower-case ASCII. Raises `TypedNameError` with what is wrong with it."""
    typed = _FULL_STOPS.sub(".", host).removesuffix(".")
    wildcard = typed.startswith("*.")
    base = typed.removeprefix("*.")
    if "*" in base:
        raise TypedNameError(f"{short(word)}: a star may only be the whole first part, as in *.shop.example.")
    labels = [_read_label(word, label) for label in base.split(".")]
    if len(labels) < 2:
        what = "A wildcard needs a domain below the top level" if wildcard else "A CA needs a full name with a dot in it"
        model = "*.shop.example" if wildcard else "shop.example"
        raise TypedNameError(f"{short(word)} cannot get a certificate. {what}, such as {model}.")
    if labels[-1].isdigit():
        raise TypedNameError(f"{short(word)} is not a name: the last part may not be a number.")
    name = ".".join(["*", *labels] if wildcard else labels)
    if len(name) > MAX_NAME:
        raise TypedNameError(f"{short(word)} is too long: {len(name)} characters, and {MAX_NAME} is the most.")
    return name


def _read_label(word: str, label: str) -> str:
    try:
        return to_a_label(label)
    except LabelError as error:
        of_part = str(error).startswith("the part")
        raise TypedNameError(f"{short(word)}{':' if of_part else ''} {error}") from error


# ---- what was probably meant ----


def _suggestion(word: str) -> str:
    """The obvious right form of a word that was refused, or ""."""
    if len(word) > MAX_WORD or is_invisible(word):
        return ""
    tidied = without_invisible(word)
    for tidy in _TIDYINGS:
        tidied = tidy(tidied)
    try:
        identifier = _read(tidied).identifier
    except TypedNameError:
        return ""
    # In the script that was typed, if that is what is left; else as it was understood.
    return tidied if _is_bare(tidied) else identifier.value


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


_TIDYINGS: Final[tuple[Callable[[str], str], ...]] = (
    lambda word: unquote(word) if "%" in word else word,
    lambda word: word.strip(_WRAPPING) if not word.startswith("[") else word,
    lambda word: _PREFIX.sub("", word),
    _without_user,
    _with_hyphens_and_dots,
    _with_single_dots,
    lambda word: word.rstrip(":!"),
    lambda word: word.strip(_WRAPPING) if not word.startswith("[") else word,
    lambda word: _SERVICES.sub("", word),
    lambda word: _EDGE_HYPHENS.sub("", word),
    lambda word: _STAR.sub("*.", word),
    _as_ipv4,
)
"""What turns a word into its obvious right form, one after the other; none of them touches a word that it does not concern."""
