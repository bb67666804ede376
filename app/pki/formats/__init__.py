"""The files that a person downloads: one module for each output format, and the registry of all.

A new format is one module here and one entry in `FORMATS`. The zip, the page's download buttons and the tests read it.
"""

from typing import Final

from app.pki.certificate import Chain
from app.pki.formats.file import File
from app.pki.formats.pem_files import PEM_FORMATS
from app.pki.formats.zip_archive import ZIP

FORMATS: Final = PEM_FORMATS

DOWNLOADS: Final = {f"download-{format_.id}": format_.name for format_ in FORMATS} | {f"download-{ZIP}": ZIP}
"""The page's download buttons, each with the name of the file that it asks for; `ZIP` stands for the archive of all."""


def certificate_files(chain: Chain, pkcs8: bytes | None) -> tuple[File, ...]:
    """`chain` and the DER PKCS#8 private key in each format; None leaves out what needs the key."""
    return tuple(file for format_ in FORMATS if (file := format_.file(chain, pkcs8)))
