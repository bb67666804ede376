"""What a page holds in memory once it has issued a certificate."""

from collections.abc import Iterable
from typing import Final

from tests.bench.browsers import Requests, Visit
from tests.bench.issuance import ISSUE, by_page
from tests.bench.run import Run
from tests.bench.table import PEER, Row, medians

MEBIBYTE: Final = 1 << 20
NAMES: Final = ["n0.memory.example", "n1.memory.example"]


def memory(run: Run) -> Iterable[Row]:
    """JavaScript’s heap after its garbage was collected, and the memory of WebAssembly, which is Python’s."""
    for column, addresses in run.bench.sites.items():
        if "direct" not in addresses:
            continue
        run.profiles[column].empty(addresses["direct"])
        with run.profiles[column].visit(addresses["direct"]) as visit:
            visit.protocol.send("Performance.enable")
            visit.time("ready")
            directory = run.bench.directories[column]["fast"]
            if column == PEER:
                visit.page.evaluate(ISSUE, [directory, NAMES])
            else:
                by_page(visit, NAMES, Requests(visit.page, directory))
            heap, wasm = _memory(visit)
        run.samples.add("heap", column, heap)
        run.samples.add("wasm", column, wasm)
    labels = {"heap": "JavaScript’s heap after an issuance", "wasm": "… Python’s memory (WebAssembly)"}
    return [medians(run.samples, label, figure, run.columns, "MiB") for figure, label in labels.items()]


def _memory(visit: Visit) -> tuple[float, float]:
    visit.protocol.send("HeapProfiler.collectGarbage")
    heap = visit.protocol.send("Performance.getMetrics")["metrics"]
    used = next(metric["value"] for metric in heap if metric["name"] == "JSHeapUsedSize")
    return used / MEBIBYTE, visit.page.evaluate("visit.wasm()") / MEBIBYTE
