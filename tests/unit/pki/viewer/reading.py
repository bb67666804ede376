"""Reads files as the viewer does, with what it needs on CPython."""

from datetime import datetime
from typing import Final

from app.pki.viewer.contents import Contents
from app.pki.viewer.decryption import FileTools
from app.pki.viewer.findings import Inspection, inspect
from app.pki.viewer.reader import read_certificate_files
from app.text.viewer import finding_words
from tests.adapters import InstalledPackages, NativeCipher, NativeVerifier
from tests.unit.chains import NOW

NAMES: Final = ("shop.example", "*.shop.example")


class Noted(list[bytes]):
    """The private keys (DER PKCS#8) that the viewer has told of."""


async def look(*files: bytes | str, password: str | None = None, noted: Noted | None = None) -> Contents:
    """What is in `files`. Raises `KeystayError`."""
    notes = Noted() if noted is None else noted
    tools = FileTools(NativeCipher(), InstalledPackages(), notes.append)
    return await read_certificate_files([file if isinstance(file, bytes) else file.encode() for file in files], password, tools)


async def judge(*files: bytes | str, password: str | None = None, now: datetime = NOW) -> Inspection:
    """What there is to say of `files` at `now`."""
    found = await inspect(await look(*files, password=password), NativeVerifier(), now)
    assert all(finding_words(finding) for finding in found.findings)
    return found


def codes(found: Inspection) -> dict[str, str]:
    """The findings: code and weight."""
    return {finding.code: finding.weight for finding in found.findings}
