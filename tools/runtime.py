"""The runtime folder: Pyodide, PyScript, Pico and the wheels, made smaller and quicker to start.

Everything comes out of .cache, where tools/setup.py put it after checking its hash.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools import pico
from tools.archive import pack, unpack
from tools.compile_archive import reachable
from tools.compiler import NODE_MODULES, PYODIDE, Job, compile_archives, imported_names
from tools.paths import CACHE, ROOT
from tools.pyodide_script import as_script
from tools.wasm_imports import imports_of

PYSCRIPT = NODE_MODULES / "@pyscript" / "core"
WHEEL_FILES = CACHE / "wheels"
SOURCE_WHEEL_FILES = CACHE / "source-wheels"

START_WHEELS = ("asn1crypto", "idna")
"""Wheels whose modules are imported at every start."""

LATER_WHEELS = ("dnspython", "micropip", "publicsuffixlist", "pydes")
"""Wheels that `app.ports.Packages` loads when they are first needed."""

WHEELS = (*START_WHEELS, *LATER_WHEELS)

TRIMMED_WHEELS: Mapping[str, tuple[str, ...]] = {
    "asn1crypto": ("asn1crypto",),
    # dnspython imports the types of records by name, when a message holds one; it reads any other type as plain bytes.
    "dnspython": ("dns.rdtypes.ANY.DNAME", "dns.rdtypes.ANY.OPT", "dns.rdtypes.ANY.RRSIG"),
    "idna": ("idna", "idna.uts46data"),
    "publicsuffixlist": ("publicsuffixlist",),
}
"""Wheels of which only the modules stay that the app imports, and those named here; each with what it imports itself."""

MOVED_MODULES: Mapping[str, tuple[str, ...]] = {
    "dnspython": ("random",),
    "micropip": (
        "_importlib_metadata", "_markupbase", "_original_logging", "calendar", "email", "locale", "platform", "quopri",
        "sysconfig",
    ),
}  # fmt: skip
"""Modules of the standard library that only such a later wheel needs: they come with it, not at the start."""

ORIGINALS: Mapping[str, str] = {"importlib/metadata/": "_importlib_metadata/", "logging/__init__.py": "_original_logging.py"}
"""Folders and files of the standard library → their other names, by which ours in their places ask them for what they lack."""

NEVER_READ = (".dist-info/RECORD", ".dist-info/entry_points.txt", "/py.typed", "/test_psl.txt")
"""How the paths of files in wheels end that the page has no use for. RECORD names the sources, which are compiled away."""


LIBRARY = ROOT / "tools" / "library"
"""Modules of ours that take the places of some in the standard library; `tools/library/__init__.py` says why."""

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.wasm")
PYODIDE_SCRIPT = "pyodide.asm.js"
PYSCRIPT_PLUGINS = ("error",)
"""What PyScript's core loads by name at run time under static/pyscript.json; everything else there is switched off."""

ALWAYS_KEPT = (
    # Pyodide's own and what it imports from C or inside functions
    "_pyodide.*", "pyodide.*", "asyncio", "importlib._abc", "importlib.abc", "importlib.metadata", "tarfile",
    # imported by name, or by C code: codecs of text and of file names in zips, what prints tracebacks
    "encodings.ascii", "encodings.cp1252", "encodings.cp437", "encodings.idna", "encodings.latin_1",
    "encodings.punycode", "encodings.raw_unicode_escape", "encodings.unicode_escape", "encodings.utf_16",
    "encodings.utf_16_be", "encodings.utf_16_le", "encodings.utf_32", "encodings.utf_32_be", "encodings.utf_8",
    "encodings.utf_8_sig", "linecache", "sitecustomize", "traceback",
)  # fmt: skip
"""Modules of the standard library that stay although no import statement in the app or the wheels leads to them."""

NEVER_USED = (
    # the interpreter holds these itself ("frozen"), and takes no others in their places
    "_collections_abc", "_sitebuiltins", "abc", "codecs", "genericpath", "importlib._bootstrap",
    "importlib._bootstrap_external", "importlib.machinery", "importlib.util", "io", "ntpath", "os", "posixpath", "site", "stat",
    "zipimport",
    "_pydatetime",  # replaces a module in C that is there
    "_py_abc", "_threading_local",  # so do these two
    "argparse", "ctypes.*",  # idna's command line; micropip's look at the C library of other systems
    "http.client", "ssl", "urllib.error", "urllib.request", "urllib.response",  # how programs fetch
    "bz2", "compression.*", "lzma",  # kinds of compression in zips that nobody sends here; zipfile and shutil cope
    "getopt", "plistlib",  # command lines; what Apple's systems say of themselves
    "pickle", "statistics",  # what a logger refuses, how random tests itself
    "pyodide._nodesock_transport", "pyodide.console",  # sockets in Node, a command line
)  # fmt: skip
"""Modules that some import statement names and that the page never imports."""


