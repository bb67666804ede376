"""How much Python runs in each turn of the browser's event loop, in calls of functions: the same count on every machine.

A turn is a task of the browser's main thread: as long as it lasts, nothing is drawn and no click is answered. The browser
itself says where each begins and ends (`RunTask` in its trace). Nothing seen from inside would be true. A handle of Pyodide's
event loop is no turn: all that wait run in one task, and the messages that start them may come in one task, too. Neither is a
call from JavaScript into Python: what goes on after a promise runs in the task that settled it.

Calls are counted by `sys.monitoring`, those of functions in C among them (`count_calls.py`). Of the events that it has, they
follow the time best, in code that runs and in code that is imported. A long call in C, such as a search of a long text, counts
as one.
"""

import json
import math
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.browser.tracing import Event, traced

STEP: Final = 100
"""Calls from one line in the trace to the next: so exact are the counts."""

COUNTER: Final = f"{Path(__file__).with_name('count_calls.py').read_text()}\n\ncount_calls({STEP})\n"

# Whoever asks for Python gets it with the counter in it. PyScript asks before it runs app/start.py.
PUT_IN: Final = f"""
    let start;
    Object.defineProperty(globalThis, "keystayStart", {{
        get: () => start,
        set({{ loadPython, ...others }}) {{
            let counting;
            const load = async () => {{
                const python = await loadPython();
                python.runPython({json.dumps(COUNTER)});
                return python;
            }};
            start = {{ ...others, loadPython: () => (counting ??= load()) }};
        }},
    }});
"""

CATEGORIES: Final = ("devtools.timeline", "disabled-by-default-devtools.timeline")
SHOWN: Final = 5  # functions of a turn that are named
MIN_SHARE: Final = 0.8  # of the calls of a turn, within one function: that is where to look


@dataclass(frozen=True)
class Turn:
    """What Python did in one turn: calls while modules were imported, and all others."""

    importing: int
    running: int
    stacks: Sequence[Sequence[str]]  # after each STEP calls: the functions of the app at work, the innermost first

    def __str__(self) -> str:
        inner = Counter(stack[0] for stack in self.stacks)
        around = Counter(place for stack in self.stacks for place in set(stack))
        whole = max(
            ([place for place in each if around[place] >= MIN_SHARE * len(self.stacks)] for each in self.stacks), key=len
        )
        functions = ", ".join(f"{number * STEP:,} {place}" for place, number in inner.most_common(SHOWN))
        return (
            f"{self.importing:,} importing + {self.running:,}, within {' < '.join(whole[:SHOWN])}, most of them in {functions}"
        )


def count_from_the_start(page: Page) -> None:
    """Count calls in Python from the moment when the next visit of `page` has loaded it."""
    page.add_init_script(PUT_IN)


@contextmanager
def turns(page: Page) -> Iterator[list[Turn]]:
    """Note the turns in which Python runs until the end of the block; the list is filled when the block has ended."""
    found: list[Turn] = []
    with traced(page, CATEGORIES) as events:
        yield found
    found += turns_in(events)


def turns_in(events: Iterable[Event]) -> list[Turn]:
    """The turns in a trace, in their order; of one that still runs at its end, what there is."""
    events = sorted(events, key=lambda event: float(event["ts"]))
    lines = [event for event in events if _line(event)]
    threads = {(event["pid"], event["tid"]) for event in lines}
    tasks = [event for event in events if event["name"] == "RunTask" and (event["pid"], event["tid"]) in threads]
    begins = [task["ts"] for task in tasks]
    found: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for event in lines:
        place = bisect(begins, event["ts"]) - 1
        duration = tasks[place].get("dur", math.inf)  # none where it still runs
        within = place >= 0 and event["ts"] <= begins[place] + duration
        found[place, within].append(_line(event))
    return [_turn(texts) for texts in found.values()]


def _line(event: Event) -> str:
    """What `count_calls.py` wrote, or "" if this is another event."""
    message = str(event["args"].get("data", {}).get("message", "")) if event["name"] == "TimeStamp" else ""
    return message.removeprefix("calls ") if message.startswith("calls ") else ""


def _turn(lines: Sequence[str]) -> Turn:
    kinds = Counter(line.partition(" ")[0] for line in lines)
    return Turn(kinds["import"] * STEP, kinds["run"] * STEP, [line.split(" ")[1:] for line in lines])
