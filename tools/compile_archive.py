"""Runs inside Pyodide, started by compile.mjs: a zip of `.py` files becomes a zip of `.pyc` files.

The `.pyc` files stand where the `.py` files stood, so that Python imports them without a source, and say that
no date and no second file is to be looked at. `lean_code.py` tells what is left out of them.
"""

import ast
import importlib.util
import marshal
import zipfile
from collections.abc import Iterable, Iterator

from tools.lean_code import lean_code, lean_tree

EPOCH = (1980, 1, 1, 0, 0, 0)
SKIPPED = ("__name__ == '__main__'", "TYPE_CHECKING", "typing.TYPE_CHECKING")
"""Conditions that are false when a module is imported by the page; the code below them is not followed."""

DOCUMENTED = ("dns/",)
"""What keeps its docstrings: dnspython's errors have them as their texts."""

TESTED = ("app/", "dns/")
"""What keeps its asserts: the app runs as it was tested."""

TRACED = ("app/",)
"""What keeps the number of each line for tracebacks. Those of other code show the function, and its first line."""

HEADER = importlib.util.MAGIC_NUMBER + b"\1\0\0\0" + bytes(8)
"""How a `.pyc` file begins whose flags say that no source is looked for (PEP 552): the hash of one is then read by nobody."""


def compile_archive(source: str, target: str, prefix: str, roots: list[str] | None, without: list[str]) -> None:
    """Compile the zip at `source` into a stored zip at `target`.

    `prefix` is put before each path to make the file name that tracebacks show. With `roots` (module names, `package.*`
    for a whole package) only these modules are kept, and what they import when they are imported, `without` some; with
    no roots, everything is.
    """
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    if roots is not None:
        files = {name: files[name] for name in reachable(files, roots, without)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member, content = compiled(name, files[name], prefix)
            archive.writestr(zipfile.ZipInfo(member, EPOCH), content)


def compiled(name: str, content: bytes, prefix: str) -> tuple[str, bytes]:
    """Turn one file into what goes into the new zip: its name and its content. Other files than `.py` stay as they are."""
    if not name.endswith(".py"):
        return name, content
    tree = lean_tree(content, documented=name.startswith(DOCUMENTED))
    code = compile(tree, prefix + name, "exec", dont_inherit=True, optimize=0 if name.startswith(TESTED) else 1)
    return name + "c", HEADER + marshal.dumps(lean_code(code, lines=name.startswith(TRACED)))


def reachable(files: dict[str, bytes], roots: Iterable[str], without: Iterable[str]) -> set[str]:
    """Return the paths of the modules that importing `roots` imports, packages above them included, `without` some."""
    modules = {module_name(path): path for path in files if path.endswith(".py")}
    for name in [name for unused in without for name in expanded(unused, modules)]:
        modules.pop(name, None)
    found: set[str] = set()
    waiting = [name for root in roots for name in expanded(root, modules)]
    while waiting:
        name = waiting.pop()
        if name in modules and name not in found:
            found.add(name)
            path = modules[name]
            waiting += imports(ast.parse(files[path]), name, path.endswith("__init__.py"))
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    return {modules[name] for name in found}


def expanded(root: str, modules: Iterable[str]) -> list[str]:
    """Turn `package.*` into the package and all modules in it; every other root stands for itself."""
    if not root.endswith(".*"):
        return [root]
    return [name for name in modules if name == root[:-2] or name.startswith(root[:-1])]


def module_name(path: str) -> str:
    """Turn `json/decoder.py` into `json.decoder`, and `json/__init__.py` into `json`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(tree: ast.Module, module: str, is_package: bool) -> Iterator[str]:  # noqa: FBT001
    """Yield the absolute names that a module imports when it is imported itself; imports in functions wait for a call."""
    package = module if is_package else module.rpartition(".")[0]
    for node in top_level(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def top_level(*nodes: ast.AST) -> Iterator[ast.AST]:
    """Yield `nodes` and those in them that run at import: no function bodies, nothing under a SKIPPED condition."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) in SKIPPED:
            yield from top_level(*node.orelse)
        else:
            yield from top_level(*ast.iter_child_nodes(node))
