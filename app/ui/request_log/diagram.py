"""The picture of what was sent, as plain values: the keys, who was asked, and an arrow for each step of an order.

A whole order of 100 names makes more than 200 requests, so requests for the same step are one arrow, and only the last steps of
a long visit are in the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.accounts.stored_account import CERTIFICATE_KEY, PROOF_KEY
from app.network.request_log import BlockedRequest, Entry
from app.text import request_log_diagram as text
from app.ui.request_log.crossing import Crossings
from app.ui.request_log.index import RequestIndex
from app.ui.request_log.outcomes import equal_requests, is_answered, is_under_way, outcome_text, step_text
from app.ui.request_log.parties import Lane, Party, lanes_of, name_lines, relay_party
from app.ui.request_log.runs import Run, runs_of

MAX_ARROWS: Final = 24


@dataclass(frozen=True)
class Keys:
    """The private keys on the browser's side: in `lines`, in the lines of `short` on a phone, and in a sentence as `label`."""

    lines: tuple[str, ...]
    short: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Arrow:
    """One step. `number` counts the steps, 0 for one that asks nobody else. `first` is the number of its first request.

    `lane` is who was asked and `relay` who passed it on, as places in `DiagramModel.lanes`; None for nobody. `what` is what
    the page asks for, and how often; `said` says also what came of it, `label` also who was asked, as `said` does where the
    line is shared. `answered` is whether an answer came.
    """

    number: int
    first: int
    lane: int | None
    relay: int | None
    what: str
    said: str
    label: str
    answered: bool


@dataclass(frozen=True)
class DiagramModel:
    """The picture. `steps` is how many steps there were in all. `side`, `crossed` and `choose` are the sentences under it."""

    keys: Keys
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    steps: int
    side: str
    crossed: str
    choose: str


class Diagram:
    """Makes the picture of the request log that `index` reads."""

    def __init__(self, index: RequestIndex) -> None:
        self._index = index
        self._crossings = Crossings(index)
        self._words: dict[int, tuple[int, str, str]] = {}

    def model(self, entries: Sequence[Entry | BlockedRequest], key_names: Iterable[str], leaked: int) -> DiagramModel:
        """The picture of `entries`. `key_names` are those of the key store; a private key left in `leaked` requests."""
        numbered = _numbered(runs_of(entries, self._index))
        shown = numbered[-MAX_ARROWS:]
        places, lanes = lanes_of(party for _, run in shown for party in _parties(run))
        return DiagramModel(
            keys=_keys(key_names),
            lanes=lanes,
            arrows=tuple(self._arrow(number, run, places) for number, run in shown),
            steps=max((number for number, _ in numbered), default=0),
            side=text.keys_side(leaked),
            crossed=text.crossed(self._crossings.read(entries)),
            choose=text.choose(len(numbered) - len(shown)) if shown else "",
        )

    def _arrow(self, number: int, run: Run, places: dict[str, int]) -> Arrow:
        what, came = self._words_of(run)
        times = text.times(what, equal_requests(run))
        said = text.arrow(times, came)
        party = run.party.name if run.party else ""
        shared = run.party is not None and list(places.values()).count(places[run.party.id]) > 1
        return Arrow(
            number=number,
            first=run.entries[0].number,
            lane=places[run.party.id] if run.party else None,
            relay=places[relay_party().id] if run.relay else None,
            what=times,
            said=text.at_party(said, party) if shared else said,
            label=text.arrow_label(number, said, party, run.relay, len(run.entries)),
            answered=is_answered(run),
        )

    def _words_of(self, run: Run) -> tuple[str, str]:
        """What `run` asks and what came of it. A run that has ended is read once: a hundred answers take a while."""
        first = run.entries[0].number
        if is_under_way(run):
            return step_text(run), outcome_text(run)
        if self._words.get(first, (0,))[0] != len(run.entries):
            self._words[first] = (len(run.entries), step_text(run), outcome_text(run))
        return self._words[first][1:]


def _numbered(runs: Iterable[Run]) -> list[tuple[int, Run]]:
    """Each with its number: neither the page's own files nor what was blocked are steps of anything."""
    numbered, number = [], 0
    for run in runs:
        counts = run.step not in ("list", "blocked")
        number += counts
        numbered.append((number if counts else 0, run))
    return numbered


def _parties(run: Run) -> tuple[Party, ...]:
    """In the order of their lines: a relay stands before the CA."""
    if run.party is None:
        return ()
    return (relay_party(), run.party) if run.relay else (run.party,)


def _keys(names: Iterable[str]) -> Keys:
    found = list(names)
    certificates = sum(name.startswith(CERTIFICATE_KEY) for name in found)
    proofs = sum(name.startswith(PROOF_KEY) for name in found)
    lines = text.key_lines(len(found) - certificates - proofs, certificates, proofs)
    return Keys(lines or (text.no_key(),), name_lines(text.key_count(len(found))), text.keys_label(lines))
