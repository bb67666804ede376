"""Puts the partials of static/partials/ into index.html: pieces of HTML that would otherwise be written out many times.

index.html uses a partial as if it were a custom element::

    <form-field for="eab-kid" label="Key ID from the CA’s website">
      <input id="eab-kid">
    </form-field>

static/partials/form-field.html holds one element. In it, `{for}` stands for the attribute `for` of the use, and
`<slot></slot>` for what is inside the use. Attributes that the partial does not name, such as `hidden`, go to its
outermost element. A partial may use other partials. All of this happens in the build: browsers get plain HTML.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

Partials = Mapping[str, str]
"""Name → HTML."""

_USE: Final = re.compile(
    r"""(?P<indent>^[ ]*)?
        <(?P<name>[a-z]+-[a-z-]+)(?P<attributes>(?:\s+[\w-]+(?:="[^"]*")?)*)\s*>
        (?P<inside>.*?)
        </(?P=name)>""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_ATTRIBUTE: Final = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_PARAMETER: Final = re.compile(r"\{([\w-]+)\}")
_SLOT: Final = re.compile(r"(?P<indent>^[ ]*)?<slot></slot>", re.MULTILINE)
_LEFT_OVER: Final = re.compile(r"</?[a-z]+-[a-z-]*")


def read_page(root: Path) -> str:
    """Return the index.html of the checkout at `root`, with its partials put in. Stops with a sentence at a wrong use."""
    files = (root / "static" / "partials").glob("*.html")
    return expand((root / "index.html").read_text("utf-8"), {file.stem: file.read_text("utf-8") for file in files})


def expand(page: str, partials: Partials) -> str:
    """Return `page` with each use of one of `partials` replaced by its HTML. Stops with a sentence at a wrong use."""
    expanded = _USE.sub(lambda use: _expand_use(use, partials), page)
    if left_over := _LEFT_OVER.search(expanded):
        raise SystemExit(f"{left_over[0]}> is neither an HTML element nor a complete use of a partial")
    return expanded


def _expand_use(use: re.Match[str], partials: Partials) -> str:
    name, inside, indent = use["name"], use["inside"], use["indent"] or ""
    if name not in partials:
        raise SystemExit(f"<{name}> is not an HTML element, and there is no static/partials/{name}.html")
    given = dict(_ATTRIBUTE.findall(use["attributes"]))
    html = _with_parameters(name, partials[name].strip(), given)
    html = expand(html.replace("\n", f"\n{indent}"), partials)
    if bool(inside.strip()) > bool(_SLOT.search(html)):
        raise SystemExit(f"<{name}> has no slot for its content: {inside.strip()[:60]}")
    return indent + _SLOT.sub(lambda slot: _in_slot(slot, expand(inside, partials)), html)


def _with_parameters(name: str, html: str, given: Mapping[str, str]) -> str:
    """Fill in the parameters, and give all other attributes to the outermost element."""
    parameters = set(_PARAMETER.findall(html))
    if missing := parameters - given.keys():
        raise SystemExit(f"<{name}> lacks {', '.join(sorted(missing))}")
    html = _PARAMETER.sub(lambda parameter: given[parameter[1]], html)
    start, end, rest = html.partition(">")
    for attribute, value in given.items():
        if attribute not in parameters:
            if re.search(rf"\s{attribute}\b", start):
                raise SystemExit(f"<{name}> has its own {attribute}")
            start += f' {attribute}="{value}"' if value else f" {attribute}"
    return start + end + rest


def _in_slot(slot: re.Match[str], inside: str) -> str:
    """What replaces the slot: what is inside the use, which keeps the lines and the indentation that it has there."""
    if inside.startswith("\n"):
        return inside.removeprefix("\n").rstrip()
    return (slot["indent"] or "") + inside
