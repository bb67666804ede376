"""`logging` as far as Python's own modules need it: warnings and errors go to standard error, as without any set-up.

Everything else is taken from the original, which comes with the one package that logs, as `_original_logging`.
"""

import sys
import traceback
from typing import Any, Final

CRITICAL: Final = 50
ERROR: Final = 40
WARNING: Final = 30
INFO: Final = 20
DEBUG: Final = 10
NOTSET: Final = 0

ORIGINAL: Final = "_original_logging"


class _LastResort:
    """A logger that nobody has set up."""

    def isEnabledFor(self, level: int) -> bool:
        """Whether a message of this level is written."""
        return level >= WARNING

    def getEffectiveLevel(self) -> int:
        """From which level on messages are written."""
        return WARNING

    def log(self, level: int, msg: object, *args: Any, exc_info: Any = None, **_: Any) -> None:
        """Write a message, and its exception: one, what `sys.exc_info` gives, or True for the one that is handled."""
        if not self.isEnabledFor(level):
            return
        text = str(msg) % (args[0] if len(args) == 1 and isinstance(args[0], dict) and args[0] else args) if args else str(msg)
        lines = [text, *_traceback(exc_info)]
        sys.stderr.write("\n".join(lines) + "\n")

    def debug(self, msg: object, *args: Any, **options: Any) -> None:
        """Write nothing."""
        self.log(DEBUG, msg, *args, **options)

    def info(self, msg: object, *args: Any, **options: Any) -> None:
        """Write nothing."""
        self.log(INFO, msg, *args, **options)

    def warning(self, msg: object, *args: Any, **options: Any) -> None:
        """Write a warning."""
        self.log(WARNING, msg, *args, **options)

    def error(self, msg: object, *args: Any, **options: Any) -> None:
        """Write an error."""
        self.log(ERROR, msg, *args, **options)

    def exception(self, msg: object, *args: Any, exc_info: Any = True, **options: Any) -> None:
        """Write an error, and the exception that is being handled."""
        self.log(ERROR, msg, *args, exc_info=exc_info, **options)

    def critical(self, msg: object, *args: Any, **options: Any) -> None:
        """Write what ends everything."""
        self.log(CRITICAL, msg, *args, **options)


def _traceback(exc_info: Any) -> list[str]:
    if not exc_info:
        return []
    if isinstance(exc_info, BaseException):
        error: BaseException | None = exc_info
    else:
        error = exc_info[1] if isinstance(exc_info, tuple) else sys.exc_info()[1]
    return "".join(traceback.format_exception(error)).splitlines() if error else ["NoneType: None"]


def getLogger(name: str | None = None) -> Any:
    """A logger: the original's, where that is there."""
    try:
        return _original().getLogger(name)
    except ImportError:
        return _LastResort()


def _original() -> Any:
    from importlib import import_module

    return import_module(ORIGINAL)


def __getattr__(name: str) -> Any:
    """Take everything else from the original."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(_original(), name)
