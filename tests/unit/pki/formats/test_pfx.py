"""PFX files, opened by `cryptography` and by openssl, and looked into with asn1crypto."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pkcs12
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates, load_pkcs12

from app.pki.certificate import read_chain
from app.pki.formats import format_named
from app.pki.pem import read_certificates
from app.ports import KeySpec
from tests.unit.chains import intermediate, leaf, root
from tests.unit.keys import native_key
from tests.unit.pki.formats.sources import PASSWORD, openssl, source_of

BOTH = pytest.mark.parametrize("id_", ["pfx", "pfx-legacy"])


async def made(id_: str, **changes: Any) -> bytes:
    file = await format_named(id_).file(source_of(**changes))
    assert file
    return file.body


def algorithms(der: bytes) -> dict[str, Any]:
    """The algorithms of a PFX, of its MAC, its certificates and its key."""
    pfx = pkcs12.Pfx.load(der, strict=True)
    certificates, key = pkcs12.AuthenticatedSafe.load(pfx["auth_safe"]["content"].native)
    bag = pkcs12.SafeContents.load(key["content"].native)[0]
    encryption = certificates["content"]["encrypted_content_info"]["content_encryption_algorithm"]
    return {
        "mac": pfx["mac_data"]["mac"]["digest_algorithm"]["algorithm"].native,
        "mac iterations": pfx["mac_data"]["iterations"].native,
        "certificates": encryption.native,
        "key": bag["bag_value"]["encryption_algorithm"].native,
    }


@BOTH
@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384", "rsa-2048"])
async def test_another_program_finds_key_certificate_and_intermediate(id_: str, spec: KeySpec) -> None:
    source = source_of(spec)
    file = await format_named(id_).file(source)
    assert file
    assert (file.name, file.type, file.private) == ("shop.example.pfx", "application/x-pkcs12", True)
    key, certificate, others = load_key_and_certificates(file.body, PASSWORD.encode())
    assert key
    assert certificate
    assert key.public_key() == native_key(spec).private.public_key()
    ders = [one.public_bytes(Encoding.DER) for one in (certificate, *others)]
    assert ders == list(read_certificates(source.chain.fullchain_pem)), "the certificate first"


@BOTH
async def test_wrong_password_opens_nothing(id_: str) -> None:
    body = await made(id_)
    with pytest.raises(ValueError, match="Invalid password"):
        load_pkcs12(body, b"another")


async def test_modern_file_has_todays_algorithms() -> None:
    found = algorithms(await made("pfx"))
    assert (found["mac"], found["mac iterations"]) == ("sha256", 10_000)
    for part in ("certificates", "key"):
        assert found[part]["algorithm"] == "pbes2"
        derivation, scheme = (found[part]["parameters"][name] for name in ("key_derivation_func", "encryption_scheme"))
        assert (derivation["algorithm"], derivation["parameters"]["iteration_count"]) == ("pbkdf2", 10_000)
        assert derivation["parameters"]["prf"]["algorithm"] == "sha256"
        assert scheme["algorithm"] == "aes256_cbc"


async def test_legacy_file_has_nothing_that_an_old_system_does_not_know() -> None:
    found = algorithms(await made("pfx-legacy"))
    assert (found["mac"], found["mac iterations"]) == ("sha1", 2048)
    for part in ("certificates", "key"):
        assert found[part]["algorithm"] == "pkcs12_sha1_tripledes_3key"
        assert found[part]["parameters"]["iterations"] == 2048


@BOTH
async def test_salts_and_vectors_are_new_for_every_encryption(id_: str) -> None:
    source = source_of()
    format_ = format_named(id_)
    bodies = [file.body for file in (await format_.file(source), await format_.file(source)) if file]
    salts = []
    for found in map(algorithms, bodies):
        salts += [str(found[part]["parameters"]) for part in ("certificates", "key")]
    assert len(set(salts)) == 4


@BOTH
async def test_key_and_certificate_are_paired_and_named(id_: str, tmp_path: Path) -> None:
    source = source_of()
    file = await format_named(id_).file(source)
    assert file
    (tmp_path / "a.pfx").write_bytes(file.body)
    shown = openssl("pkcs12", "-in", str(tmp_path / "a.pfx"), "-passin", f"pass:{PASSWORD}", "-nodes")
    local_key_id = hashlib.sha1(read_certificates(source.chain.cert_pem)[0]).digest().hex(" ").upper()  # noqa: S324 – as all programs do
    assert shown.count(f"localKeyID: {local_key_id}") == 2
    assert shown.count("friendlyName: shop.example") == 2
    assert shown.count("BEGIN CERTIFICATE") == 2
    assert "BEGIN PRIVATE KEY" in shown


@BOTH
async def test_root_is_in_it_only_where_the_chain_has_it(id_: str) -> None:
    pem = leaf("shop.example") + intermediate() + root()
    source = replace(source_of(), chain=read_chain(pem))
    file = await format_named(id_).file(source)
    assert file
    assert len(load_pkcs12(file.body, PASSWORD.encode()).additional_certs) == 2


@BOTH
async def test_certificate_without_intermediates_and_with_a_name_in_other_letters(id_: str) -> None:
    source = source_of(names=("*.xn--bcher-kva.example",))
    source = replace(source, chain=read_chain(source.chain.cert_pem))
    file = await format_named(id_).file(source)
    assert file
    assert file.name == "wildcard.xn--bcher-kva.example.pfx"
    opened = load_pkcs12(file.body, PASSWORD.encode())
    assert opened.cert
    assert opened.cert.friendly_name == b"*.xn--bcher-kva.example"
    assert opened.additional_certs == []


@BOTH
async def test_there_is_no_pfx_without_a_key(id_: str) -> None:
    assert await format_named(id_).file(replace(source_of(), pkcs8=None)) is None
