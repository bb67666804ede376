"""Pyodide's largest module as a script of the page: what stays of it."""

import re

import pytest

from tools.compiler import PYODIDE
from tools.pyodide_script import as_script

MODULE = (
    "async function _createPyodideModule(moduleArg={}){var Module=moduleArg;var here=import.meta.url;"
    "var _used,_unused,_other,_value,_left,wasmMemory;function assignWasmExports(wasmExports){"
    '_used=Module["_used"]=wasmExports["used"];_unused=Module["_unused"]=wasmExports["unused"];'
    '_other=Module["_other"]=wasmExports["other"];_value=Module["_value"]=wasmExports["value"].value>>>0;'
    '_left=Module["_left"]=wasmExports["left"].value>>>0;}'
    "function use(){return _used(_left)}}export default _createPyodideModule;\n"
)


def test_names_that_no_script_uses_are_left_out() -> None:
    assert as_script(MODULE, ["module._other()"]) == (
        "//# allFunctionsCalledOnLoad\n"
        "async function _createPyodideModule(moduleArg={}){var Module=moduleArg;var here=document.baseURI;"
        "var _used,_other,_left,wasmMemory;function assignWasmExports(wasmExports){"
        '_used=Module["_used"]=wasmExports["used"];_other=Module["_other"]=wasmExports["other"];'
        '_left=Module["_left"]=wasmExports["left"].value>>>0;}'
        "function use(){return _used(_left)}}"
    )


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(MODULE.replace("export default", "export const"), id="exports something else"),
        pytest.param(MODULE.replace("import.meta.url", "import.meta.resolve()"), id="asks for something else"),
        pytest.param(MODULE.replace("function assignWasmExports", "function assign"), id="names the functions elsewhere"),
    ],
)
def test_another_module_is_refused(module: str) -> None:
    with pytest.raises(SystemExit, match="not the module"):
        as_script(module, ())


def test_of_pyodide_a_few_hundred_names_stay() -> None:
    script = as_script((PYODIDE / "pyodide.asm.mjs").read_text(), [(PYODIDE / "pyodide.mjs").read_text()])
    named = set(re.findall(r'([\w$]+)=Module\["[\w$]+"\]=wasmExports', script))
    assert {"_malloc", "_free", "_PyErr_Print"} <= named
    assert len(named) < 400
