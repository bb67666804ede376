"""Does on this machine what a guide of the page says, with a folder in the place of `/`."""

import getpass
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.acme.identifier import Identifier
from app.install.guide import install_guide
from app.install.targets import LIST_NAME, Target, find_target, parse_targets
from tests.targets.handed_over import NAMES, HandedOver
from tests.targets.programs import LIMIT, environment
from tools.paths import ROOT

PROGRAMS: Final = {"sudo": '#!/bin/sh\nexec "$@"\n', "gitlab-ctl": "#!/bin/sh\n"}
"""In the place of programs that cannot run here."""

USERS: Final = ("postgres", "mysql", "redis", "grafana")
GROUPS: Final = ("Debian-exim",)
"""Of servers: where they are not installed, there are no such users and groups."""
IDENTIFIERS: Final = tuple(Identifier("dns", name) for name in NAMES)


@dataclass(frozen=True)
class Installed:
    """What was done in `folder` by the guide of `target`.

    `files` are the names of what was downloaded, in their order. `lines` are those that the guide adds to a configuration, one
    text for each place. `look` is its command that looks from outside.
    """

    folder: Path
    target: Target
    files: tuple[str, ...]
    lines: tuple[str, ...]
    look: str

    def check(self, port: int) -> str:
        """What that command prints, sent to this machine’s `port`."""
        host = f"{NAMES[0]}:{self.target.port}"
        assert f" -connect {host} " in self.look
        return _shell(self.look.replace(host, f"127.0.0.1:{port}"), self.folder)


def install(given: HandedOver, target_id: str, folder: Path, *, answers: str = "") -> Installed:
    """Do in `folder` what the guide of a target says, with the files that it names.

    `answers` are what a person types where a command asks.
    """
    target = target_named(target_id)
    guide = install_guide(target, IDENTIFIERS, ", ".join(NAMES), "")
    for file in guide.files:
        shutil.copy(given.files[file.format], folder / file.name)
    codes = [code for step in guide.steps for code in step.code]
    return follow(target, tuple(file.name for file in guide.files), codes, guide.check, folder, answers)


def follow(
    target: Target, files: tuple[str, ...], codes: Sequence[str], look: str, folder: Path, answers: str = ""
) -> Installed:
    """Run the commands among `codes`, which are those of a guide, where its `files` are in `folder`, and keep the others."""
    for name, script in PROGRAMS.items():
        program = folder / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(script)
        program.chmod(0o755)
    texts = [_moved(code, folder) for code in codes]
    for commands in texts:
        if commands.startswith("sudo "):
            _shell(commands, folder, answers)
    return Installed(folder, target, files, tuple(text for text in texts if not text.startswith("sudo ")), look)


def target_named(id_: str) -> Target:
    """The target of the page with this id."""
    target = find_target(targets(), id_)
    assert target
    return target


def _moved(code: str, folder: Path) -> str:
    """The code with `folder` in the place of `/`, and with ourselves in the place of who is not here."""
    moved = re.sub(r"(?<![\w.{}])/(?=(?:etc|usr)/)", f"{folder}/", code)
    moved = re.sub(rf" -o (?:{'|'.join(USERS)}) ", f" -o {getpass.getuser()} ", moved)
    return re.sub(rf" -g (?:{'|'.join(GROUPS)}) ", f" -g {os.getgid()} ", moved)


def _shell(commands: str, folder: Path, answers: str = "") -> str:
    """What the commands print, as a person runs them in `folder`."""
    usual = environment("")
    env = {**usual, "PATH": f"{folder / 'bin'}:{usual['PATH']}"}
    done = subprocess.run(
        ["sh", "-euc", commands], cwd=folder, env=env, input=answers, capture_output=True, text=True, timeout=LIMIT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def targets() -> tuple[Target, ...]:
    """All targets of the page."""
    return parse_targets((ROOT / "static" / "data" / LIST_NAME).read_text("utf-8"))
