"""The way of a certificate into a target, filled in with the names and files of one order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.acme.identifier import Identifier
from app.install.targets import InstallStep, StartTls, Target, Trap
from app.pki.formats import format_named
from app.pki.formats.file import file_stem

_PLACEHOLDER: Final = re.compile(r"\{([a-z]+)\}")
_ROLES: Final = ("fullchain", "cert", "chain", "key", "combined", "pfx", "der", "p7b")
"""What a file is to its target; the id of its format begins so, except that `privkey` is the `key`."""

PLACEHOLDERS: Final = frozenset({"name", "names", "file", "alias", "end", *_ROLES})
"""What may stand in braces in the list: the name that clients ask for, all names, the beginning of file names, the name of the
key in a PFX file, the day on which the certificate ends, and the names of the files that the target wants."""


@dataclass(frozen=True)
class GuideFile:
    """A file of the guide: the id of its format, its name at the target, and whether a password locks it."""

    format: str
    name: str
    locked: bool = False


@dataclass(frozen=True)
class Guide:
    """The guide for one order. `check` is the command that looks at the certificate from outside, or ""."""

    files: tuple[GuideFile, ...]
    steps: tuple[InstallStep, ...]
    reload: str
    traps: tuple[Trap, ...]
    check: str


def first_stem(identifiers: Sequence[Identifier]) -> str:
    """How the names of files for `identifiers` begin: “shop.example”, “wildcard.shop.example”, “2001-db8--1”."""
    return file_stem(identifiers[0].value if identifiers else "certificate")


def client_name(identifiers: Sequence[Identifier]) -> str:
    """The name by which a client can ask for the certificate: one that is no wildcard, or else one that a wildcard covers."""
    plain = next((identifier.value for identifier in identifiers if not identifier.is_wildcard), "")
    return plain or (f"www.{identifiers[0].base}" if identifiers else "")


def target_files(target: Target, identifiers: Sequence[Identifier]) -> tuple[GuideFile, ...]:
    """The files that `target` wants of an order for `identifiers`, by the names that it wants."""
    values = {"file": first_stem(identifiers)}
    formats = [(file, format_named(file.format)) for file in target.files]
    return tuple(GuideFile(file.format, filled(file.name or format_.name, values), format_.locked) for file, format_ in formats)


def install_guide(target: Target, identifiers: Sequence[Identifier], names: str, end: str) -> Guide:
    """How the certificate for `identifiers` gets into `target`; `names` and `end` are these names and its last day in words."""
    files = target_files(target, identifiers)
    values = {
        "name": client_name(identifiers),
        "names": names,
        "file": first_stem(identifiers),
        "alias": identifiers[0].value if identifiers else "",
        "end": end,
        **{_role(file.format): file.name for file in files},
    }
    return Guide(
        files=files,
        steps=tuple(_filled_step(step, values) for step in target.steps),
        reload=filled(target.reload, values),
        traps=tuple(Trap(filled(trap.sign, values), filled(trap.text, values)) for trap in target.traps),
        check=check_command(identifiers, target.port, target.starttls) if target.port else "",
    )


def check_command(identifiers: Sequence[Identifier], port: int = 443, starttls: StartTls = "") -> str:
    """The command that shows when the certificate ends that is served for `identifiers`, and its serial number.

    It is for a POSIX shell. The names come from a checked record: they hold no character that a shell reads.
    """
    name = client_name(identifiers)
    is_address = any(identifier.type == "ip" and identifier.value == name for identifier in identifiers)
    host = f"[{name}]" if ":" in name else name
    options = [
        f"-connect {host}:{port}",
        "" if is_address else f"-servername {name}",
        f"-starttls {starttls}" if starttls else "",
    ]
    return f"echo | openssl s_client {' '.join(filter(None, options))} 2>/dev/null | openssl x509 -noout -enddate -serial"


def filled(template: str, values: Mapping[str, str]) -> str:
    """`template` with its placeholders filled; braces around anything else stay, because lines of configuration have them."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def placeholders(texts: Iterable[str]) -> set[str]:
    """The placeholders in `texts`, for who checks the list."""
    return {match for text in texts for match in _PLACEHOLDER.findall(text)}


def _filled_step(step: InstallStep, values: Mapping[str, str]) -> InstallStep:
    code = tuple(filled(lines, values) for lines in step.code)
    return replace(step, do=filled(step.do, values), text=filled(step.text, values), code=code)


def _role(format_id: str) -> str:
    kind = format_id.partition("-")[0]
    return "key" if kind == "privkey" else kind
