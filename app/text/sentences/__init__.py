"""One sentence for each code of an error (`KeystayError.code`): one module for each room that raises them.

Where one message will not do – a plural, a list that may be empty, a sentence that depends on a value – a function of the
error's values says it.
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final

from app.errors import KeystayError
from app.text.catalog import _
from app.text.sentences import accounts, acme, backup, ca, form, issuance, names, network, pki, storage

Sentence = str | Callable[..., str]

_ROOMS: Final[tuple[Mapping[str, Sentence], ...]] = tuple(
    room.SENTENCES for room in (accounts, acme, backup, ca, form, issuance, names, network, pki, storage)
)
SENTENCES: Final[Mapping[str, Sentence]] = dict(chain.from_iterable(room.items() for room in _ROOMS))


def sentence(error: KeystayError) -> str:
    """What happened, in one or two plain sentences."""
    said = SENTENCES.get(error.code)
    if said is None:
        return error.code if " " in error.code else _("Something went wrong for which this page has no words.")
    return said(**error.values) if callable(said) else _(said, **error.values)
