"""Runs in the page's Python, put there by `turns.py`: counts calls, and writes a line into the browser's trace now and then."""

import sys
from types import CodeType, FrameType
from typing import Any, Final

from js import console

SITE_PACKAGES: Final = "/lib/python3.14/site-packages/"


def count_calls(step: int) -> None:
    """From now on count each call of a function, those in C as well, and write a line after every `step`.

    What this calls itself is not counted: CPython tells a callback's calls to nobody.
    """
    monitoring = sys.monitoring  # type: ignore[attr-defined]  # not in Python 3.11
    calls = 0

    def count(_code: CodeType, _offset: int, _function: Any, _argument: Any) -> None:
        nonlocal calls
        calls += 1
        if calls % step == 0:
            console.timeStamp(f"calls {described(sys._getframe(1))}")

    monitoring.use_tool_id(monitoring.PROFILER_ID, "turns")
    monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.CALL, count)
    monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.CALL)


def described(frame: FrameType | None) -> str:
    """Say "import" or "run", and which functions of the app are at it, the innermost first; where there are none, any."""
    kind = "run"
    ours: list[str] = []
    others: list[str] = []
    while frame:
        code = frame.f_code
        if code.co_filename.startswith("<frozen importlib"):
            kind = "import"
        place = f"{code.co_filename.removeprefix(SITE_PACKAGES)}:{code.co_qualname}".replace(" ", "_")
        (ours if place.startswith("app/") else others).append(place)
        frame = frame.f_back
    return " ".join([kind, *(ours or others)])
