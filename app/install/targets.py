"""The places where a certificate goes: which files and which key each takes, and the steps that put them there.

`static/data/targets.json` lists them. The sentences in that list are in English; `app.text` translates them. They hold
placeholders, which `app.install.guide` fills with the names and files of an order. What nobody has verified is a guess, so that
the page says “usually” of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, Literal, TypeVar, get_args

from app.encoding.entry_list import check_members, read_entries
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError
from app.pki.formats import FORMATS
from app.ports import KeySpec

KeyRule = Literal["any", "rsa-safer", "rsa", "rsa-2048"]
"""Which keys a target takes: any; any, but some of its versions RSA only; RSA only; RSA with 2048 bits only."""

TakesOwn = Literal["yes", "some", "no"]
"""Whether a target takes a certificate of one's own: yes; in some plans or versions only; or no."""

Group = Literal[
    "hosting", "windows", "web", "mail", "home", "printers", "network", "virtual", "cloud", "databases", "apps", "transfer"
]
"""The groups of the form's list, in its order."""

StartTls = Literal["", "smtp", "imap", "ftp", "mysql", "postgres"]
"""How TLS begins on the port of a target: at once (""), or after words of this protocol. The names are those of OpenSSL."""

LIST_NAME: Final = "targets.json"
"""The file of the list, in static/data."""

MAX_FILES: Final = 6
MAX_STEPS: Final = 10
MAX_MENU: Final = 10
MAX_PORT: Final = 65535
RSA: Final[KeySpec] = "rsa-2048"
"""The key for a target that does not take every key."""

_FORMAT: Final = re.compile("|".join(format_.id for format_ in FORMATS))
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_FILE_NAME: Final = re.compile(r"(\{file\})?[A-Za-z0-9._-]{0,60}")
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True)
class TargetFile:
    """One file that a target wants: the id of its format in `app.pki.formats.FORMATS`, and how it is called there.

    `name` may begin with `{file}`; "" leaves the usual name of the format.
    """

    format: str
    name: str = ""


@dataclass(frozen=True)
class InstallStep:
    """One thing to do at the target.

    `do` is its heading. `menu` is the way to the place, one step of a menu each, with the labels as the target writes them;
    `guess` tells that nobody has verified it. `text` says what to do there, in whole sentences, or is "". `code` are commands
    or lines to copy. `paste` are ids of formats whose content goes into a form there, one box each, by the label of the box.
    """

    do: str
    text: str = ""
    menu: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    paste: tuple[tuple[str, str], ...] = ()
    guess: bool = False


@dataclass(frozen=True)
class Trap:
    """What commonly goes wrong: the `sign` that one sees, and what helps (`text`), each a whole sentence or two."""

    sign: str
    text: str


@dataclass(frozen=True)
class Target:
    """One place where a certificate goes.

    `id` is the value of the page's field. `also` are words by which people look for it that its name does not have. `files` is
    what it wants. `key` says which keys it takes, and `key_reason` why in a sentence. `reload` is the command that makes it use
    new files, or "". `port` is where a client sees the certificate, None where no command can look; `starttls` is how TLS
    begins there. `takes_own` is whether it takes a certificate of one's own, with `own_note` on that. `guesses` are the
    members `files`, `key`, `reload` and `takes_own` as far as nobody has verified them.
    """

    id: str
    name: str
    group: Group
    files: tuple[TargetFile, ...]
    steps: tuple[InstallStep, ...]
    also: tuple[str, ...] = ()
    key: KeyRule = "any"
    key_reason: str = ""
    reload: str = ""
    port: int | None = None
    starttls: StartTls = ""
    traps: tuple[Trap, ...] = ()
    takes_own: TakesOwn = "yes"
    own_note: str = ""
    guesses: frozenset[str] = frozenset()

    def is_sure_of(self, member: str) -> bool:
        """Whether `member` is a fact, not a guess."""
        return member not in self.guesses

    @property
    def usual_key(self) -> KeySpec | None:
        """The kind of key that is right for it; None where any will do."""
        return None if self.key == "any" else RSA

    def may_refuse(self, spec: KeySpec) -> bool:
        """Whether it, or some version of it, may refuse a key of this kind."""
        return (self.key == "rsa-2048" and spec != RSA) or (self.key != "any" and not spec.startswith("rsa-"))

    def refuses(self, spec: KeySpec) -> bool:
        """Whether it is known to refuse a key of this kind."""
        return self.key in ("rsa", "rsa-2048") and self.is_sure_of("key") and self.may_refuse(spec)


