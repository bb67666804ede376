"""A certificate as a person has it: ordered by the core from the practice CA, its files saved in a folder."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.workflow import Workflow
from app.pki.certificate import read_chain
from app.pki.formats import FORMATS
from app.pki.formats.file import File, Source
from app.pki.formats.password import check_password
from app.ports import KeySpec
from tests.adapters import HttpxHttp, native_ports
from tests.publishing import publish
from tools.practice import PracticeCA

NAMES: Final = ("shop.example", "www.shop.example", "xn--bcher-kva.example")


@dataclass(frozen=True)
class HandedOver:
    """The files of one certificate, by the ids of their formats, in a folder of their own.

    `certificates` are the leaf and its intermediates as DER, in their order, `key` the SubjectPublicKeyInfo of the leaf’s key,
    `root` the file (PEM) of the certificate that the chain leads to. `password` is that of the files that need one.
    """

    folder: Path
    files: Mapping[str, Path]
    certificates: tuple[bytes, ...]
    key: bytes
    root: Path
    password: str


def hand_over(practice: PracticeCA, key: KeySpec, folder: Path, password: str) -> HandedOver:
    """Order a certificate for `NAMES` with a new `key`, and save its files in `folder`."""
    files = asyncio.run(_ordered(practice, key, password))
    paths = {}
    for id_, file in files.items():
        place = folder / id_  # two formats may give their files the same name
        place.mkdir()
        paths[id_] = place / file.name
        paths[id_].touch(0o600 if file.private else 0o644)
        paths[id_].write_bytes(file.body)
    return handed_over_in(folder, paths, practice, password)


def handed_over_in(folder: Path, files: Mapping[str, Path], practice: PracticeCA, password: str) -> HandedOver:
    """The same for `files` that were saved below `folder`."""
    root = folder / "root.pem"
    root.write_text(practice.root_pem())
    chain = x509.load_pem_x509_certificates(files["fullchain"].read_bytes())
    spki = chain[0].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return HandedOver(folder, files, tuple(each.public_bytes(Encoding.DER) for each in chain), spki, root, password)


async def _ordered(practice: PracticeCA, key: KeySpec, password: str) -> dict[str, File]:
    """All files of a new certificate, by the ids of their formats."""
    http = HttpxHttp(practice.ssl_context)
    try:
        workflow = Workflow(native_ports(http), (_authority(practice),))
        issuance = await _issue(workflow, key)
        chain, ports = read_chain(issuance.certificate_pem), workflow.ports
        pkcs8 = await ports.keys.export_pkcs8(issuance.certificate_key)
    finally:
        await http.close()
    check_password(password)
    source = Source(chain, pkcs8, NAMES[0], ports.cipher, ports.packages, password)
    return {each.id: file for each in FORMATS if each.applies(key, has_key=True) and (file := await each.file(source))}


def _authority(practice: PracticeCA) -> CertificateAuthority:
    records = practice.records_url + "/"
    return CertificateAuthority(id="practice", name="Practice", directory=practice.directory_url, records=records)


async def _issue(workflow: Workflow, key: KeySpec) -> Issuance:
    (ca,) = workflow.authorities
    identifiers = tuple(Identifier("dns", name) for name in NAMES)
    wanted = OrderOptions(identifiers, ca.id, ca.directory, ca.directory, "dns-01", key, terms_agreed=True)
    issuance = await workflow.run(workflow.begin("1", wanted), lambda _: None)
    assert ca.records
    await publish(workflow.ports.http, ca.records, issuance.publications)
    issuance = await workflow.run(workflow.confirm(issuance), lambda _: None)
    assert issuance.state == "issued", issuance.problem
    return issuance
