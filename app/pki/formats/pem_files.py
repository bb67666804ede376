"""The files that a person takes away, named as certbot names them, and the zip of them all."""

import io
import zipfile
from dataclasses import dataclass

from app.pki.certificate import Chain
from app.pki.pem import to_pem


@dataclass(frozen=True)
class File:
    """A file to download: its name, MIME type and bytes."""

    name: str
    type: str
    body: bytes


_PEM = "application/x-pem-file"


def pem_files(chain: Chain, pkcs8: bytes | None) -> tuple[File, ...]:
    """`cert.pem`, `chain.pem`, `fullchain.pem` and `privkey.pem` (the DER PKCS#8 key `pkcs8` as PEM; None leaves it out)."""
    key = () if pkcs8 is None else (File("privkey.pem", _PEM, to_pem("PRIVATE KEY", pkcs8).encode("ascii")),)
    return (
        File("cert.pem", _PEM, chain.cert_pem.encode("ascii")),
        File("chain.pem", _PEM, chain.chain_pem.encode("ascii")),
        File("fullchain.pem", _PEM, chain.fullchain_pem.encode("ascii")),
        *key,
    )


def zip_files(name: str, files: tuple[File, ...], readme: str, made: tuple[int, int, int, int, int, int]) -> File:
    """One zip `name` with `files` and a README.txt. `made` is (year, month, day, hour, minute, second), written as their date.

    The README has CR LF line ends, so that every editor shows it well.
    """
    text = File("README.txt", "text/plain", readme.replace("\n", "\r\n").encode("utf-8"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in (*files, text):
            entry = zipfile.ZipInfo(file.name, made)
            entry.external_attr = (0o600 if file.name == "privkey.pem" else 0o644) << 16
            archive.writestr(entry, file.body, zipfile.ZIP_DEFLATED)
    return File(name, "application/zip", buffer.getvalue())
