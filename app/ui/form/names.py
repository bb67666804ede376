"""The names box: reads what a person typed as names and addresses for a certificate, and says word by word what is wrong.

A name is taken as it is typed, in any script, and sent as lower-case ASCII. Everything that a CA would refuse is reported here,
before anything is sent (RFC 5280 §4.2.1.6, RFC 1035 §2.3.4, RFC 6125 §6.4.3).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Literal

from app.acme.challenge import DNS_TYPES, record_prefix_length
from app.acme.identifier import MAX_NAME, Identifier
from app.errors import FieldError, InputError
from app.issuance.issuance import MAX_NAMES
from app.pki.private_key_detection import looks_like_private_key
from app.text.names import first_of_wrong, how_read, merged, name_and_reason, names_understood, readable_as_typed
from app.text.sentences import sentence
from app.ui.form.domain_labels import is_invisible, short
from app.ui.form.public_names import check_public
from app.ui.form.typed_name import FIELD, TypedNameError, read_word

MAX_WORDS: Final = 3 * MAX_NAMES  # that are read: a person may paste any text

Kinds = Sequence[tuple[str, str]]
"""Pairs of a name and the kind of proof for it."""

State = Literal["good", "merged", "changed", "wrong"]
"""How a word was read: whole, as a name that is in the list already, as the host in it, or as none of these."""

_WORD: Final = re.compile(r"[^\s,;、，；]+")
_BETWEEN: Final = re.compile(r"[^\S\r\n]*[,;、，；]?[^\S\r\n]*(?:\r?\n)?")


@dataclass(frozen=True)
class Line:
    """One word of the box and how it was read.

    `shown` is the name for a person, or the word as it was typed where that is no name or is in the list before; `reason` says
    what is wrong with it, or how it was read where that is not plain to see, in whole sentences; either may be "".
    `identifier` is what will be ordered for it: None where it was refused, or where an earlier line has it. `understood` is the
    name even if the chosen proof or CA does not suit it. `start` and `end` are the position of the word in the box;
    `suggestion` is its obvious correct form, "" where there is none.
    """

    shown: str
    reason: str
    state: State
    identifier: Identifier | None = None
    understood: Identifier | None = None
    start: int = 0
    end: int = 0
    suggestion: str = ""

    @property
    def name(self) -> str:
        """The name in ASCII, "" where none was understood."""
        return self.understood.value if self.understood else ""

    @property
    def text(self) -> str:
        """The word and the reason in one line."""
        return name_and_reason(self.shown, self.reason)


@dataclass(frozen=True)
class Reading:
    """The whole box as it was read, in the order typed. `error` is the first thing that must be corrected, or None."""

    lines: tuple[Line, ...]
    error: FieldError | None

    @property
    def has_ip(self) -> bool:
        """Whether an IP address is among them: not every CA and not every profile takes one."""
        return any(identifier.type == "ip" for identifier in self.identifiers)

    @property
    def understood(self) -> tuple[Identifier, ...]:
        """The names for which a proof can be chosen, also those that the one chosen now does not suit."""
        return tuple(line.understood for line in self.lines if line.understood and line.state != "merged")

    @property
    def wildcards(self) -> tuple[Identifier, ...]:
        """Those of the names that only a DNS record can prove."""
        return tuple(name for name in self.understood if name.is_wildcard)

    @property
    def addresses(self) -> tuple[Identifier, ...]:
        """Those of the names that no DNS record can prove."""
        return tuple(name for name in self.understood if name.type == "ip")

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The names that can be ordered."""
        return tuple(line.identifier for line in self.lines if line.identifier)

    @property
    def announcement(self) -> str:
        """The list in short for screen readers: what is wrong, or how many names there are; "" for none."""
        wrong = [line.text for line in self.lines if line.state == "wrong"]
        return first_of_wrong(wrong[0], len(wrong) - 1) if wrong else names_understood(len(self.identifiers))


