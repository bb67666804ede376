"""The files that a person downloads: one module for each family of output formats, and the registry of all.

A new format is one entry in `FORMATS`, written by a module here. The page's download buttons and the tests read it; the zip
holds those of `PEM_FORMATS`.
"""

from typing import Final

from app.pki.formats.certificate_files import CERTIFICATE_FORMATS
from app.pki.formats.file import File, Format, Source
from app.pki.formats.key_files import KEY_FORMATS
from app.pki.formats.pem_files import COMBINED_FORMATS, PEM_FORMATS
from app.pki.formats.pfx import PFX_FORMATS

FORMATS: Final = (*PEM_FORMATS, *PFX_FORMATS, *KEY_FORMATS, *CERTIFICATE_FORMATS, *COMBINED_FORMATS)


def format_named(id_: str) -> Format:
    """The format with this id. Raises `KeyError`."""
    return {format_.id: format_ for format_ in FORMATS}[id_]


async def pem_files(source: Source) -> tuple[File, ...]:
    """The files that certbot writes; without the key where it is not in `source`."""
    files = [await format_.file(source) for format_ in PEM_FORMATS]
    return tuple(file for file in files if file)
