"""The files that a person downloads: one module for each output format, and the registry of all.

A new format is one module here and one entry in `FORMATS`. The zip, the page's download buttons and the tests read it.
"""

from typing import Final

from app.pki.certificate import Chain
from app.pki.formats.file import File
from app.pki.formats.pem_files import PEM_FORMATS

FORMATS: Final = PEM_FORMATS


def certificate_files(chain: Chain, pkcs8: bytes | None) -> tuple[File, ...]:
    """`chain` and the DER PKCS#8 private key in each format; None leaves out what needs the key."""
    return tuple(file for format_ in FORMATS if (file := format_.file(chain, pkcs8)))
