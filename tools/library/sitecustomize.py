"""`sitecustomize` in a page, which `site` imports before all that comes out of archives: each module is read there once.

`zipimport` reads a module and makes its code to find out the name of its file, throws both away, and does the same again to run
it (python/cpython#141276). With the 270 modules of a start, that took a twentieth of the time.
"""

from types import CodeType
from typing import Any, Final
from zipimport import _get_module_code, zipimporter  # type: ignore[attr-defined]

_found: Final[dict[tuple[str, str, str], CodeType]] = {}
"""By archive, folder and name: the code of modules whose file was asked for, until they are run."""


def _get_filename(importer: Any, fullname: str) -> str:
    code, _, path = _get_module_code(importer, fullname)
    _found[importer.archive, importer.prefix, fullname] = code
    return str(path)


def _get_code(importer: Any, fullname: str) -> CodeType:
    code = _found.pop((importer.archive, importer.prefix, fullname), None)
    made: CodeType = code or _get_module_code(importer, fullname)[0]
    return made


zipimporter.get_filename = _get_filename  # type: ignore[assignment, method-assign]
zipimporter.get_code = _get_code  # type: ignore[assignment, method-assign]
