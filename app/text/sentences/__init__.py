"""One sentence for each code of an error (`KeystayError.code`): one module for each room that raises them.

Where one message will not do – a plural, a list that may be empty, a sentence that depends on a value – a function of the
error's values says it. The sentences are imported when one is wanted.
"""

from app.acme.problem import Problem
from app.errors import KeystayError, UnreadableRecordError
from app.issuance.issuance import ORDER_GONE
from app.text.catalog import _


def sentence(error: KeystayError) -> str:
    """What happened, in one or two plain sentences. What is wrong in a record follows the sentence about that record."""
    said = _said(error)
    reason = error.reason if isinstance(error, UnreadableRecordError) else None
    return f"{said} {sentence(reason)}" if reason else said


def _said(error: KeystayError) -> str:
    from app.text.sentences.table import SENTENCES

    said = SENTENCES.get(error.code)
    if said is None:
        return _("Something went wrong, and this page has no explanation for it.")
    return said(**error.values) if callable(said) else _(said, **error.values)


def detail_of(problem: Problem) -> str:
    """The CA's own text in `problem`, untrusted, or ours where the order ended without a word of the CA."""
    from app.text.sentences.table import SENTENCES

    said = SENTENCES.get(problem.detail) if problem.type == ORDER_GONE else None
    return _(said) if isinstance(said, str) else problem.full_detail
