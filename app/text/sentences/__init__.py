"""One sentence for each code of an error (`KeystayError.code`): one module for each room that raises them."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from app.acme.problem import Problem
from app.errors import KeystayError, UnreadableRecordError
from app.issuance.issuance import ORDER_GONE
from app.text.catalog import _
from app.text.sentences import accounts, acme, backup, ca, encoding, form, general, issuance, network, panels, pki, storage

ROOMS: Final = (accounts, acme, backup, ca, encoding, form, general, issuance, network, panels, pki, storage)
SENTENCES: Final[Mapping[str, str]] = dict(chain.from_iterable(room.SENTENCES.items() for room in ROOMS))


def sentence(error: KeystayError) -> str:
    """What happened, in one or two plain sentences. What is wrong in a record stands behind the sentence about that record."""
    said = _(SENTENCES.get(error.code, error.code), **error.values)
    reason = error.reason if isinstance(error, UnreadableRecordError) else None
    return f"{said} {sentence(reason)}" if reason else said


def detail_of(problem: Problem) -> str:
    """The CA's own text in `problem`, untrusted, or ours where the order ended without a word of the CA."""
    if problem.type == ORDER_GONE and problem.detail in SENTENCES:
        return _(SENTENCES[problem.detail])
    return problem.full_detail
