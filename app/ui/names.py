"""The names box: what a person typed, read as names and addresses for a certificate – and, word by word, what is wrong with it.

A name is taken as it is typed, in any script (UTS 46, then IDNA 2008), and sent as lower-case ASCII. Everything that a CA
would refuse for its form is said here, before anything is sent (RFC 5280 §4.2.1.6, RFC 1035 §2.3.4, RFC 6125 §6.4.3).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import idna

from app.acme.challenge import DNS_TYPES
from app.acme.identifier import Identifier, ip_text
from app.errors import InputError
from app.pki.key_forms import looks_like_private_key

FIELD: Final = "domains"
MOST_NAMES: Final = 100  # a certificate at Let's Encrypt, and at every CA of note
MOST_WORDS: Final = 3 * MOST_NAMES  # that are looked at: a whole book may be pasted
LONGEST_WORD: Final = 2048  # characters; a pasted address is longer than the name in it
LONGEST_NAME: Final = 253  # octets (RFC 1035 §2.3.4, as text)
LONGEST_LABEL: Final = 63  # octets

Kinds = Sequence[tuple[str, str]]
"""Pairs of a name and the kind of proof for it."""

_SEPARATORS = re.compile(r"[\s,;、，；]+")
_SCHEME = re.compile(r"\A(https?:/*|[a-z][a-z0-9+.-]*://|//?)", re.IGNORECASE)
_PATH = re.compile(r"[/?#].*")
_DOTS = re.compile("[。．｡]")  # the full stops of East Asian keyboards (UTS 46)


@dataclass(frozen=True)
class Line:
    """One thing that was typed and how it was read: `text` for the person; `identifier` is None where it was refused.

    `understood` is the name all the same where only the proof does not suit it.
    """

    text: str
    identifier: Identifier | None
    understood: Identifier | None = None


@dataclass(frozen=True)
class Reading:
    """The whole box as it was read, in the order typed. `error` is the first thing that must be mended, or None."""

    lines: tuple[Line, ...]
    error: InputError | None

    @property
    def has_ip(self) -> bool:
        """Whether an IP address is among them: not every CA and not every profile takes one."""
        return any(identifier.type == "ip" for identifier in self.identifiers)

    @property
    def understood(self) -> tuple[Identifier, ...]:
        """The names for which a proof can be chosen, also those that the one chosen now does not suit."""
        return tuple(line.understood for line in self.lines if line.understood)

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The names that can be ordered."""
        return tuple(line.identifier for line in self.lines if line.identifier)


def read_names(text: str, challenge: str, others: Kinds = (), *, redundant_taken: bool = True) -> Reading:
    """Read the box; `challenge` is the proof that was chosen, since a wildcard needs a DNS record. Never raises.

    `others` are names with another kind of proof. `redundant_taken` tells whether the CA may take a name beside a wildcard that
    covers it.
    """
    if looks_like_private_key(text):
        return Reading((), InputError(FIELD, _PRIVATE_KEY))
    words = [word for word in _SEPARATORS.split(text) if word]
    seen: dict[str, str] = {}
    kinds = dict(others)
    lines = [_read_word(word, challenge, kinds, seen) for word in words[:MOST_WORDS]]
    if not redundant_taken:
        wildcards = {line.identifier.base for line in lines if line.identifier and line.identifier.is_wildcard}
        lines = [_refuse_covered(line, wildcards) for line in lines]
    refused = [line.text for line in lines if line.identifier is None]
    return Reading(tuple(lines), _whole_error(words, refused))


_PRIVATE_KEY: Final = (
    "This looks like a private key, and it stays here. Take it out and write names only: the certificate’s key is made for you."
)


def more_marked(count: int, noun: str) -> str:
    """The end of a message that tells of the first fault only: that `count` more of `noun` are marked; "" for none."""
    if not count:
        return ""
    return f" One more {noun} is marked." if count == 1 else f" {count} more {noun}s are marked."


