"""Makes parts of the page with programs in Node, and caches them: above all, archives of compiled Python code."""

import ast
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.paths import CACHE, VENV
from tools.steps import key_of, run

HERE = Path(__file__).parent
SCRIPTS = (HERE / "compile.mjs", HERE / "compile_archive.py", HERE / "lean_code.py")
NODE_MODULES = CACHE / "npm" / "node_modules"
PYODIDE = NODE_MODULES / "pyodide"
COMPILED = CACHE / "compiled"


@dataclass(frozen=True)
class Job:
    """One zip of `.py` files to compile; `compile_archive.py` tells what the other fields mean."""

    source: bytes
    prefix: str
    roots: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()

    def key(self) -> str:
        """Name the result by all that it depends on."""
        fields = repr((self.prefix, self.roots, self.without))
        return key_of(PYODIDE / "package.json", *SCRIPTS, fields, self.source)


def compile_archives(jobs: Sequence[Job]) -> list[bytes]:
    """Compile each job's zip into a stored zip of `.pyc` files; what was compiled before is read from .cache."""
    COMPILED.mkdir(parents=True, exist_ok=True)
    targets = [COMPILED / f"{job.key()}.zip" for job in jobs]
    missing = [(job, target) for job, target in zip(jobs, targets, strict=True) if not target.exists()]
    if missing:
        _run_node(missing)
    return [target.read_bytes() for target in targets]


def made_of(source: bytes, name: str, command: Sequence[str | Path], depends_on: Iterable[str | Path]) -> bytes:
    """Make a file of `source` with a program in Node; what was made before is read from .cache.

    `command` is the program with its options, and gets two more words: the paths of `source`, in a file called `name`, and of
    the result. `depends_on` are the files and options that decide what comes of it.
    """
    target = COMPILED / key_of(source, name, *depends_on)
    if not target.exists():
        COMPILED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=COMPILED) as folder:
            given, made = Path(folder) / name, Path(folder) / "made"
            given.write_bytes(source)
            run([node(), *command, given, made])
            made.replace(target)
    return target.read_bytes()


def imported_names(files: Mapping[str, bytes]) -> set[str]:
    """Return every absolute name that the `.py` files import, in functions too: `from a import b` gives a and a.b."""
    return set().union(*(_imports(content) for path, content in files.items() if path.endswith(".py")))


@cache  # most files are the same in the next build, and reading them is nearly all that a build takes
def _imports(source: bytes) -> frozenset[str]:
    return frozenset(_imports_in(ast.parse(source)))


def _imports_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_node(work: Sequence[tuple[Job, Path]]) -> None:
    """Start Node once for all that is missing; a result gets its final name only when it is whole."""
    with tempfile.TemporaryDirectory(dir=COMPILED) as name:
        folder = Path(name)
        orders = [_order(job, folder / f"{number}.zip", folder / target.name) for number, (job, target) in enumerate(work)]
        (folder / "jobs.json").write_text(json.dumps(orders))
        run([node(), SCRIPTS[0], PYODIDE, folder / "jobs.json"])
        for _, target in work:
            (folder / target.name).replace(target)


def _order(job: Job, source: Path, target: Path) -> dict[str, object]:
    """Write a job's zip where Node finds it, and describe the job as compile.mjs reads it."""
    source.write_bytes(job.source)
    where = {"source": str(source), "target": str(target)}
    return {**where, "prefix": job.prefix, "roots": job.roots, "without": job.without}


def node() -> str:
    """Find the Node that tools/setup.py found or fetched, else one on PATH."""
    path = os.pathsep.join([str(CACHE / "bin"), os.environ.get("PATH", ""), str(VENV / "bin")])
    found = shutil.which("node", path=path)
    if not found:
        message = "Node.js is needed to compile the Python code for the browser: run `python3 -m tools.setup build` first"
        raise SystemExit(message)
    return found