MEMBERS: Final = frozenset(field.name for field in fields(Target))
GUESSABLE: Final = frozenset({"files", "key", "reload", "takes_own"})


def parse_targets(text: str) -> tuple[Target, ...]:
    """All of `iter_targets`, which says what is raised."""
    return tuple(iter_targets(text))


def iter_targets(text: str) -> Iterator[Target]:
    """Read `targets.json`: a list of objects with the members of `Target`; those without a default are required.

    Each is read when it is asked for: for all of them, a browser takes longer than it may keep people waiting. People write
    that file by hand, so misspelt members are refused, too, also in files, steps and traps. Raises `ProtocolError`.
    """
    return map(_parse, read_entries(text, LIST_NAME, MEMBERS))


def find_target(targets: tuple[Target, ...], id_: str) -> Target | None:
    """The one of `targets` with this id; None where there is none, or where a person is not sure."""
    return next((target for target in targets if target.id == id_), None)


def _parse(entry: JsonObject) -> Target:
    guesses = frozenset(entry.texts("guesses"))
    check_members(guesses, LIST_NAME, GUESSABLE)
    id_ = _matching(entry, "id", _ID)
    return Target(
        id=id_,
        name=entry.text("name"),
        group=_one_of(entry, "group", get_args(Group)),
        files=tuple(map(_file, _some(entry, "files", MAX_FILES))),
        steps=tuple(map(_step, _some(entry, "steps", MAX_STEPS))),
        also=entry.texts("also"),
        key=_one_of(entry, "key", get_args(KeyRule), "any"),
        key_reason=entry.optional_text("key_reason") or "",
        reload=entry.optional_text("reload") or "",
        port=_port(entry),
        starttls=_one_of(entry, "starttls", get_args(StartTls), ""),
        traps=tuple(map(_trap, entry.children("traps"))),
        takes_own=_one_of(entry, "takes_own", get_args(TakesOwn), "yes"),
        own_note=entry.optional_text("own_note") or "",
        guesses=guesses,
    )


def _file(entry: JsonObject) -> TargetFile:
    _check(entry, {"format", "name"})
    return TargetFile(_matching(entry, "format", _FORMAT), _matching(entry, "name", _FILE_NAME, ""))


def _step(entry: JsonObject) -> InstallStep:
    _check(entry, {"do", "text", "menu", "code", "paste", "guess"})
    return InstallStep(
        do=entry.text("do"),
        text=entry.optional_text("text") or "",
        menu=entry.texts("menu", MAX_MENU),
        code=entry.texts("code"),
        paste=tuple(map(_box, entry.children("paste"))),
        guess=entry.flag("guess"),
    )


def _box(entry: JsonObject) -> tuple[str, str]:
    _check(entry, {"label", "format"})
    return entry.text("label"), _matching(entry, "format", _FORMAT)


def _trap(entry: JsonObject) -> Trap:
    _check(entry, {"sign", "text"})
    return Trap(entry.text("sign"), entry.text("text"))


def _check(entry: JsonObject, members: set[str]) -> None:
    check_members(entry.optional.beside(members), LIST_NAME, frozenset(members))


def _some(entry: JsonObject, name: str, most: int) -> tuple[JsonObject, ...]:
    children = entry.children(name)
    if not 0 < len(children) <= most:
        raise ProtocolError("target-list-unknown-value", detail=str(len(children)), member=name)
    return children


def _matching(entry: JsonObject, name: str, form: re.Pattern[str], default: str | None = None) -> str:
    value = entry.text(name) if default is None else entry.optional_text(name) or default
    if not form.fullmatch(value):
        raise ProtocolError("target-list-unknown-value", detail=value[:100], member=name)
    return value


def _one_of(entry: JsonObject, name: str, known: tuple[_Choice, ...], default: _Choice | None = None) -> _Choice:
    value = entry.text(name) if default is None else entry.optional_text(name)
    if value is None and default is not None:
        return default
    for choice in known:
        if value == choice:
            return choice
    raise ProtocolError("target-list-unknown-value", detail=str(value)[:100], member=name)


def _port(entry: JsonObject) -> int | None:
    port = entry.number("port")
    if port is not None and not 0 < port <= MAX_PORT:
        raise ProtocolError("target-list-unknown-value", detail=str(port), member="port")
    return port
