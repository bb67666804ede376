"""The base stylesheet of the page: Pico, without its modules that style nothing there.

Each left out is less to fetch and to match. Two of them cost more than that: in a group of controls Pico looks at which one has
the focus, so that each move of the focus would style all buttons of the page anew; and in a navigation at which element is the
last, so that the end of the page, once it arrives, would style all that stands before it.
"""

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

from tools.compiler import COMPILED, NODE_MODULES, node
from tools.steps import key_of, run

PICO: Final = NODE_MODULES / "@picocss" / "pico"
NAME: Final = "pico.min.css"

LEFT_OUT: Final = (
    *("layout/container", "layout/grid", "layout/overflow-auto", "content/table", "forms/input-color", "forms/input-range"),
    *("components/dropdown", "components/group", "components/loading", "components/nav", "components/tooltip"),
)
"""The names of these modules in Pico's own list of them (scss/_settings.scss)."""

_SASS: Final = NODE_MODULES / "sass"


def stylesheet(left_out: Collection[str] = LEFT_OUT) -> bytes:
    """Return Pico as CSS without the modules named in `left_out`, as Sass makes it. What was made before comes from .cache."""
    modules = ", ".join(f'"{name}": false' for name in left_out)
    source = f'@use "@picocss/pico/scss/pico" with ($modules: ({modules}));\n'
    target = COMPILED / f"{key_of(source, PICO / 'package.json', _SASS / 'package.json')}.css"
    if not target.exists():
        COMPILED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=COMPILED) as name:
            given, made = Path(name) / "pico.scss", Path(name) / "pico.css"
            given.write_text(source)
            options = ["--style=compressed", "--no-charset", "--no-source-map", "--quiet-deps", f"--load-path={NODE_MODULES}"]
            run([node(), _SASS / "sass.js", *options, given, made])
            made.replace(target)
    return target.read_bytes()
