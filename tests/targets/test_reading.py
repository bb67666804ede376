"""Each program finds in each file what belongs there, in the order in which it belongs there."""

from collections.abc import Iterator

import pytest

from app.pki.formats import FORMATS
from app.ports import KeySpec
from tests.targets.conftest import HandOver
from tests.targets.handed_over import PASSWORD, HandedOver
from tests.targets.readers import COMBINED, PFX, READERS, Contents

KEYS: tuple[KeySpec, ...] = ("ec-p256", "rsa-2048")
WITH_PASSWORD = (*PFX, "privkey-encrypted")
OF_ONE_KIND = {"privkey-pkcs1": "rsa-2048", "privkey-sec1": "ec-p256"}
"""Formats that only one kind of key has."""


def expected(format_: str, given: HandedOver) -> Contents:
    """What must be in a file; what it is called is another test's."""
    leaf, *rest = given.certificates
    certificates = {"cert": (leaf,), "der": (leaf,), "chain": tuple(rest)}.get(format_, given.certificates)
    if format_.startswith("privkey"):
        return Contents((), given.key)
    return Contents(certificates, given.key if format_ in (*COMBINED, *PFX) else None)


def cases() -> Iterator[object]:
    for program, reader in READERS.items():
        for format_ in (each.id for each in FORMATS if each.id in reader.formats):
            for key in KEYS:
                if OF_ONE_KIND.get(format_, key) == key:
                    quick = format_ == reader.quick and key == KEYS[0]
                    marks = () if quick else pytest.mark.nightly
                    yield pytest.param(program, format_, key, id=f"{program}-{format_}-{key}", marks=marks)


@pytest.mark.parametrize(("program", "format_", "key"), list(cases()))
def test_a_program_reads_a_file(handed_over: HandOver, program: str, format_: str, key: KeySpec) -> None:
    given = handed_over(key)
    found = READERS[program].read(given.files[format_], format_, PASSWORD)
    wanted = expected(format_, given)
    assert (found.certificates, found.key) == (wanted.certificates, wanted.key)
