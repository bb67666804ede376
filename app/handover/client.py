"""A program that takes over: what it is called, which files it reads, and the commands that one gives it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.handover.plan import Plan, PrivateKeys
from app.handover.proofs import Method
from app.handover.tar import Entry

StepKind = Literal["unpack", "credentials", "settings", "check", "use", "schedule"]
"""What a step is for: unpacking the archive, letting the program into the DNS, its settings, a first run, the server that uses
the certificate, and the run of every day."""


@dataclass(frozen=True)
class Step:
    """One thing to do on the server. `command` is what one types, or what goes into a file; "" where words say it all."""

    kind: StepKind
    command: str = ""


@dataclass(frozen=True)
class Client:
    """A program that goes on where this page stops.

    `id` is its value in the page's `move-out` hook, `folder` where its archive is unpacked. `methods` are the ways to prove
    control that it has, in the order in which they are shown; `dns_codes` its names of DNS providers, by our ids. `entries`
    are the files of the archive. `steps` are what to do with it, given the name of its file.
    """

    id: str
    name: str
    folder: str
    methods: tuple[Method, ...]
    entries: Callable[[Plan, PrivateKeys], tuple[Entry, ...]]
    steps: Callable[[Plan, str], tuple[Step, ...]]
    dns_codes: Mapping[str, str] = field(default_factory=dict)


def unpack(file: str, folder: str, *, sudo: bool = False) -> str:
    """The command that unpacks `file` in `folder`, keeping modes; a file that is there already stays as it is."""
    become = "sudo " if sudo else ""
    return f"{become}mkdir -p {folder} && {become}tar -xpkf {file} -C {folder}"
