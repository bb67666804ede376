"""Parts of the page that are bound when they are first used, so that their code is not imported before.

Nobody can tell: the event that uses a part first is caught on its way down, the part is bound, and then its own listeners get
that event.
"""

from collections.abc import Callable
from typing import Any, Final

import js
from pyodide.ffi import create_proxy

_USES: Final = ("click", "toggle", "focusin", "input", "change", "submit", "dragover", "drop")
"""What happens first to a part that a person, a script or the browser's own search opens, fills in or drops a file on."""


def bind_at_first_use(elements: tuple[Any, ...], bind: Callable[[], None], uses: tuple[str, ...] = _USES) -> None:
    """Call `bind` once, before the first of the events `uses` on one of `elements` or in them reaches any other listener there.

    A fold that was opened while Python was loading tells of it again.
    """

    def first(_: Any) -> None:
        for element in elements:
            for event in uses:
                element.removeEventListener(event, proxy, True)  # noqa: FBT003 – the DOM’s own signature
        bind()

    proxy = create_proxy(first)
    for element in elements:
        for event in uses:
            element.addEventListener(event, proxy, True)  # noqa: FBT003 – on its way down, before any other listener gets it
    for element in elements:
        if getattr(element, "open", False):
            element.dispatchEvent(js.Event.new("toggle"))