def _whole_error(words: list[str], refused: list[str]) -> InputError | None:
    if not words:
        return InputError(FIELD, "Write at least one name, such as shop.example.")
    if len(words) > MOST_NAMES:
        return InputError(
            FIELD, f"These are {len(words)} names; one certificate takes {MOST_NAMES}. Put the rest into a second one."
        )
    return InputError(FIELD, f"{refused[0]}{more_marked(len(refused) - 1, 'name')}") if refused else None


def _read_word(word: str, challenge: str, kinds: Mapping[str, str], seen: dict[str, str]) -> Line:
    identifier: Identifier | None = None
    try:
        if len(word) > LONGEST_WORD:
            raise InputError(FIELD, f"{_short(word)} has {len(word):,} characters; 253 is the most that a name has.")
        name = _read_identifier(word, seen)
        identifier = name
        _check_proof(name, kinds.get(name.value, challenge))
    except InputError as error:
        return Line(str(error), None, identifier)
    return Line(_understood(word, name.value), name, name)


def _refuse_covered(line: Line, wildcards: Collection[str]) -> Line:
    """The line, refused where one of `wildcards` (their bases) covers its name: a star is one part of it (RFC 6125 §6.4.3)."""
    name = line.identifier
    above = name.value.partition(".")[2] if name and name.type == "dns" and not name.is_wildcard else ""
    if name is None or above not in wildcards:
        return line
    both = f"{_short(name.value)} is covered by {_short(f'*.{above}')}"
    return Line(f"{both}, and this CA refuses an order that has both. Remove one of them.", None, name)


def _read_identifier(word: str, seen: dict[str, str]) -> Identifier:
    """The name or address in `word`, which must not be in `seen` (name → as it was typed) yet. Raises `InputError`."""
    identifier = _read_ip(word) or Identifier("dns", _read_name(word))
    if identifier.value in seen:
        raise InputError(FIELD, _doubled(word, seen[identifier.value]))
    seen[identifier.value] = word
    return identifier


def _check_proof(identifier: Identifier, challenge: str) -> None:
    """A wildcard can only be proven in the DNS, an address never (RFC 8738 §7). Raises `InputError`."""
    by_dns = challenge in DNS_TYPES
    if identifier.is_wildcard and not by_dns:
        raise InputError(
            FIELD,
            f"{_short(identifier.value)} can only be proven by a DNS record. Choose that proof (“More options” has it for a "
            "single name), or leave the name out.",
        )
    if identifier.type == "ip" and by_dns:
        raise InputError(
            FIELD,
            f"{identifier.value} is an IP address, which no DNS record can prove. Choose another proof (“More options” has it "
            "for a single name), or leave it out.",
        )


def _doubled(word: str, first: str) -> str:
    if word == first:
        return f"{_short(word)} is in the list twice. Remove one."
    return f"“{_short(word)}” is the same name as “{_short(first)}”. Remove one."


def _understood(word: str, name: str) -> str:
    return name if word == name else f"{_short(word)} → {name}"


def _read_name(word: str) -> str:
    """One name in lower-case ASCII. Raises `InputError` with what is wrong with it."""
    typed = _DOTS.sub(".", _host_of(word)).removesuffix(".")
    wildcard = typed.startswith("*.")
    base = typed.removeprefix("*.")
    if "*" in base:
        raise InputError(FIELD, f"{_short(word)}: a star may only be the whole first part, as in *.shop.example.")
    labels = [_read_label(word, label) for label in base.split(".")]
    if len(labels) < 2:
        what = "A wildcard needs a domain below the top level" if wildcard else "A CA needs a full name with a dot in it"
        model = "*.shop.example" if wildcard else "shop.example"
        raise InputError(FIELD, f"{_short(word)} cannot get a certificate. {what}, such as {model}.")
    if labels[-1].isdigit():
        raise InputError(FIELD, f"{_short(word)} is not a name: the last part may not be a number.")
    name = ".".join(["*", *labels] if wildcard else labels)
    if len(name) > LONGEST_NAME:
        raise InputError(FIELD, f"{_short(word)} is too long: {len(name)} characters, and {LONGEST_NAME} is the most.")
    return name