def runtime_files(app: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the runtime folder by name.

    `app` are the app's sources, whose imports decide what stays of the standard library.
    """
    pyscript = _pyscript_files()
    return {
        **{name: (PYODIDE / name).read_bytes() for name in PYODIDE_FILES},
        PYODIDE_SCRIPT: _pyodide_script(pyscript.values()).encode(),
        **pyscript,
        pico.NAME: pico.stylesheet(),
        **_python_files(app),
        "LICENSE-pyscript.txt": (PYSCRIPT / "LICENSE").read_bytes(),
        "LICENSE-pico.txt": (pico.PICO / "LICENSE.md").read_bytes(),
        "README-pyodide.txt": (PYODIDE / "README.md").read_bytes(),
    }


def wheel(name: str) -> Path:
    """Find the wheel of a package in .cache; name and hash, or those of its source, are in tools/*.txt."""
    found = sorted(file for folder in (WHEEL_FILES, SOURCE_WHEEL_FILES) for file in folder.glob(f"{name}-*.whl"))
    if len(found) != 1:
        message = f"Exactly one wheel of {name} is needed in {WHEEL_FILES}: run `python3 -m tools.setup build` first"
        raise SystemExit(message)
    return found[0]


def _pyodide_script(pyscript: Iterable[bytes]) -> str:
    """Return the script of Pyodide, with what its interpreter, its other module and PyScript ask for."""
    imported = imports_of((PYODIDE / "pyodide.asm.wasm").read_bytes())
    others = [(PYODIDE / "pyodide.mjs").read_text(), *(content.decode() for content in pyscript)]
    return as_script((PYODIDE / "pyodide.asm.mjs").read_text(), imported, others)


def _pyscript_files() -> dict[str, bytes]:
    """Return PyScript's core and the chunks that it loads under our configuration."""
    found: dict[str, bytes] = {}
    waiting = ["core.js"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (PYSCRIPT / "dist" / name).read_bytes()
            waiting += _chunks(found[name].decode())
    return found


def _chunks(script: str) -> list[str]:
    """Return the chunks that a script imports when it is read, and the plugins that it will import by name."""
    static = re.findall(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""", script)
    dynamic = re.findall(r"""import\([^)]*?["']\./([\w.-]+\.js)["']""", script)
    return static + [name for name in dynamic if name.partition("-")[0] in PYSCRIPT_PLUGINS]


def _python_files(app: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the trimmed standard library and the wheels, compiled."""
    library, ours = _standard_library(), imported_names(app)
    contents = {name: _used(name, unpack(wheel(name).read_bytes()), ours) | _moved(name, library) for name in WHEELS}
    roots = ours.union(ALWAYS_KEPT, *map(imported_names, contents.values()))
    moved = tuple(f"{module}.*" for modules in MOVED_MODULES.values() for module in modules)
    jobs = [Job(pack(library), "/lib/python314.zip/", tuple(sorted(roots)), (*NEVER_USED, *moved))]
    jobs += [Job(pack(files), "/lib/python3.14/site-packages/") for files in contents.values()]
    stdlib, *compiled = compile_archives(jobs)
    return {"python_stdlib.zip": stdlib, **{wheel(name).name: made for name, made in zip(WHEELS, compiled, strict=True)}}


def _moved(package: str, library: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the standard library that come with a package."""
    modules = MOVED_MODULES.get(package, ())
    return {name: text for name, text in library.items() if name.partition("/")[0].removesuffix(".py") in modules}


def _standard_library() -> dict[str, bytes]:
    """Return Pyodide's standard library, ours in their places."""
    ours = {path.relative_to(LIBRARY).as_posix(): path.read_bytes() for path in sorted(LIBRARY.rglob("*.py"))}
    del ours["__init__.py"]
    library = unpack((PYODIDE / "python_stdlib.zip").read_bytes())
    for folder, kept in ORIGINALS.items():
        library |= {kept + name.removeprefix(folder): text for name, text in library.items() if name.startswith(folder)}
    library["html/entities.py"] = entities_in_short(library["html/entities.py"])
    return library | ours


def entities_in_short(source: bytes) -> bytes:
    """Return `html.entities` with the one table of it that others import, in half as many bytes when compressed.

    Names follow their characters, ordered by these; last come the names that HTML also knows without a semicolon.
    """
    tables = {ast.unparse(node.targets[0]): node.value for node in ast.parse(source).body if isinstance(node, ast.Assign)}
    html5: dict[str, str] = ast.literal_eval(tables["html5"])
    whole = "\0".join(sorted(f"{text} {name}" for name, text in html5.items() if name.endswith(";")))
    bare = " ".join(name for name in html5 if not name.endswith(";"))
    lines = [
        f"named = {whole!r}.split({chr(0)!r})",
        "html5 = {name: text for text, _, name in (each.rpartition(' ') for each in named)}",
        f"html5 |= {{name: html5[name + ';'] for name in {bare!r}.split()}}",
    ]
    return "\n".join(lines).encode()


def _used(package: str, files: Mapping[str, bytes], ours: Iterable[str]) -> dict[str, bytes]:
    """Return what is used of the files of a package's wheel; `ours` are the names that the app imports. Licences stay."""
    unused = {name for name in files if name.endswith(NEVER_READ)}
    if package in TRIMMED_WHEELS:
        modules = {name for name in files if name.endswith(".py")}
        unused |= modules - reachable(dict(files), (*ours, *TRIMMED_WHEELS[package]), ())
    return {name: _shortened(name, content) for name, content in files.items() if name not in unused}


def _shortened(name: str, content: bytes) -> bytes:
    """Leave of a package's metadata the fields; after the first empty line, they describe it to people."""
    return content.partition(b"\n\n")[0] + b"\n" if name.endswith(".dist-info/METADATA") else content
