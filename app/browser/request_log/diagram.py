"""The picture of what was sent: `app.ui.request_log.diagram.DiagramModel` as SVG made of elements.

Places along the width are in percent and heights in em, without a viewBox: the letters have the same size at every width, and
grow with the text of the page. To a screen reader it is a list: the keys, then the arrows, each a link to its first request.
"""

from collections.abc import Callable
from typing import Any, Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill
from app.ui.request_log.diagram import Arrow, DiagramModel
from app.ui.request_log.parties import BORDER, HOME, Lane, browser_lane

_SVG: Final = "http://www.w3.org/2000/svg"
_KEYS: Final = (BORDER * 0.1, BORDER * 0.8)  # left edge and width of the box of the keys
_LINE: Final = 1.3  # em from one line of a name to the next
_KEY_LINE: Final = 1.6
_FIRST_LINE: Final = 1.6
_ROW: Final = 3.65  # em from one arrow to the next


def entry_id(number: int) -> str:
    """The id of the entry of the list that an arrow leads to."""
    return f"ledger-entry-{number}"


class DomDiagram:
    """The picture. `open_entry` is called with the number of the request whose arrow was chosen."""

    def __init__(self, open_entry: Callable[[int], None]) -> None:
        self._open_entry = open_entry
        self._svg = by_id("diagram")
        self._shown: DiagramModel | None = None
        self._frame: list[Any] = []
        self._tall: list[tuple[Any, str, float]] = []
        self._links: list[Any] = []
        add_event_listener(self._svg, "click", self._choose)

    def show(self, model: DiagramModel) -> None:
        """Show `model`. Only what has changed is drawn again, and an arrow that has the focus keeps it."""
        before, self._shown = self._shown, model
        if model == before:
            return
        for name in ("side", "crossed", "choose"):
            fill(self._svg.parentElement, name, getattr(model, name))
        same_frame = before is not None and (before.keys, before.lanes) == (model.keys, model.lanes)
        if not same_frame:
            self._draw_frame(model)
        drawn = before.arrows if before and same_frame else ()
        for n, arrow in enumerate(model.arrows):
            if n >= len(drawn) or drawn[n] != arrow:
                self._draw_arrow(n, arrow, model)
        for link in self._links[len(model.arrows) :]:
            link.parentElement.remove()
        del self._links[len(model.arrows) :]
        self._stretch(_top_of_arrows(model) + len(model.arrows) * _ROW)

    def _choose(self, event: Any) -> None:
        link = event.target.closest("a")
        if link and not (event.ctrlKey or event.metaKey or event.shiftKey):
            event.preventDefault()  # the address stays as it is: it may be a link that fills in the form
            self._open_entry(int(link.getAttribute("data-first")))

    # ---- what stands still ----

    def _draw_frame(self, model: DiagramModel) -> None:
        for element in self._frame:
            element.remove()
        lanes = _element("g", aria_hidden="true")
        home = _element("rect", class_="home", x="0", y="0", width=_percent(BORDER), rx="8")
        border = _element("line", class_="border", x1=_percent(BORDER), x2=_percent(BORDER), y1="0")
        head = _head(model)
        lines = [_life(HOME, _top_of_keys(model) + _key_box(model)), *(_life(lane.x, head + 0.9) for lane in model.lanes)]
        names = [_name(browser_lane()), *map(_name, model.lanes)]
        lanes.append(home, *lines, *(text for name in names for text in name), border)
        keys = _keys(model)
        self._frame = [lanes, keys]
        self._tall = [(home, "height", 0), (border, "y2", 0), *((line, "y2", -0.5) for line in lines)]
        self._svg.querySelector("defs").after(lanes, keys)

    def _stretch(self, height: float) -> None:
        """Make the picture `height` em high, and all that goes from its top to its bottom."""
        self._svg.setAttribute("height", _em(height))
        for element, attribute, more in self._tall:
            element.setAttribute(attribute, _em(height + more))

    # ---- arrows ----

    def _draw_arrow(self, n: int, arrow: Arrow, model: DiagramModel) -> None:
        if n == len(self._links):
            item, link = _element("g", role="listitem"), _element("a")
            item.append(link)
            self._svg.append(item)
            self._links.append(link)
        link = self._links[n]
        for name, value in (
            ("href", f"#{entry_id(arrow.first)}"),
            ("aria-label", arrow.label),
            ("data-first", str(arrow.first)),
        ):
            link.setAttribute(name, value)
        y = _top_of_arrows(model) + n * _ROW
        link.replaceChildren(_area(y), _words(arrow, y), *_lines(arrow, model, y))


