"""`Packages` by micropip, which takes each by its name from the site's lock; Pyodide checks its hash."""

import pyodide_js

from app.errors import PackageError


class PyodidePackages:
    """Loads packages that the start does without."""

    def __init__(self) -> None:
        self._loaded: set[str] = set()

    async def load(self, *names: str) -> None:
        """See `app.ports.Packages.load`."""
        for name in names:
            if name not in self._loaded:
                await _install(name)
                self._loaded.add(name)


async def _install(name: str) -> None:
    try:
        await pyodide_js.loadPackage("micropip")
        import micropip  # only now: it is a package itself

        await micropip.install(name)
    except Exception as error:
        raise PackageError(name, detail=str(error)) from error
