"""What kept a CA from finding a file (http-01) or a certificate (tls-alpn-01) on a server, read from its words.

The words are those of Boulder (Let’s Encrypt), Pebble, step-ca and Caddy, OpenBao and Vault, and of Go’s HTTP and TLS, which
all of these pass on. What a server answered stands in quotes in them, and is looked at apart: a page on “404” is no status 404.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from app.text.server_words import FileCause, TlsCause


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\Z)|!= \[([^\]]*)(?:\]|\Z)|\bbut got (\S+)', re.DOTALL)
_URL: Final = re.compile(r"https?://[^\s\"]*[^\s\":,]", re.IGNORECASE)
_HTTPS: Final = re.compile(r'\b(?:Fetching|Get) "?https://', re.IGNORECASE)
_STATUS: Final = re.compile(r"(?:: |\breturned |\bstatus(?: code)? )([1-5]\d\d)\b", re.IGNORECASE)

_ELSEWHERE: Final = _any_of(r"\bsecondary validation\b")  # Boulder: from where it looked first, all was well
_NAMELESS: Final = _any_of(
    r"\bDNS problem\b",
    r"\blooking up A{1,4}\b",
    r"\bno valid (?:IP|A|AAAA)\b",
    r"\bno such host\b",
    r"\blookup\b",
    r"\bresolv(?:e|ing) URL\b",
)
_REDIRECT: Final = _any_of(
    r"\bredirect (?:target|loop|status|url)\b",
    r"\btoo many (?:redirects|hops)\b",
    r"\bstopped after \d+ redirects\b",
)
_TLS: Final = _any_of(r"\btls\b", r"\bx509\b", r"\bHTTP response to HTTPS client\b", r"\bonly speaks HTTP\b")
_SLOW: Final = _any_of(r"\btimeout (?:after connect|during read|awaiting response headers)\b")
_SILENT: Final = _any_of(
    r"\btime(?:d )?.?out\b",
    r"\brefused\b",
    r"\bno route\b",
    r"\bunreachable\b",
    r"\breset by\b",
    r"\bfailed to connect\b",
    r"\bdeadline exceeded\b",
)
_UNREACHED: Final = _any_of(  # step-ca, which says the same of every HTTP status; Boulder; what is no HTTP
    r"\bcould not connect to validation target\b",
    r"\berror getting validation data\b",
    r"\bHTTP/2 over HTTP\b",
    r"\bmalformed HTTP\b",
    r"\bEOF\b",
)
_CONNECTION: Final[tuple[tuple[FileCause, re.Pattern[str]], ...]] = (
    ("nameless", _NAMELESS),
    ("elsewhere", _ELSEWHERE),
    ("redirect", _REDIRECT),
    ("tls", _TLS),
    ("slow", _SLOW),
    ("silent", _SILENT),
)

_GUARD: Final = _any_of(
    r"\b(?:just a|one) moment\b",
    r"\bchecking your browser\b",
    r"\battention required\b",
    r"\byou are (?:a )?human\b",
    r"\bcaptcha\b",
    r"\bddos\b",
    r"\bcf[-_](?:chl|browser)",
    r"\bimunify",
    r"\bsucuri\b",
    r"\bincapsula\b",
)
_PAGE: Final = _any_of(r"<!doctype\b", r"<(?:html|head|title|body|script|meta)\b")
_DENIED_PAGE: Final = _any_of(r"<title>\s*(?:40[13]|forbidden|unauthori[sz]ed)\b")
_MISSING_PAGE: Final = _any_of(r"<title>\s*(?:404|not found)\b")
_TOO_LONG: Final = _any_of(r"\bresponse too large\b", r"\blimit exceeded\b")
_MISMATCH: Final = _any_of(
    r"\b(?:did|does) not match\b", r"\bkey authorization was invalid\b", r"\bgot \d parts\b", r"\btoo small\b"
)
MIN_PART: Final = 16  # characters of our line that are there by no accident
_LINE: Final = re.compile(r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{43}\s*")  # of any order (RFC 8555 §8.1)

_PORT_443: Final[tuple[tuple[TlsCause, re.Pattern[str]], ...]] = (
    ("nameless", _NAMELESS),
    ("elsewhere", _ELSEWHERE),
    ("plain", _any_of(r"\bonly speaks HTTP\b", r"\bnot look like a TLS handshake\b", r"\bHTTP response to HTTPS client\b")),
    ("silent", _any_of(_SLOW.pattern, _SILENT.pattern, _UNREACHED.pattern)),
    ("other", _any_of(r"\bnegotiate", r"\bremote error: tls\b")),
    ("earlier", _any_of(r"\bincorrect (?:validation )?certificate\b", r"\breturned a\b.*\bcertificate\b")),
)


@dataclass(frozen=True)
class _Said:
    """A CA's `own` words, without URLs and what it quotes; and what a server answered, as the CA `quoted` it, or None."""

    own: str
    quoted: str | None


