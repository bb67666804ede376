"""Texts of strangers, as a person may safely see them: what a CA says, and what stands in its certificates.

Characters that cannot be seen are written as their code, such as ⟨U+202E⟩: they can turn the order of letters around
(CVE-2021-42574, “Trojan Source”), hide words, or do worse to a terminal into which somebody pastes them. A browser shows most
of them as nothing. What is very long is cut in its middle, and says so.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.acme.urls import safe_link

MAX_DETAIL: Final = 6000
"""Characters of a text that is shown whole; a thousand lines of errors help nobody."""

MAX_LINE: Final = 200
MAX_LINKS: Final = 20
_END: Final = 1000  # characters that are shown of the end of a text that was cut

_LINK: Final = re.compile(r"https://[^\s<>\"⟨⟩]{1,2048}")
_BEHIND: Final = ".,;:!?)]}'’”"  # belongs to the sentence, not to the address before it
_HIDDEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode's general categories
_ISOLATED: Final = "\u2068{}\u2069"


@dataclass(frozen=True)
class Segment:
    """A part of a text: words, or an address (`link`) that is its own text."""

    text: str
    link: bool = False


def escape_invisible(text: str, *, most: int = MAX_DETAIL) -> str:
    """`text` with nothing hidden in it, at most `most` characters of it; lines and tabs stay."""
    cut = _cut(text, most)
    return "".join(map(_visible, cut)) if not cut.isascii() or not cut.isprintable() else cut


def escape_as_json(text: str) -> str:
    """All of `text` with nothing hidden in it, for text that is copied: JSON stays the same JSON (RFC 8259 §7)."""
    return "".join(_json_escape(character) if _is_hidden(character) else character for character in text)


def one_line(text: str, *, most: int = MAX_LINE) -> str:
    """`text` for a place in a sentence or a list: one line, nothing hidden, at most `most` characters."""
    line = " ".join(text[: most + 1].split())
    return escape_invisible(line if len(text) <= most else f"{line[:most]}…")


def isolate_bidi(text: str) -> str:
    """`one_line(text)` within marks that keep its direction to itself, for a sentence of ours (UAX #9 §2.7)."""
    line = one_line(text)
    return line if line.isascii() else _ISOLATED.format(line)


def linkify(text: str) -> tuple[Segment, ...]:
    """`escape_invisible(text)` in words and links: only https, each written out as the browser will go there, 20 at most."""
    whole = escape_invisible(text)
    found: list[Segment] = []
    start = 0
    for match in _LINK.finditer(whole):
        address = match[0].rstrip(_BEHIND)
        link = safe_link(address)
        if not link or sum(piece.link for piece in found) == MAX_LINKS:
            continue
        found += [Segment(whole[start : match.start()]), Segment(link, link=True)]
        start = match.start() + len(address)
    return tuple(piece for piece in (*found, Segment(whole[start:])) if piece.text)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    left_out = f"\n\n… this text has {len(text):,} characters; its middle is left out …\n\n"
    return f"{text[: most - _END]}{left_out}{text[-_END:]}" if most > _END else f"{text[:most]}…"


def _visible(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩" if _is_hidden(character) else character


def _json_escape(character: str) -> str:
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)  # a surrogate pair, as JSON has it
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN and character not in "\n\t"
