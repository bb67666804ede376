"""All sentences of all rooms, by the codes of errors."""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final

from app.text.sentences import (
    accounts,
    acme,
    backup,
    ca,
    certificate_files,
    dns,
    encoding,
    form,
    general,
    handover,
    install,
    issuance,
    names,
    network,
    panels,
    pki,
    storage,
)

Sentence = str | Callable[..., str]

ROOMS: Final[tuple[Mapping[str, Sentence], ...]] = tuple(
    room.SENTENCES
    for room in (
        accounts,
        acme,
        backup,
        ca,
        certificate_files,
        dns,
        encoding,
        form,
        general,
        install,
        handover,
        issuance,
        names,
        network,
        panels,
        pki,
        storage,
    )
)
SENTENCES: Final[Mapping[str, Sentence]] = dict(chain.from_iterable(room.items() for room in ROOMS))