def _taken_apart(words: str) -> _Said:
    answers = ["".join(parts) for parts in _QUOTED.findall(words)]
    return _Said(_URL.sub("", _QUOTED.sub("", words)), answers[-1] if answers else None)


def file_cause(words: str, types: set[str], body: str) -> FileCause:
    """What a CA found in place of a file whose content is `body`, by its `words` and the `types` of its problem."""
    said = _taken_apart(words)
    cause = next((cause for cause, pattern in _CONNECTION if pattern.search(said.own)), None)
    if "dns" in types:
        return "nameless"
    if cause == "silent" and _HTTPS.search(words):
        return "silent-https"
    if _GUARD.search(said.quoted or said.own):
        return "guarded"
    return cause or _status_cause(said) or _answer_cause(said, body) or _vague_cause(said, types)


def _status_cause(said: _Said) -> FileCause | None:
    """What an HTTP status other than 200 tells."""
    match = _STATUS.search(said.own)
    if not match:
        return None
    match int(match[1]):
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return "nothing"
        case (
            HTTPStatus.UNAUTHORIZED
            | HTTPStatus.FORBIDDEN
            | HTTPStatus.NOT_ACCEPTABLE
            | HTTPStatus.TOO_MANY_REQUESTS
            | HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
        ):
            return "denied"
        case status:
            return "broken" if status >= HTTPStatus.BAD_REQUEST else "wrong"


def _answer_cause(said: _Said, body: str) -> FileCause | None:
    """What the server answered in place of the file."""
    answer = said.own if said.quoted is None else said.quoted
    if _PAGE.search(answer):  # CAs of old quoted the page of an error, and not its status
        return "denied" if _DENIED_PAGE.search(answer) else "nothing" if _MISSING_PAGE.search(answer) else "page"
    if _TOO_LONG.search(said.own):
        return "page"
    if not _MISMATCH.search(said.own):
        return None
    if said.quoted is None:
        return "wrong"
    if not said.quoted.strip():
        return "empty"
    part = said.quoted.strip()
    if body in part or (len(part) >= MIN_PART and part in body):
        return "ours"
    return "earlier" if _LINE.fullmatch(said.quoted) else "wrong"


def _vague_cause(said: _Said, types: set[str]) -> FileCause:
    """What is left: words that say little, and the types of the problem (RFC 8555 §6.7)."""
    if _UNREACHED.search(said.own):
        return "unreached"
    if types & {"incorrectResponse", "rejectedIdentifier"}:  # the latter by step-ca, where the content is another
        return "wrong"
    return "tls" if "tls" in types else "silent" if "connection" in types else "unknown"


def certificate_cause(words: str, types: set[str]) -> TlsCause:
    """What a CA found in place of a certificate on port 443, by its `words` and the `types` of its problem."""
    said = _taken_apart(words).own
    if "dns" in types:
        return "nameless"
    cause = next((cause for cause, pattern in _PORT_443 if pattern.search(said)), None)
    return cause or ("silent" if "connection" in types else "unknown")
