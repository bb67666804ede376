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
    """JavaScript’s heap after its garbage was collected, and the buffers outside of it; Python’s memory is one of these."""
    for column, addresses in run.bench.sites.items():
        if "direct" not in addresses:
            continue
        run.profiles[column].empty(addresses["direct"])
        with run.profiles[column].visit(addresses["direct"]) as visit:
            visit.time("ready")
            directory = run.bench.directories[column]["fast"]
            if column == PEER:
                visit.page.evaluate(ISSUE, [directory, NAMES])
            else:
                by_page(visit, NAMES, Requests(visit.page, directory))
            heap, buffers = _memory(visit)
        run.samples.add("heap", column, heap)
        run.samples.add("buffers", column, buffers)
    labels = {"heap": "JavaScript’s heap after an issuance", "buffers": "… buffers, Python’s memory among them"}
    return [medians(run.samples, label, figure, run.columns, "MiB") for figure, label in labels.items()]


def _memory(visit: Visit) -> tuple[float, float]:
    visit.protocol.send("HeapProfiler.collectGarbage")
    usage = visit.protocol.send("Runtime.getHeapUsage")
    return usage["usedSize"] / MEBIBYTE, usage.get("backingStorageSize", 0) / MEBIBYTE
