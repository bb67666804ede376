"""The base stylesheet of the page: Pico, without its modules that style nothing there.

Each left out is less to fetch and to match. Two of them cost more than that: in a group of controls Pico looks at which one has
the focus, so that each move of the focus would style all buttons of the page anew; and in a navigation at which element is the
last, so that the end of the page, once it arrives, would style all that stands before it.
"""

from typing import Final

from tools.compiler import NODE_MODULES, made_of

PICO: Final = NODE_MODULES / "@picocss" / "pico"
NAME: Final = "pico.min.css"

LEFT_OUT: Final = (
    *("layout/container", "layout/grid", "layout/overflow-auto", "content/table", "forms/input-color", "forms/input-range"),
    *("components/dropdown", "components/group", "components/loading", "components/nav", "components/tooltip"),
)
"""The names of these modules in Pico's own list of them (scss/_settings.scss)."""

_SASS: Final = NODE_MODULES / "sass"
_OPTIONS: Final = ("--style=compressed", "--no-charset", "--no-source-map", "--quiet-deps")


def stylesheet() -> bytes:
    """Return Pico as CSS without the modules in `LEFT_OUT`, as Sass makes it. What was made before comes from .cache."""
    modules = ", ".join(f'"{name}": false' for name in LEFT_OUT)
    source = f'@use "@picocss/pico/scss/pico" with ($modules: ({modules}));\n'
    command = (_SASS / "sass.js", *_OPTIONS, f"--load-path={NODE_MODULES}")
    return made_of(source.encode(), "pico.scss", command, (*_OPTIONS, PICO / "package.json", _SASS / "package.json"))