def _head(model: DiagramModel) -> float:
    """Where the last line of the names ends, in em."""
    most = max(len(lane.lines) for lane in (browser_lane(), *model.lanes))
    return _FIRST_LINE + _LINE * (most - 1)


def _top_of_keys(model: DiagramModel) -> float:
    return _head(model) + 1.1


def _key_box(model: DiagramModel) -> float:
    return 3.9 + _KEY_LINE * (max(len(model.keys.lines), len(model.keys.short)) - 1)


def _top_of_arrows(model: DiagramModel) -> float:
    """Where the words of the first arrow stand."""
    return _top_of_keys(model) + _key_box(model) + 2.4


def _life(x: float, top: float) -> Any:
    return _element("line", class_="life", x1=_percent(x), x2=_percent(x), y1=_em(top))


def _name(lane: Lane) -> list[Any]:
    return [
        _element("text", line, class_="who", x=_percent(lane.x), y=_em(_FIRST_LINE + _LINE * n))
        for n, line in enumerate(lane.lines)
    ]


def _keys(model: DiagramModel) -> Any:
    """The keys, on the browser's side of the dashed line."""
    item, top = _element("g", role="listitem", aria_label=model.keys.label), _top_of_keys(model)
    left, width = _KEYS
    box = _element(
        "rect", class_="keys", x=_percent(left), y=_em(top), width=_percent(width), height=_em(_key_box(model)), rx="6"
    )
    symbol = _element("svg", x=_percent(HOME), y=_em(top + 0.6), aria_hidden="true")
    symbol.append(_element("use", href="#mark-key", x="-12", y="0", width="24", height="14"))
    first, words = top + 3, list[Any]()
    for class_, lines in (("wide", model.keys.lines), ("slim", model.keys.short)):
        words += [_key_text(line, class_, first + _KEY_LINE * n) for n, line in enumerate(lines)]
    item.append(box, symbol, *words)
    return item


def _key_text(text: str, class_: str, y: float) -> Any:
    return _element("text", text, class_=class_, x=_percent(HOME), y=_em(y), text_anchor="middle")


def _area(y: float) -> Any:
    """Where a press chooses an arrow: the whole row."""
    return _element("rect", class_="area", x=_percent(HOME), y=_em(y - 1.3), width=_percent(100 - HOME), height=_em(_ROW))


def _words(arrow: Arrow, y: float) -> Any:
    words = _element("text", x=_percent(BORDER + 2), y=_em(y))
    if arrow.number:
        words.append(_element("tspan", str(arrow.number), class_="no"), " ")
    words.append(_element("tspan", arrow.said, class_="wide"), _element("tspan", arrow.what, class_="slim"))
    return words


def _lines(arrow: Arrow, model: DiagramModel, y: float) -> list[Any]:
    """The arrow there and, if an answer came, the one back. What was blocked ends at the dashed line."""
    there, back = y + 0.75, y + 1.6
    if arrow.lane is None:
        stop = _element("svg", x=_percent(BORDER), y=_em(there), class_="stop")
        stop.append(_element("use", href="#mark-bad", x="-7", y="-7", width="14", height="14"))
        return [_line("go", HOME, BORDER, there), stop]
    x = model.lanes[arrow.lane].x
    lines = [_line("go", HOME, x, there, "diagram-tip")]
    if arrow.answered:
        lines.append(_line("back", x, HOME, back, "diagram-tip-back"))
    if arrow.relay is not None:
        via = _percent(model.lanes[arrow.relay].x)
        lines += [_element("circle", class_="via", cx=via, cy=_em(height), r="3") for height in (there, back)[: len(lines)]]
    return lines


def _line(class_: str, from_: float, to: float, y: float, tip: str = "") -> Any:
    line = _element("line", class_=class_, x1=_percent(from_), x2=_percent(to), y1=_em(y), y2=_em(y))
    if tip:
        line.setAttribute("marker-end", f"url(#{tip})")
    return line


def _percent(x: float) -> str:
    return f"{x:.1f}%"


def _em(y: float) -> str:
    return f"{y:.2f}em"


def _element(tag: str, text: str = "", **attributes: str) -> Any:
    """A new SVG element; `class_` and `text_anchor` are the attributes `class` and `text-anchor`."""
    element = js.document.createElementNS(_SVG, tag)
    for name, value in attributes.items():
        element.setAttribute(name.rstrip("_").replace("_", "-"), value)
    if text:
        element.textContent = text
    return element
