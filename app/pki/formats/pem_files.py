"""PEM (RFC 7468), in the four files that certbot writes."""

from typing import Final

from app.pki.certificate import Chain
from app.pki.formats.file import Format
from app.pki.pem import to_pem

PEM_TYPE: Final = "application/x-pem-file"


def _cert(chain: Chain, _: bytes | None) -> bytes:
    return chain.cert_pem.encode("ascii")


def _chain(chain: Chain, _: bytes | None) -> bytes:
    return chain.chain_pem.encode("ascii")


def _fullchain(chain: Chain, _: bytes | None) -> bytes:
    return chain.fullchain_pem.encode("ascii")


def _privkey(_: Chain, pkcs8: bytes | None) -> bytes | None:
    return None if pkcs8 is None else to_pem("PRIVATE KEY", pkcs8).encode("ascii")


PEM_FORMATS: Final = (
    Format("cert", "cert.pem", PEM_TYPE, _cert),
    Format("chain", "chain.pem", PEM_TYPE, _chain),
    Format("fullchain", "fullchain.pem", PEM_TYPE, _fullchain),
    Format("privkey", "privkey.pem", PEM_TYPE, _privkey, private=True),
)
"""The certificate alone, its intermediates, both, and the private key."""
