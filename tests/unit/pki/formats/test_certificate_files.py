"""Certificates as DER and P7B, read by `cryptography` and by openssl."""

from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import cms, pem
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_pem_pkcs7_certificates

from app.errors import CertificateError
from app.pki.certificate import Chain
from app.pki.formats import FORMATS, format_named
from app.pki.formats.file import File, Source
from app.pki.pem import read_certificates, to_pem
from tests.unit.pki.formats.sources import openssl, source_of


async def made(id_: str, source: Source) -> File:
    file = await format_named(id_).file(source)
    assert file
    assert not file.private
    return file


async def test_der_is_the_certificate_alone() -> None:
    source = source_of()
    file = await made("der", source)
    assert (file.name, file.type) == ("certificate.cer", "application/pkix-cert")
    assert x509.load_der_x509_certificate(file.body) == x509.load_pem_x509_certificate(source.chain.cert_pem.encode())


async def test_p7b_holds_the_chain_and_nothing_else(tmp_path: Path) -> None:
    source = source_of()
    file = await made("p7b", source)
    assert file.name == "certificate.p7b"
    ders = {one.public_bytes(Encoding.DER) for one in load_pem_pkcs7_certificates(file.body)}
    assert ders == set(read_certificates(source.chain.fullchain_pem))
    label, _, der = pem.unarmor(file.body)
    signed = cms.ContentInfo.load(der, strict=True)["content"]
    assert (label, signed["version"].native) == ("PKCS7", "v1")
    assert (len(signed["digest_algorithms"]), len(signed["signer_infos"]), signed["crls"].native) == (0, 0, None)
    assert signed["encap_content_info"]["content"].native is None
    (tmp_path / "a.p7b").write_bytes(file.body)
    assert openssl("pkcs7", "-in", str(tmp_path / "a.p7b"), "-print_certs", "-noout").count("issuer=") == 2


@pytest.mark.parametrize("id_", ["p7b", "pfx"])
async def test_damaged_intermediate_is_said_to_be(id_: str) -> None:
    source = source_of()
    chain: Chain = replace(source.chain, chain_pem=to_pem("CERTIFICATE", b"\x30\x82\xff\xff") + source.chain.chain_pem)
    with pytest.raises(CertificateError):
        await format_named(id_).file(replace(source, chain=chain))


async def test_no_file_has_blank_lines_or_text_around_pem() -> None:
    for format_ in FORMATS:
        for spec in ("ec-p256", "rsa-2048"):
            file = await format_.file(source_of(spec))
            if file and file.body.startswith(b"-----"):
                lines = file.body.decode("ascii").split("\n")
                assert lines[-1] == ""
                assert all(lines[:-1]), format_.id
                assert not any("\r" in line for line in lines)
                outside, inside = [], False
                for line in lines[:-1]:
                    inside = inside or line.startswith("-----BEGIN")
                    outside += [] if inside else [line]
                    inside = inside and not line.startswith("-----END")
                assert outside == []


async def test_combined_files_differ_in_where_the_key_stands() -> None:
    source = source_of()
    files = {id_: await format_named(id_).file(source) for id_ in ("fullchain", "privkey", "combined", "combined-key-first")}
    full, key, last, first = (file.body for file in files.values() if file)
    assert last == full + key
    assert first == key + full
