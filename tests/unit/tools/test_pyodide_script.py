"""Pyodide's largest module as a script of the page: what stays of it."""

import re

import pytest

from tools.compiler import PYODIDE
from tools.pyodide_script import as_script
from tools.runtime import runtime_files

LOOKUP = "var value=resolveGlobalSymbol(symName,true).sym;"
MODULE = (
    "async function _createPyodideModule(moduleArg={}){var Module=moduleArg;var here=import.meta.url;"
    "var _used,_unused,_other,_value,_left,wasmMemory;function assignWasmExports(wasmExports){"
    '_used=Module["_used"]=wasmExports["used"];_unused=Module["_unused"]=wasmExports["unused"];'
    '_other=Module["_other"]=wasmExports["other"];_value=Module["_value"]=wasmExports["value"].value>>>0;'
    '_left=Module["_left"]=wasmExports["left"].value>>>0;}'
    'function helper(){return 1}function _play(){return helper()}_play.sig="v";var _wait=()=>2;_wait.sig="i";'
    'var _emscripten_glClear=()=>3;_emscripten_glClear.sig="v";Module["_play"]=_play;Module["_wait"]=_wait;'
    "var wasmImports={play:_play,wait:_wait,emscripten_glClear:_emscripten_glClear};"
    f"function setAddresses(){{for(var[symName,entry]of Object.entries(GOT)){{{LOOKUP}entry.value=addFunction(value)}}}}"
    "function use(){return _used(_left,eval(here))}use();setAddresses();return[assignWasmExports,wasmImports,wasmMemory]}"
    "export default _createPyodideModule;\n"
)
ALL = ("play", "wait", "emscripten_glClear")


def test_names_that_no_script_uses_are_left_out() -> None:
    script = as_script(MODULE, ALL, ["module._other()"])
    assert script.startswith("//# allFunctionsCalledOnLoad\nasync function _createPyodideModule(")
    assert "var here=document.baseURI" in script
    assert set(re.findall(r'Module\["(\w+)"\]=wasmExports', script)) == {"_used", "_other", "_left"}
    assert not re.search(r"\b_(unused|value)\b", script)


def test_functions_that_the_interpreter_does_not_import_are_left_out_with_all_that_only_they_use() -> None:
    script = as_script(MODULE, ["wait"], ())
    assert "wasmImports={wait:_wait}" in script
    assert '_wait.sig="i"' in script
    assert not re.search(r"helper|play|glClear", script)


def test_a_function_that_another_script_asks_for_stays() -> None:
    script = as_script(MODULE, ["wait"], ["module._play()"])
    assert 'Module["_play"]=_play' in script
    assert "function helper()" in script


def test_functions_of_opengl_get_no_address() -> None:
    script = as_script(MODULE, ALL, ())
    assert re.search(r'if\(symName\.startsWith\("emscripten_gl"\)\)\{entry\.value=0;continue\}.*addFunction', script)
    assert "glClear" not in script


def test_text_that_is_evaluated_sees_no_name_of_the_script() -> None:
    assert "(0,eval)(here)" in as_script(MODULE, ALL, ())


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(MODULE.replace("export default", "export const"), id="exports something else"),
        pytest.param(MODULE.replace("import.meta.url", "import.meta.resolve()"), id="asks for something else"),
        pytest.param(MODULE.replace("function assignWasmExports", "function assign"), id="names the functions elsewhere"),
        pytest.param(MODULE.replace("wasmImports={", "imports={"), id="offers its functions elsewhere"),
        pytest.param(MODULE.replace("true).sym", "false).sym"), id="looks addresses up elsewhere"),
    ],
)
def test_another_module_is_refused(module: str) -> None:
    with pytest.raises(SystemExit, match="not the module"):
        as_script(module, ALL, ())


def test_of_pyodide_less_than_half_stays() -> None:
    script = runtime_files({})["pyodide.asm.js"].decode()
    named = set(re.findall(r'([\w$]+)=Module\["[\w$]+"\]=wasmExports', script))
    assert {"_malloc", "_free", "_PyErr_Print"} <= named
    assert len(named) < 400
    offered = re.search(r"wasmImports=\{([^}]*)\}", script)
    assert offered
    assert {"fd_write", "JsvArray_New", "emscripten_resize_heap"} <= set(re.findall(r"[\w$]+", offered[1]))
    assert not re.search(r"_emscripten_gl[A-Z]", script)
    assert len(script) < (PYODIDE / "pyodide.asm.mjs").stat().st_size / 2
