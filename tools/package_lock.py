"""Makes Pyodide's lock file: the packages that are loaded after the start, their paths and hashes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tools.compiler import PYODIDE
from tools.runtime import LATER_WHEELS, wheel

MODULES = {"pydes": "pyDes"}
"""Packages whose module has another name."""


def package_lock(runtime: Mapping[str, bytes], runtime_path: str) -> bytes:
    """Return Pyodide's lock: the wheels for later, with their hashes. Paths in it begin with `runtime_path`.

    `cryptography` is not in it: the core works without, and its wheel for the browser is only on Pyodide's own host.
    """
    official = json.loads((PYODIDE / "pyodide-lock.json").read_text())
    packages = []
    for name in LATER_WHEELS:
        file = wheel(name).name
        packages.append(_package(name, file.split("-")[1], MODULES.get(name, name), runtime_path + file, runtime[file]))
    lock = {"info": official["info"], "packages": {package["name"]: package for package in packages}}
    return json.dumps(lock, indent=2, sort_keys=True).encode()


def _package(name: str, version: str, module: str, file_name: str, content: bytes) -> dict[str, Any]:
    return {
        "depends": [],
        "file_name": file_name,
        "imports": [module],
        "install_dir": "site",
        "name": name,
        "package_type": "package",
        "sha256": hashlib.sha256(content).hexdigest(),
        "unvendored_tests": False,
        "version": version,
    }