def _host_of(word: str) -> str:
    """The name in a word that may be a pasted address.

    What stands for something else than the whole of a host is refused and not cut away, since a typo hides easily there.
    """
    start = _short(word)
    if "@" in word:
        raise InputError(FIELD, f"{start} has an @, as e-mail addresses do. Write the name behind it if you mean that.")
    address = _SCHEME.sub("", word)
    host = _PATH.sub("", address)
    path = address.removeprefix(host)
    name, colon, port = host.partition(":")
    if not name:
        raise InputError(FIELD, f"{start} has no name in it. Write the name alone, such as shop.example.")
    if colon and not port.isdigit():
        raise InputError(FIELD, f"{start} has a colon. Write the name alone, such as shop.example.")
    if path not in ("", "/"):
        raise InputError(FIELD, f"{start} is the address of a page. A certificate is for a whole name: write {_short(name)}.")
    if port:
        raise InputError(FIELD, f"{start} has a port. A certificate is for every port of a name: write {_short(name)}.")
    return host


def _read_ip(word: str) -> Identifier | None:
    """The address in a word that may be a pasted URL, or None for what is no address. Raises `InputError`.

    A name cannot end in a number or hold a colon, so nothing that is meant as a name is taken for an address.
    """
    address = _SCHEME.sub("", word)
    host = _PATH.sub("", address)
    if "@" in word or not _looks_like_ip(host):
        return None
    start = _short(word)
    text = ip_text(host[1:-1] if host.startswith("[") and host.endswith("]") else host)
    if not text or address.removeprefix(host) not in ("", "/"):
        raise InputError(FIELD, f"{start} has more in it than an IP address. Write it alone: 192.0.2.1 or 2001:db8::1.")
    if "%" in text:
        raise InputError(FIELD, f"{start} is an address within one network only (it has a %). No CA can reach it.")
    if text.startswith("::ffff:"):
        raise InputError(FIELD, f"{start} is an IPv4 address in IPv6 form. Write the IPv4 address.")
    return Identifier("ip", text)


def _looks_like_ip(host: str) -> bool:
    """Whether an IPv4 or IPv6 address is in it: in brackets or not, with a star or a port or without."""
    bare = host.removeprefix("*.")
    return any(ip_text(text.strip("[]")) for text in (bare, bare.rpartition(":")[0]))


def _read_label(word: str, label: str) -> str:
    """One part between dots in ASCII. Raises `InputError`."""
    if not label:
        raise InputError(FIELD, f"{_short(word)} has a dot too many.")
    if "_" in label:
        raise InputError(FIELD, f"{_short(word)} has an underscore. Host names have none, so CAs refuse it.")
    try:
        return idna.encode(label, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise InputError(FIELD, _label_fault(word, label, error)) from error


def _label_fault(word: str, label: str, error: idna.IDNAError) -> str:
    """What is wrong with a part, in a person's words; by idna's own for its rarer rules."""
    part = f"{_short(word)}: the part “{_short(label)}”"
    match error.code:
        case "label_too_long" | "domain_too_long" | "input_too_long" if label.isascii():
            return f"{part} is {len(label)} characters long, and {LONGEST_LABEL} is the most."
        case "label_too_long" | "domain_too_long" | "input_too_long":
            return f"{part} is longer than {LONGEST_LABEL} characters once it is written in ASCII."
        case "hyphen_start_end":
            return f"{part} begins or ends with a hyphen, which names may not."
        case "hyphen_3_4":
            return f"{part} has two hyphens in third place, which only encoded names (xn--) may have."
    if label.lower().startswith("xn--"):
        return f"{part} is not a name in encoded form ({error})."
    if error.codepoint is not None and not isinstance(error, idna.IDNABidiError):
        return f"{_short(word)} has the character {_character(error.codepoint)}, which domain names may not have."
    return f"{part} is not allowed in a domain name ({error})."


def _character(codepoint: int) -> str:
    """A character in quotes; with its number where a person may not know or even see it."""
    quoted = f"“{chr(codepoint)}”"
    return quoted if codepoint < 128 else f"{quoted} (U+{codepoint:04X})"


def _short(text: str) -> str:
    """A typed text cut for a sentence."""
    return text if len(text) <= 70 else f"{text[:67]}…"
