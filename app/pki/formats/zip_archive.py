"""A zip of all files of a certificate, with a README."""

import io
import zipfile
from typing import Final

from app.pki.formats.file import File

ZIP: Final = "zip"
"""Stands for the archive where files are named: its own name depends on the certificate."""


def zip_files(name: str, files: tuple[File, ...], readme: str, made: tuple[int, int, int, int, int, int]) -> File:
    """One zip `name` with `files` and a README.txt. `made` is (year, month, day, hour, minute, second), written as their date.

    The README has CR LF line ends, so that every editor shows it well. Only the owner may read a private key (mode 0600).
    """
    text = File("README.txt", "text/plain", readme.replace("\n", "\r\n").encode("utf-8"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in (*files, text):
            entry = zipfile.ZipInfo(file.name, made)
            entry.external_attr = (0o600 if file.private else 0o644) << 16
            archive.writestr(entry, file.body, zipfile.ZIP_DEFLATED)
    return File(name, "application/zip", buffer.getvalue(), private=any(file.private for file in files))
