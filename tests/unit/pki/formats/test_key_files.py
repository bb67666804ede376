"""Private keys in other forms, read by `cryptography` and by openssl."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.pki.formats import FORMATS, format_named
from app.pki.formats.file import File
from app.pki.private_key import read_private_key
from app.ports import KeySpec
from tests.unit.keys import native_key
from tests.unit.pki.formats.sources import PASSWORD, openssl, pkcs8_of, source_of

LABELS = {"privkey-pkcs1": "RSA PRIVATE KEY", "privkey-sec1": "EC PRIVATE KEY", "privkey-encrypted": "ENCRYPTED PRIVATE KEY"}


async def made(id_: str, spec: KeySpec) -> File:
    file = await format_named(id_).file(source_of(spec))
    assert file
    assert file.private
    return file


@pytest.mark.parametrize(
    ("id_", "spec"),
    [
        ("privkey-pkcs1", "rsa-2048"),
        ("privkey-pkcs1", "rsa-3072"),
        ("privkey-sec1", "ec-p256"),
        ("privkey-sec1", "ec-p384"),
        ("privkey-encrypted", "rsa-2048"),
        ("privkey-encrypted", "ec-p384"),
    ],
)
async def test_other_programs_read_the_same_key(id_: str, spec: KeySpec, tmp_path: Path) -> None:
    file = await made(id_, spec)
    text = file.body.decode("ascii")
    assert text.startswith(f"-----BEGIN {LABELS[id_]}-----\n")
    assert text.endswith(f"\n-----END {LABELS[id_]}-----\n")
    assert "\n\n" not in text
    password = PASSWORD if id_ == "privkey-encrypted" else None
    judged = load_pem_private_key(file.body, password.encode() if password else None)
    assert judged.public_key() == native_key(spec).private.public_key()
    (tmp_path / "key.pem").write_bytes(file.body)
    checked = openssl("pkey", "-in", str(tmp_path / "key.pem"), "-passin", f"pass:{PASSWORD}", "-noout", "-check")
    assert checked == "Key is valid\n"


@pytest.mark.parametrize(("id_", "spec"), [("privkey-pkcs1", "rsa-2048"), ("privkey-sec1", "ec-p256")])
async def test_keystay_itself_reads_the_older_forms(id_: str, spec: KeySpec) -> None:
    file = await made(id_, spec)
    assert read_private_key(file.body.decode("ascii")) == (spec, pkcs8_of(spec))


async def test_key_whose_number_begins_with_a_zero_keeps_its_width() -> None:
    pkcs8 = pkcs8_of("ec-p256")
    at = pkcs8.index(b"\x02\x01\x01\x04\x20") + 5
    number = b"\x00" + pkcs8[at + 1 : at + 32]
    file = await format_named("privkey-sec1").file(replace(source_of(), pkcs8=pkcs8[:at] + number + pkcs8[at + 32 :]))
    assert file
    _, _, der = pem.unarmor(file.body)
    assert b"\x04\x20" + number in der


@pytest.mark.parametrize(("id_", "spec"), [("privkey-pkcs1", "ec-p256"), ("privkey-sec1", "rsa-2048")])
async def test_key_of_another_kind_has_no_such_form(id_: str, spec: KeySpec) -> None:
    assert await format_named(id_).file(source_of(spec)) is None


@pytest.mark.parametrize("spec", get_args(KeySpec)[:3])
async def test_format_applies_exactly_where_it_makes_a_file(spec: KeySpec) -> None:
    for has_key in (True, False):
        source = source_of(spec) if has_key else replace(source_of(spec), pkcs8=None)
        for format_ in FORMATS:
            assert (await format_.file(source) is not None) == format_.applies(spec, has_key=has_key), format_.id
