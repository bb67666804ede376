"""Zip files that depend on nothing but their content: sorted, one fixed date, stored.

Stored, because the servers compress whole files: a stored zip under brotli is smaller than a deflated one, and Python in
the browser reads it without unpacking.
"""

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest date that a zip can hold, given to every member."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Make a zip of `files` (path inside the zip → content)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(_member(name), files[name])
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Read all files of a zip: path inside the zip → content."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _member(name: str) -> zipfile.ZipInfo:
    """Describe one file: a plain file that everybody may read, made by no system in particular."""
    member = zipfile.ZipInfo(name, EPOCH)
    member.create_system = 3  # Unix; else it would name the system that the build ran on
    member.external_attr = 0o100644 << 16
    return member
