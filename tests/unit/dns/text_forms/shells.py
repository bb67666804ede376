"""Runs commands in a real shell in which every program only notes what reaches it."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROGRAMS: Final = ("aws", "az", "curl", "doctl", "gcloud", "hcloud", "jq", "nsupdate", "pdnsutil")
FOUND: Final = "what-was-asked-for"
"""What each program prints, but for nsupdate: the id of a zone or record."""


@dataclass(frozen=True)
class Call:
    """A program that was started: its name, its arguments, and what it read (nsupdate only)."""

    program: str
    arguments: tuple[str, ...]
    read: str = ""

    def option(self, name: str) -> str:
        """What follows the option `name`, as the next argument or after an equals sign."""
        for place, argument in enumerate(self.arguments):
            if argument == name:
                return self.arguments[place + 1]
            if argument.startswith(f"{name}="):
                return argument.removeprefix(f"{name}=")
        raise LookupError(name)


def run(script: str, folder: Path, variables: Mapping[str, str] | None = None) -> list[Call]:
    """What `script` starts, in the order in which it does so, inside `folder`, which must stay empty but for our notes."""
    notes = folder / "notes"
    notes.write_bytes(b"")
    preamble = "".join(map(_stand_in, PROGRAMS))
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **(variables or {})}
    done = subprocess.run(["bash", "-c", preamble + script], cwd=folder, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    assert [path.name for path in folder.iterdir()] == ["notes"], "something else ran"
    return _calls(notes.read_bytes().decode("utf-8").split("\0")[:-1])


def _stand_in(program: str) -> str:
    """A function of the shell in place of `program`. jq reads what it gets before it notes anything: so notes are in order."""
    read = {"nsupdate": '"$(cat)"'}.get(program, "")
    before, after = {"jq": "cat >/dev/null;", "nsupdate": ""}.get(program, ""), "" if read else f"echo {FOUND};"
    return f"{program}() {{ {before} printf '%s\\0' $# {program} \"$@\" {read} >>notes; {after} }}\n"


def _calls(words: list[str]) -> list[Call]:
    calls = []
    while words:
        count, program, *rest = words
        arguments = tuple(rest[: int(count)])
        rest = rest[int(count) :]
        read = rest.pop(0) if program == "nsupdate" else ""
        calls.append(Call(program, arguments, read))
        words = rest
    return calls
