"""One sentence for each code of an error (`KeystayError.code`): one module for each room that raises them."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from app.errors import KeystayError
from app.text.catalog import _
from app.text.sentences import accounts, acme, backup, ca, encoding, form, general, issuance, network, pki, storage

ROOMS: Final = (accounts, acme, backup, ca, encoding, form, general, issuance, network, pki, storage)
SENTENCES: Final[Mapping[str, str]] = dict(chain.from_iterable(room.SENTENCES.items() for room in ROOMS))


def sentence(error: KeystayError) -> str:
    """What happened, in one or two plain sentences."""
    return _(SENTENCES.get(error.code, error.code), **error.values)
