"""Makes Pyodide's largest module, pyodide.asm.mjs, fit for the page: a classic script, without what nothing uses.

Chromium keeps what it compiled of classic scripts for the next visit, and of modules it keeps nothing.

The module offers a thousand functions of the browser, from OpenGL to sockets, to libraries in WebAssembly that a program loads
at run time, and gives names to five thousand functions of the interpreter for the same. Keystay has no such libraries.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NoReturn

from tools.compiler import NODE_MODULES, made_of

_EXPORT = re.compile(r'([\w$]+)=Module\["([\w$]+)"\]=wasmExports\["[\w$]+"\](?:\.value>>>0)?;')
"""A function of the interpreter, or the address of a value, gets its name: a variable, and a property for other scripts."""

_DECLARED = re.compile(r"var ([\w$,]+);(?=function assignWasmExports\()")
"""Where these variables are declared."""

_OFFERED = re.compile(r"var wasmImports=\{([\w$:,]+)\};")
"""The functions that the interpreter, or a library, may import: a name, or a name and a variable."""

_SHARED = re.compile(r'Module\["([\w$]+)"\]=\1;')
"""A function or an object of the script becomes a property for other scripts."""

_SIGNATURE = re.compile(r'([\w$]+)\.sig="\w*";')
"""The types of a function, asked for where WebAssembly is to get its address."""

_ADDRESS = "var value=resolveGlobalSymbol(symName,true).sym;"
"""Where functions of which the interpreter wants the address are looked up: each is then wrapped in a WebAssembly module."""

_OPENGL = "emscripten_gl"
"""What the names of OpenGL's functions begin with. The interpreter has a table of their addresses, which nothing here reads."""

_WORD = re.compile(r"[\w$]+")
_PROPERTY = re.compile(r'(?:\.|\[["\'])([\w$]+)')

UNUSED = Path(__file__).with_name("unused.mjs")
TERSER = NODE_MODULES / "terser"


def as_script(module: str, imported: Collection[str], others: Collection[str]) -> str:
    """Return the module as a script that declares what it exports, `_createPyodideModule`.

    `imported` are the names that the interpreter imports; `others` are the scripts that use the module.

    The module asks for its own address only to find the interpreter beside it, which static/start.js hands over. The comment on
    top asks Chromium to compile all functions at a first visit while the script arrives, beside what the page does.
    """
    script, exports = re.subn(r"export default _createPyodideModule;\s*$", "", module)
    script, addresses = re.subn(r"\bimport\.meta\.url\b", "document.baseURI", script)
    if exports != 1 or not addresses or re.search(r"\bimport\.meta\b|^export\b", script, re.MULTILINE):
        _refuse()
    needed = {name for name in imported if not name.startswith(_OPENGL)}
    script = _without_unused_names(_without_addresses(script), others)
    script = _without_signatures(_without_offers(_without_properties(script, others), needed), needed)
    return f"//# allFunctionsCalledOnLoad\n{_without_unused_code(script)}"


def _without_unused_names(script: str, others: Iterable[str]) -> str:
    """Leave out the names of the interpreter's functions and values that stand nowhere else: nine out of ten."""
    used = Counter(_WORD.findall(script)) + Counter(word for other in others for word in _WORD.findall(other))
    declared = _DECLARED.search(script)
    if declared is None:
        _refuse()
    # as a variable and as a property, which mostly have one name, and in the declaration
    unused = {name for name, member in _EXPORT.findall(script) if name == member and used[name] == 3}
    kept = ",".join(name for name in declared[1].split(",") if name not in unused)
    script = f"{script[: declared.start()]}var {kept};{script[declared.end() :]}"
    return _EXPORT.sub(lambda found: "" if found[1] in unused else found[0], script)


def _without_addresses(script: str) -> str:
    """Give functions of OpenGL the address of no function, and wrap none of them."""
    if script.count(_ADDRESS) != 1:
        _refuse()
    return script.replace(_ADDRESS, f'if(symName.startsWith("{_OPENGL}")){{entry.value=0;continue}}{_ADDRESS}')


def _without_properties(script: str, others: Iterable[str]) -> str:
    """Leave out the properties that neither the script nor one of `others` asks for."""
    asked = {word for other in others for word in _WORD.findall(other)}
    used = Counter(_PROPERTY.findall(script))
    return _SHARED.sub(lambda found: found[0] if found[1] in asked or used[found[1]] > 1 else "", script)


def _without_offers(script: str, needed: Collection[str]) -> str:
    """Offer the interpreter what it imports, and nothing else."""
    offered = _OFFERED.search(script)
    if offered is None:
        _refuse()
    kept = ",".join(offer for offer in offered[1].split(",") if offer.partition(":")[0] in needed)
    return f"{script[: offered.start()]}var wasmImports={{{kept}}};{script[offered.end() :]}"


def _without_signatures(script: str, needed: Collection[str]) -> str:
    """Leave out the types of functions that nobody can ask for."""
    variables = {*needed, *(f"_{name}" for name in needed)}  # what is written in C has an underscore more
    return _SIGNATURE.sub(lambda found: found[0] if found[1] in variables else "", script)


def _without_unused_code(script: str) -> str:
    """Leave out the functions and variables that nothing uses any more; a script that was seen before comes from .cache.

    What is evaluated as text could use any of them by its name. Only the code of libraries would be, and gets the names that
    all scripts see.
    """
    script = re.sub(r"\beval\(", "(0,eval)(", script)
    return made_of(script.encode(), "script.js", [UNUSED, TERSER], [UNUSED, TERSER / "package.json"]).decode()


def _refuse() -> NoReturn:
    message = "pyodide.asm.mjs is not the module that tools/pyodide_script.py knows"
    raise SystemExit(message)
