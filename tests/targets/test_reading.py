"""Each program finds in each file what belongs there, in the order in which it belongs there."""

from collections.abc import Collection, Mapping

import pytest

from app.pki.formats import FORMATS
from app.ports import KeySpec
from tests.targets.conftest import HandOver
from tests.targets.expected import assert_reads
from tests.targets.programs import RefusalError
from tests.targets.readers import PFX, READERS, encryption_of

KEYS: tuple[KeySpec, ...] = ("ec-p256", "rsa-2048")
OF_ONE_KIND: Mapping[str, KeySpec] = {"privkey-pkcs1": "rsa-2048", "privkey-sec1": "ec-p256"}
"""Formats that only one kind of key has."""


def cases(formats: Collection[str]) -> list[object]:
    """A program, a format that it reads, and a kind of key, for all of them; the quick ones run each time."""
    return [
        pytest.param(
            *(program, format_, key),
            id=f"{program}-{format_}-{key}",
            marks=() if (format_, key) == (reader.quick, KEYS[0]) else pytest.mark.nightly,
        )
        for program, reader in READERS.items()
        for format_ in formats
        for key in KEYS
        if format_ in reader.formats and OF_ONE_KIND.get(format_, key) == key
    ]


@pytest.mark.parametrize(("program", "format_", "key"), cases([each.id for each in FORMATS]))
def test_a_program_reads_a_file(handed_over: HandOver, program: str, format_: str, key: KeySpec) -> None:
    assert_reads(program, format_, handed_over(key))


@pytest.mark.nightly
@pytest.mark.parametrize(("program", "format_", "key"), cases((*PFX, "privkey-encrypted")))
def test_a_wrong_password_opens_nothing(handed_over: HandOver, program: str, format_: str, key: KeySpec) -> None:
    with pytest.raises(RefusalError, match=r"(?i)password|passphrase|decrypt"):
        READERS[program].read(handed_over(key).files[format_], format_, "Kx4vT9mQz2Lw8RbM")


def test_every_format_is_read_by_several_programs() -> None:
    for format_ in FORMATS:
        assert sum(format_.id in reader.formats for reader in READERS.values()) >= 3, format_.id


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("format_", "words"),
    [
        ("pfx", ("MAC: sha256", "PBES2, PBKDF2, AES-256-CBC", "PRF hmacWithSHA256")),
        ("pfx-legacy", ("MAC: sha1", "pbeWithSHA1And3-KeyTripleDES-CBC")),
    ],
)
def test_how_a_pfx_is_encrypted(handed_over: HandOver, format_: str, words: tuple[str, ...]) -> None:
    """As the old systems that know nothing else need it, and as the new ones have it."""
    given = handed_over("ec-p256")
    told = encryption_of(given.files[format_], given.password)
    assert all(word in told for word in words), told
    assert ("PBES2" in told) != ("TripleDES" in told)  # the key and the certificates alike


@pytest.mark.nightly
@pytest.mark.parametrize(("format_", "key"), OF_ONE_KIND.items())
def test_a_key_has_only_the_forms_of_its_kind(handed_over: HandOver, format_: str, key: KeySpec) -> None:
    assert [format_ in handed_over(each).files for each in KEYS] == [each == key for each in KEYS]
