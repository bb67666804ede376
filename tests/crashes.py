"""The crash matrix: which requests an issuance makes, what can happen to each, and the table of the results.

Two tests fill it: tests/integration/test_crashes.py on CPython, tests/browser/test_crashes.py in Chromium. Both must get
the table that stands in tests/CRASHES.md.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from tools.paths import ROOT

KILLED_BEFORE: Final = "page killed before it is sent"
KILLED_AFTER: Final = "page killed before its answer is stored"
NO_NETWORK: Final = "no network"
STATUS_500: Final = "500"
STATUS_503: Final = "503 in HTML without CORS"
CUT_SHORT: Final = "JSON cut short"
HANGING: Final = "no answer for 60 s"

KILLS: Final = (KILLED_BEFORE, KILLED_AFTER)
COLUMNS: Final = (*KILLS, NO_NETWORK, STATUS_500, STATUS_503, CUT_SHORT, HANGING)

LOST: Final = (KILLED_AFTER, HANGING)
"""Mishaps in which the CA has acted on the request, and nothing of its answer comes to the page."""

# Pebble's paths, in the order in which an issuance goes through them.
_KINDS: Final = {
    "dir": "directory",
    "nonce-plz": "newNonce",
    "sign-me-up": "newAccount",
    "order-plz": "newOrder",
    "authZ": "authorization",
    "chalZ": "challenge",
    "my-order": "order",
    "finalize-order": "finalize",
    "certZ": "certificate",
}
_BEFORE, _AFTER = "order, until the proofs are checked", "order, until the certificate is made"
_ORDER: Final = (*list(_KINDS.values())[:6], _BEFORE, "finalize", _AFTER, "certificate")
_READS: Final = ("directory", "newNonce", "authorization", "order", "certificate")

TABLE: Final = ROOT / "tests" / "CRASHES.md"
RESULTS: Final = ROOT / "test-results"


def kind_of(method: str, url: str) -> str | None:
    """The resource that a request is for; None for one that is not ACME's, such as the `no-cors` check."""
    kind = next((_KINDS[part] for part in urlsplit(url).path.split("/") if part in _KINDS), None)
    expected = {"directory": "GET", "newNonce": "HEAD"}.get(kind or "", "POST")
    return kind if method == expected else None


@dataclass
class Trail:
    """Names the requests of one visit as they come: with a number where there are several, and polls by what they wait for.

    A poll that is repeated is the same request again, and has the same name.
    """

    names: list[str] = field(default_factory=list)
    _urls: dict[str, list[str]] = field(default_factory=dict)

    def name(self, method: str, url: str) -> str | None:
        """The name of the next request; None for one that is not ACME's."""
        kind = kind_of(method, url)
        if kind is None:
            return None
        name = self._named(kind, url)
        if name not in self.names:
            self.names.append(name)
        return name

    def _named(self, kind: str, url: str) -> str:
        if kind == "order":
            return _AFTER if "finalize" in self.names else _BEFORE
        seen = self._urls.setdefault(kind, [])
        if kind == "newNonce" or url not in seen:  # each nonce is another one, from the same address
            seen.append(url)
        number = len(seen) if kind == "newNonce" else seen.index(url) + 1
        return f"{kind} {number}" if kind in ("newNonce", "authorization", "challenge") else kind

    def rows(self) -> list[str]:
        """The names in the order of an issuance; what goes out side by side comes in any order."""
        return sorted(self.names, key=lambda name: (_ORDER.index(_kind(name)), name))


def _kind(name: str) -> str:
    return name if name in _ORDER else name.split(" ")[0]


def is_read(row: str) -> bool:
    """Whether the request changes nothing at the CA, so that the client asks again by itself."""
    return row.startswith(_READS)


def judge(row: str, column: str, *, clicks: int, accounts: int, orders: int) -> str:
    """The table's word for a cell that ended with the right certificate.

    `clicks` is how often a person had to press the button again, `accounts` and `orders` how many the CA has made. Fails on
    any more than cannot be avoided: a page that never saw the answer to newOrder has no address of that order to go on with.
    """
    assert accounts == 1, f"{accounts} accounts were made"
    unavoidable = row == "newOrder" and column in LOST
    assert orders == (2 if unavoidable else 1), f"{orders} orders were made"
    assert clicks <= (0 if is_read(row) or column in KILLS else 1), f"{clicks} clicks were needed"
    notes = [*(["one click"] if clicks else []), *(["one order more"] if orders > 1 else [])]
    return f"passed ({', '.join(notes)})" if notes else "passed"


def as_table(rows: list[str], cells: dict[tuple[str, str], str]) -> str:
    """The matrix in Markdown."""
    lines = [["request", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    lines += [[row, *(cells.get((row, column), "not run") for column in COLUMNS)] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def check_table(run: str, rows: list[str], cells: dict[tuple[str, str], str]) -> None:
    """Write what `run` ("cpython", "chromium") has come to into test-results/, and compare it with the committed table."""
    table = as_table(rows, cells)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"crash-matrix-{run}.md").write_text(f"# Crash matrix: {run}\n\n{table}")
    committed = "".join(line + "\n" for line in _committed())
    assert table == committed, f"tests/CRASHES.md shows another matrix than this run came to:\n{table}"


def committed_cell(row: str, column: str) -> str:
    """What tests/CRASHES.md says of one cell."""
    cells = {line[0]: line[1:] for line in (_split(line) for line in _committed())}
    return cells[row][COLUMNS.index(column)]


def _committed() -> list[str]:
    return [line for line in TABLE.read_text().splitlines() if line.startswith("|")]


def _split(line: str) -> list[str]:
    return line.strip("| ").split(" | ")
