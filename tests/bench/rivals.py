"""What the page is compared with, as folders to serve: PyScript as it comes, and another ACME client that runs in browsers."""

import shutil
from pathlib import Path
from typing import Final

from tests.bench.served import write_site
from tools.paths import CACHE

NPM: Final = CACHE / "npm" / "node_modules"
BENCH_NPM: Final = CACHE / "npm-bench" / "node_modules"
PYODIDE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
WHEELS: Final = ("asn1crypto", "idna")
HERE: Final = Path(__file__).parent
FOREVER: Final = "0" * 12
"""A folder whose files browsers keep without asking again, as they keep those of the page (tools/policy.py)."""

STOCK: Final = """<!doctype html>
<html lang="en" data-app="loading">
<meta charset="utf-8">
<title>PyScript as it comes</title>
<link rel="stylesheet" href="{folder}/pyscript/core.css">
<script type="module" src="{folder}/pyscript/core.js"></script>
<script type="py" config='{{"interpreter": "{folder}/pyodide/pyodide.mjs", "files": {{{files}}}}}'>
import asn1crypto.csr, asn1crypto.pem, asn1crypto.x509, idna
from pyscript import document
document.documentElement.dataset.app = "ready"
</script>
</html>
"""


def write_stock(folder: Path) -> str:
    """Make a site of PyScript and Pyodide as they come, which imports the packages that the page imports, too.

    Wheels are files that PyScript unpacks: by their names it would load micropip first, which takes longer.
    """
    files = {f"{FOREVER}/pyodide/{name}": (NPM / "pyodide" / name).read_bytes() for name in PYODIDE}
    core = NPM / "@pyscript" / "core" / "dist"
    files |= {f"{FOREVER}/pyscript/{path.name}": path.read_bytes() for path in core.iterdir() if path.suffix in (".js", ".css")}
    wheels = [path for name in WHEELS for path in (CACHE / "wheels").glob(f"{name}-*.whl")]
    files |= {f"{FOREVER}/{path.name}": path.read_bytes() for path in wheels}
    listed = ", ".join(f'"./{FOREVER}/{path.name}": "./*"' for path in wheels)
    files["index.html"] = STOCK.format(folder=f"./{FOREVER}", files=listed).encode()
    write_site(folder, files)
    return str(folder)


def write_peer(folder: Path) -> str:
    """Make a site of the other ACME client; "" where it was not installed."""
    package = BENCH_NPM / "@fishballpkg" / "acme" / "esm"
    if not package.is_dir():
        return ""
    shutil.copytree(package, folder / FOREVER)
    shutil.copy(HERE / "peer.mjs", folder)
    (folder / "index.html").write_text(
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Another ACME client</title>\n'
        '<script type="module" src="peer.mjs"></script>\n</html>\n'
    )
    return str(folder)
