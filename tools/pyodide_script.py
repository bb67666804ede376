"""Makes Pyodide's largest module, pyodide.asm.mjs, fit for the page: a classic script, without the names that nothing uses.

Chromium keeps what it compiled of classic scripts for the next visit, and of modules it keeps nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

_EXPORT = re.compile(r'([\w$]+)=Module\["([\w$]+)"\]=wasmExports\["[\w$]+"\](?:\.value>>>0)?;')
"""A function of the interpreter, or the address of a value, gets its name: a variable, and a property for other scripts."""

_DECLARED = re.compile(r"var ([\w$,]+);(?=function assignWasmExports\()")
"""Where these variables are declared."""

_WORD = re.compile(r"[\w$]+")


def as_script(module: str, others: Iterable[str]) -> str:
    """Return the module as a script that declares what it exports, `_createPyodideModule`; `others` are scripts that use it.

    The module asks for its own address only to find the interpreter beside it, which static/start.js hands over. The comment on
    top asks Chromium to compile all functions at a first visit while the script arrives, beside what the page does.
    """
    script, exports = re.subn(r"export default _createPyodideModule;\s*$", "", module)
    script, addresses = re.subn(r"\bimport\.meta\.url\b", "document.baseURI", script)
    if exports != 1 or not addresses or re.search(r"\bimport\.meta\b|^export\b", script, re.MULTILINE):
        _refuse()
    return f"//# allFunctionsCalledOnLoad\n{_without_unused_names(script, others)}"


def _without_unused_names(script: str, others: Iterable[str]) -> str:
    """Leave out the names of the interpreter's functions and values that stand nowhere else: nine out of ten.

    They are for libraries in WebAssembly that a program loads at run time. Keystay has none.
    """
    used = Counter(_WORD.findall(script)) + Counter(word for other in others for word in _WORD.findall(other))
    declared = _DECLARED.search(script)
    if declared is None:
        _refuse()
    # as a variable and as a property, which mostly have one name, and in the declaration
    unused = {name for name, member in _EXPORT.findall(script) if name == member and used[name] == 3}
    kept = ",".join(name for name in declared[1].split(",") if name not in unused)
    script = f"{script[: declared.start()]}var {kept};{script[declared.end() :]}"
    return _EXPORT.sub(lambda found: "" if found[1] in unused else found[0], script)


def _refuse() -> NoReturn:
    message = "pyodide.asm.mjs is not the module that tools/pyodide_script.py knows"
    raise SystemExit(message)
