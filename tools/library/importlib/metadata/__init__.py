"""`importlib.metadata`, imported when somebody asks it something.

`importlib.invalidate_caches`, which Pyodide calls after each package, imports it to clear its cache, and it imports a lot:
`email` first of all. The original comes with micropip, the one package that asks, as `_importlib_metadata`.
"""

import sys
from typing import Any, Final

ORIGINAL: Final = "_importlib_metadata"


class MetadataPathFinder:
    """What the import system itself calls; as the original."""

    @classmethod
    def invalidate_caches(cls) -> None:
        """Clear the original's cache, where there is one."""
        if ORIGINAL in sys.modules:
            _ask("MetadataPathFinder").invalidate_caches()

    @classmethod
    def find_distributions(cls, *context: Any) -> Any:
        """Find what is installed."""
        return _ask("MetadataPathFinder").find_distributions(*context)


def _ask(name: str) -> Any:
    from importlib import import_module

    return getattr(import_module(ORIGINAL), name)


def __getattr__(name: str) -> Any:
    """Take everything else from the original."""
    if name.startswith("_"):
        raise AttributeError(name)
    return _ask(name)