def read_names(text: str, challenge: str, others: Kinds = (), *, public: bool = False, redundant_taken: bool = True) -> Reading:
    """Read the box; `challenge` is the proof that was chosen, because a wildcard needs a DNS record. Never raises.

    `others` are names with another kind of proof. `public` tells that the chosen CA is trusted by browsers, so it issues for
    names of the public DNS and for public addresses only; `redundant_taken` whether it may take a name beside a wildcard that
    covers it.
    """
    if looks_like_private_key(text):
        error = FieldError(FIELD, "private-key-in-names")
        return Reading((Line("", sentence(error), "wrong", end=len(text)),), error)
    words = (word for word in _WORD.finditer(text) if not is_invisible(word[0]))
    reader = _Reader(challenge, dict(others), public=public)
    lines = tuple(reader.read(word[0], word.start()) for word in islice(words, MAX_WORDS))
    distinct = len(lines) + sum(1 for _ in words) - sum(line.state == "merged" for line in lines)
    if not redundant_taken:
        wildcards = {line.identifier.base for line in lines if line.identifier and line.identifier.is_wildcard}
        lines = tuple(_refuse_covered(line, wildcards) for line in lines)
    return Reading(lines, _whole_error(distinct, [line.text for line in lines if line.state == "wrong"]))


def corrected(text: str, line: Line) -> str:
    """The box's `text` with the suggestion of `line` in the place of its word, or without the word where there is none."""
    before, after = text[: line.start], text[line.end :]
    if line.suggestion:
        return f"{before}{line.suggestion}{after}"
    after = _BETWEEN.sub("", after, count=1)
    return f"{before}{after}" if after else before.rstrip(" \t\r\n,;、，；")


def _whole_error(count: int, wrong: list[str]) -> FieldError | None:
    if not count:
        return FieldError(FIELD, "no-names")
    if count > MAX_NAMES:
        return FieldError(FIELD, "too-many-names", n=count, most=MAX_NAMES)
    return FieldError(FIELD, "names-wrong", first=wrong[0], more=len(wrong) - 1) if wrong else None


class _Reader:
    """Reads one word after the other, and knows which names were there before."""

    def __init__(self, challenge: str, kinds: Mapping[str, str], *, public: bool) -> None:
        self._challenge = challenge
        self._kinds = kinds
        self._public = public
        self._seen: dict[str, tuple[str, str]] = {}  # name → as it was typed first, and as it was shown

    def read(self, word: str, start: int) -> Line:
        """How `word` was read, which begins at `start`."""
        end = start + len(word)
        try:
            typed = read_word(word)
        except TypedNameError as fault:
            return Line(short(word), sentence(fault), "wrong", None, None, start, end, fault.suggestion)
        name = typed.identifier
        shown = readable_as_typed(typed.host, name.value)
        if name.value in self._seen:
            first, as_shown = self._seen[name.value]
            return Line(short(word), merged(as_shown, twice=first == word), "merged", None, name, start, end)
        self._seen[name.value] = word, shown
        try:
            self._check(name)
        except InputError as fault:
            return Line(shown, sentence(fault), "wrong", None, name, start, end)
        reason = how_read(typed.left_out, typed.spelling, from_address=typed.from_address)
        return Line(shown, reason, "good" if typed.is_whole else "changed", name, name, start, end)

    def _check(self, name: Identifier) -> None:
        """Raise `InputError` where a certificate for `name` cannot be had in the way that was chosen."""
        _check_provable(name, self._kinds.get(name.value, self._challenge))
        if self._public:
            check_public(name)


def _check_provable(name: Identifier, kind: str) -> None:
    """A wildcard can only be proven in the DNS, an address never (RFC 8738 §7); a record needs room for its own labels.

    Raises `InputError` where a proof of this `kind` does not suit `name`.
    """
    by_dns = kind in DNS_TYPES
    if name.is_wildcard and not by_dns:
        raise InputError("wildcard-needs-dns", name=short(name.value))
    if name.type == "ip" and by_dns:
        raise InputError("address-cannot-use-dns", name=name.value)
    fits = MAX_NAME - record_prefix_length(kind)
    if by_dns and len(name.base) > fits:
        raise InputError("name-too-long-for-proof", name=short(name.value), n=len(name.base), most=fits)


def _refuse_covered(line: Line, wildcards: Collection[str]) -> Line:
    """The line, refused where one of `wildcards` (their bases) covers its name: a star is one part of it (RFC 6125 §6.4.3)."""
    name = line.identifier
    above = name.value.partition(".")[2] if name and name.type == "dns" and not name.is_wildcard else ""
    if name is None or above not in wildcards:
        return line
    error = InputError("name-covered", name=short(name.value), wildcard=short(f"*.{above}"))
    return replace(line, reason=sentence(error), state="wrong", identifier=None)
