"""Lets Python import the part of the app that the start does not need: its archive arrives while the other part is imported."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from zipimport import zipimporter


class LaterCode:
    """Finds modules of the app in the `archive` (its path) that their packages are not in: one of `sys.meta_path`."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._importers: dict[str, zipimporter] = {}

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder.find_spec`."""
        package = name.rpartition(".")[0]
        if package.partition(".")[0] != "app":
            return None
        importer = self._importers.get(package)
        if importer is None:
            importer = self._importers[package] = zipimporter(f"{self._archive}/{package.replace('.', '/')}")
        return importer.find_spec(name)


async def add_later_code() -> None:
    """Wait for the archive, and let Python import from it. If it does not come, boot.mjs says so, and this never ends."""
    import js  # here, because the finder above is tested without a browser

    sys.meta_path.append(LaterCode(str(await js.keystayStart.addLaterCode())))
