"""PEM (RFC 7468), in the four files that certbot writes, and with the key in one file with the certificates.

No file has a blank line, or text before the first BEGIN: some devices refuse both.
"""

from typing import Final

from app.pki.formats.file import Format, Source
from app.pki.pem import to_pem

PEM_TYPE: Final = "application/x-pem-file"


async def _cert(source: Source) -> bytes:
    return source.chain.cert_pem.encode("ascii")


async def _chain(source: Source) -> bytes:
    return source.chain.chain_pem.encode("ascii")


async def _fullchain(source: Source) -> bytes:
    return source.chain.fullchain_pem.encode("ascii")


async def _privkey(source: Source) -> bytes | None:
    return None if source.pkcs8 is None else to_pem("PRIVATE KEY", source.pkcs8).encode("ascii")


async def _combined(source: Source) -> bytes | None:
    key = await _privkey(source)
    return None if key is None else await _fullchain(source) + key


async def _combined_key_first(source: Source) -> bytes | None:
    key = await _privkey(source)
    return None if key is None else key + await _fullchain(source)


PEM_FORMATS: Final = (
    Format("cert", "cert.pem", PEM_TYPE, _cert),
    Format("chain", "chain.pem", PEM_TYPE, _chain),
    Format("fullchain", "fullchain.pem", PEM_TYPE, _fullchain),
    Format("privkey", "privkey.pem", PEM_TYPE, _privkey, private=True),
)
"""The certificate alone, its intermediates, both, and the private key."""

COMBINED_FORMATS: Final = (
    Format("combined", "combined.pem", PEM_TYPE, _combined, private=True),
    Format("combined-key-first", "combined-key-first.pem", PEM_TYPE, _combined_key_first, private=True),
)
"""Certificate, intermediates and key in one file; the second begins with the key."""
