"""The names box: what a person typed, read as names for a certificate – and, word by word, what is wrong with it.

A name is taken as it is typed, in any script (UTS 46, then IDNA 2008), and sent as lower-case ASCII. Everything that a CA
would refuse for its form is said here, before anything is sent (RFC 5280 §4.2.1.6, RFC 1035 §2.3.4, RFC 6125 §6.4.3).
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import idna

from app.acme.identifier import Identifier
from app.errors import InputError

FIELD: Final = "domains"
MOST_NAMES: Final = 100  # a certificate at Let's Encrypt, and at every CA of note
LONGEST_NAME: Final = 253  # octets (RFC 1035 §2.3.4, as text)
LONGEST_LABEL: Final = 63  # octets

_SEPARATORS = re.compile(r"[\s,;]+")
_DOTS = re.compile("[。．｡]")  # the full stops of East Asian keyboards (UTS 46)


@dataclass(frozen=True)
class Line:
    """One thing that was typed and how it was read: `text` for the person; `identifier` is None where it was refused."""

    text: str
    identifier: Identifier | None


@dataclass(frozen=True)
class Reading:
    """The whole box as it was read, in the order typed. `error` is the first thing that must be mended, or None."""

    lines: tuple[Line, ...]
    error: InputError | None

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The names that can be ordered."""
        return tuple(line.identifier for line in self.lines if line.identifier)


def read_names(text: str, challenge: str) -> Reading:
    """Read the box; `challenge` is the proof that was chosen, since a wildcard needs dns-01. Never raises."""
    words = [word for word in _SEPARATORS.split(text) if word]
    seen: dict[str, str] = {}
    lines = [_read_word(word, challenge, seen) for word in words]
    refused = [line.text for line in lines if line.identifier is None]
    return Reading(tuple(lines), _whole_error(words, refused))


def _whole_error(words: list[str], refused: list[str]) -> InputError | None:
    if not words:
        return InputError(FIELD, "Write at least one name, such as shop.example.")
    if len(words) > MOST_NAMES:
        return InputError(FIELD, f"These are {len(words)} names; one certificate takes {MOST_NAMES}. Make a second one.")
    if len(refused) > 1:
        return InputError(FIELD, f"{refused[0]} ({len(refused) - 1} more below.)")
    return InputError(FIELD, refused[0]) if refused else None


def _read_word(word: str, challenge: str, seen: dict[str, str]) -> Line:
    try:
        name = _read_name(word)
        if name.startswith("*.") and challenge != "dns-01":
            raise InputError(FIELD, f"{name} can only be proven by a DNS record. Choose that proof, or leave the name out.")
        if name in seen:
            raise InputError(FIELD, _doubled(word, seen[name]))
    except InputError as error:
        return Line(str(error), None)
    seen[name] = word
    return Line(_understood(word, name), Identifier("dns", name))


def _doubled(word: str, first: str) -> str:
    if word == first:
        return f"{word} stands here twice. Remove one."
    return f"{word} is the same name as {first}. Remove one."


def _understood(word: str, name: str) -> str:
    return name if word == name else f"{word} → {name}"


def _read_name(word: str) -> str:
    """One name in lower-case ASCII. Raises `InputError` with what is wrong with it."""
    typed = _DOTS.sub(".", _host_of(word)).removesuffix(".")
    wildcard = typed.startswith("*.")
    base = typed.removeprefix("*.")
    _refuse_other_things(word, base)
    labels = [_read_label(word, label) for label in base.split(".")]
    name = ".".join(labels)
    if len(labels) < 2:
        what = "A wildcard needs a domain below the top level" if wildcard else "A CA needs a full name with a dot in it"
        raise InputError(FIELD, f"{word} cannot get a certificate. {what}, such as {'*.' if wildcard else ''}shop.example.")
    if labels[-1].isdigit():
        raise InputError(FIELD, f"{word} is not a name: the last part may not be a number.")
    full = f"*.{name}" if wildcard else name
    if len(full) > LONGEST_NAME:
        raise InputError(FIELD, f"{_short(word)} is too long: {len(full)} characters, and {LONGEST_NAME} is the most.")
    return full


def _host_of(word: str) -> str:
    """The name in a pasted address. A path is refused: a certificate is for a whole name, and a typo hides easily there."""
    if "://" not in word:
        if "/" in word:
            raise InputError(FIELD, f"{_short(word)} has a path. A certificate is for a name: write {word.split('/')[0]}.")
        return word
    try:
        parts = urlsplit(word)
        host, port = parts.netloc.rpartition("@")[2], parts.port
    except ValueError as error:
        raise InputError(FIELD, f"{_short(word)} is not an address that can be read. Write the name alone.") from error
    name = host.partition(":")[0] if port is not None else host
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InputError(FIELD, f"{_short(word)} is the address of one page. A certificate is for a name: write {name}.")
    if port is not None:
        raise InputError(FIELD, f"{_short(word)} has a port. A certificate is for every port of a name: write {name}.")
    return name


def _refuse_other_things(word: str, base: str) -> None:
    """What is no name at all, each with its own sentence."""
    if "@" in word:
        raise InputError(FIELD, f"{_short(word)} looks like an e-mail address. Write the name behind the @ if you mean that.")
    if _is_ip(base):
        raise InputError(FIELD, f"{word} is an IP address. Keystay orders certificates for names.")
    if ":" in base:
        raise InputError(FIELD, f"{_short(word)} has a colon. Write the name alone, without a port: {base.partition(':')[0]}.")
    if "*" in base:
        raise InputError(FIELD, f"{_short(word)}: a star may only be the whole first part, as in *.shop.example.")


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _read_label(word: str, label: str) -> str:
    """One part between dots in ASCII. Raises `InputError`."""
    if not label:
        raise InputError(FIELD, f"{_short(word)} has an empty part: a dot too many.")
    if "_" in label:
        raise InputError(FIELD, f"{_short(word)} has an underscore. Host names have none, so CAs refuse it.")
    try:
        ascii_label = idna.encode(label, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise InputError(FIELD, _label_fault(word, label, error)) from error
    if len(ascii_label) > LONGEST_LABEL:
        raise InputError(FIELD, _too_long(word, label, len(ascii_label)))
    return ascii_label


def _label_fault(word: str, label: str, error: idna.IDNAError) -> str:
    if label.isascii() and len(label) > LONGEST_LABEL:
        return _too_long(word, label, len(label))
    if label.startswith("-") or label.endswith("-"):
        return f"{_short(word)}: the part “{_short(label)}” begins or ends with a hyphen, which names may not."
    if label.isascii() and not label.lower().startswith("xn--"):
        return f"{_short(word)}: the part “{_short(label)}” has a character that names may not have."
    return f"{_short(word)}: the part “{_short(label)}” is not allowed in a domain name ({error})."


def _too_long(word: str, label: str, length: int) -> str:
    return f"{_short(word)}: the part “{_short(label)}” is {length} characters long, and {LONGEST_LABEL} is the most."


def _short(text: str) -> str:
    """A typed text cut for a sentence."""
    return text if len(text) <= 70 else f"{text[:67]}…"
