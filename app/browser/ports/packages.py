"""`Packages` by micropip, which takes each by its name from the site's lock.

Pyodide passes the hash in the lock to the browser's fetch (Subresource Integrity), so a file that is not what was built never
gets as far as Python.
"""

import asyncio

import pyodide_js

from app.errors import PackageError


class PyodidePackages:
    """Loads packages that the start does without, each once, however many ask for it."""

    def __init__(self) -> None:
        self._loads: dict[str, asyncio.Future[None]] = {}

    async def load(self, *names: str) -> None:
        """See `app.ports.Packages.load`."""
        await asyncio.gather(*map(self._load, names))

    async def _load(self, name: str) -> None:
        load = self._loads.get(name)
        if load is None or _failed(load):
            load = self._loads[name] = asyncio.ensure_future(_install(name))
        await asyncio.shield(load)  # whoever gives up waiting does not stop it for the others


def _failed(load: asyncio.Future[None]) -> bool:
    return load.done() and (load.cancelled() or load.exception() is not None)


async def _install(name: str) -> None:
    locked = pyodide_js.lockfile.packages.to_py()
    if name not in locked:  # micropip would ask an index on the web for it
        raise PackageError(name, detail=f"not locked: {name}")
    try:
        await pyodide_js.loadPackage("micropip")
        if _is_loaded("micropip"):
            import micropip  # only now: it is a package itself

            await micropip.install(name, deps=False)
    except Exception as error:
        raise PackageError(name, detail=str(error)) from error
    for needed in ("micropip", name):
        if not _is_loaded(needed):
            raise PackageError(name, detail=f"not loaded: {locked[needed]['file_name']}")


def _is_loaded(name: str) -> bool:
    """Whether a package is there. Of a file that did not come, or with another hash, Pyodide only tells the console."""
    return name in pyodide_js.loadedPackages.to_py()
