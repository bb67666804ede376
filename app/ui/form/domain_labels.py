"""Converts one label of a domain name, as typed, to its ASCII form (A-label): UTS 46, then IDNA 2008.

Two things go beyond IDNA 2008. It has no place for emoji and other symbols, but registries hand such names out and CAs issue
for them, so they are encoded as in IDNA 2003. And invisible characters are left out, wherever they come from.
"""

import re
import unicodedata
from typing import Final

import idna
from idna import idnadata
from idna.intranges import intranges_contain

from app.errors import InputError

MAX_LABEL: Final = 63  # octets (RFC 1035 §2.3.4)
MAX_IN_SENTENCE: Final = 70  # characters of what was typed that a sentence repeats

HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\ufe58"
"""Characters that look like a hyphen but are not one. Word processors put them in its place."""

DOTS: Final = "\u2024\u2027\u00b7\u2022\u2219\u22c5\u30fb\ufe52"
"""Characters that look like a dot but are not one; the full stops of East Asian keyboards are dots (UTS 46 §2.3)."""

_JOINERS: Final = "\u200c\u200d"  # some scripts need them: IDNA 2008 allows them in certain places (RFC 5892 §A.1, §A.2)
_FILLERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters, marks and symbols that are drawn as nothing
_INVISIBLE: Final = re.compile(f"[{_FILLERS}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MORE_EMOJI: Final = re.compile("[\u2194\u25fb-\u25fe\U0001f3fb-\U0001f3ff]")
"""Emoji that Unicode counts as mathematical signs, and the skin tones; all others are of the general category “So”."""


class LabelError(InputError):
    """A label cannot be part of a domain name. Its values are those of the sentence, except for `name`."""


def without_invisible(text: str) -> str:
    """`text` without invisible characters; joiners stay, because `to_a_label` checks them."""
    if text.isascii() and text.isprintable():
        return text
    kept = (char for char in text if char in _JOINERS or unicodedata.category(char) not in ("Cf", "Cc"))
    return _INVISIBLE.sub("", "".join(kept))


def is_invisible(text: str) -> bool:
    """Whether there is nothing to see in `text`."""
    return not without_invisible(text).strip(_JOINERS)


def to_a_label(label: str) -> str:
    """The A-label (RFC 5890 §2.3.2.1) of what was typed, or the label itself in lower case where it is plain ASCII.

    Joiners are left out where IDNA does not allow them. Raises `LabelError`.
    """
    if not label:
        raise LabelError("label-empty")
    if "_" in label:
        raise LabelError("label-with-underscore")
    try:
        return idna.encode(label, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        plain = label.translate(dict.fromkeys(map(ord, _JOINERS)))
        if plain and plain != label:
            return to_a_label(plain)
        symbols = _symbol_label(label)
        if symbols is None:
            raise _fault(label, error) from error
        return symbols


def _symbol_label(label: str) -> str | None:
    """The A-label of a label with symbols, typed as such or as its A-label; None where that is not all that is odd about it."""
    typed = label.lower()
    try:
        text = typed[4:].encode("ascii").decode("punycode") if typed.startswith("xn--") else typed
        text = idna.uts46_remap(text, std3_rules=True, transitional=False)
        encoded = f"xn--{text.encode('punycode').decode('ascii')}"
    except UnicodeError:  # idna's own errors are of this kind, too
        return None
    if typed.startswith("xn--") and encoded != typed:  # there is one form only: no capital, nothing invisible within
        return None
    misplaced = text.startswith("-") or text.endswith("-") or text[2:4] == "--"
    return encoded if _has_symbols_only(text) and not misplaced and len(encoded) <= MAX_LABEL else None


def _has_symbols_only(text: str) -> bool:
    """Whether `text` has symbols, and nothing else that IDNA 2008 refuses. Writing from right to left has rules of its own."""
    odd = [char for char in text if not _is_letter(char)]
    left_to_right = all(unicodedata.bidirectional(char) not in ("R", "AL", "AN") for char in text)
    starts_well = not unicodedata.category(text[:1] or "a").startswith("M")
    return bool(odd) and left_to_right and starts_well and all(map(_is_symbol, odd))


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) == "So" or _MORE_EMOJI.match(char) is not None


def _is_letter(char: str) -> bool:
    """Whether IDNA 2008 allows this character in any place (PVALID, RFC 5892 §2)."""
    return intranges_contain(ord(char), idnadata.codepoint_classes["PVALID"])


def _fault(label: str, error: idna.IDNAError) -> LabelError:
    """What is wrong with a label; for its rarer rules the reason is idna's own."""
    part = short(label)
    match error.code:
        case "label_too_long" | "domain_too_long" | "input_too_long" if label.isascii():
            return LabelError("label-too-long", part=part, n=len(label), most=MAX_LABEL)
        case "label_too_long" | "domain_too_long" | "input_too_long":
            return LabelError("label-too-long-in-ascii", part=part, most=MAX_LABEL)
        case "hyphen_start_end":
            return LabelError("label-hyphen-at-edge", part=part)
        case "hyphen_3_4":
            return LabelError("label-hyphens-in-third-place", part=part)
    if label.lower().startswith("xn--"):
        return LabelError("label-badly-encoded", part=part, reason=str(error))
    if error.codepoint is not None and not isinstance(error, idna.IDNABidiError):
        return _character_fault(_refused_character(label, error.codepoint))
    return LabelError("label-not-allowed", part=part, reason=str(error))


def _character_fault(char: str) -> LabelError:
    if char in HYPHENS:
        return LabelError("character-like-hyphen", character=_quoted(char))
    if char in DOTS:
        return LabelError("character-like-dot", character=_quoted(char))
    return LabelError("character-not-allowed", character=_quoted(char))


def _refused_character(label: str, codepoint: int) -> str:
    """The character as it was typed: idna may name the one that it was replaced by."""

    def is_refused(char: str) -> bool:
        try:
            return chr(codepoint) in idna.uts46_remap(char, std3_rules=True, transitional=False)
        except idna.IDNAError:
            return True

    return next(filter(is_refused, label), chr(codepoint))


def _quoted(char: str) -> str:
    """A character in quotes; with its number where a person may not know or even see it."""
    return f"“{char}”" if char.isascii() else f"“{char}” (U+{ord(char):04X})"


def short(text: str) -> str:
    """A typed text, cut for a sentence."""
    return text if len(text) <= MAX_IN_SENTENCE else f"{text[: MAX_IN_SENTENCE - 3]}…"
