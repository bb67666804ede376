"""The private key in other forms than PKCS#8: for devices that know only the older ones, and locked with a password."""

from typing import Final

from asn1crypto.keys import ECPrivateKey, EncryptedPrivateKeyInfo, PrivateKeyInfo

from app.encoding.key_types import CURVES
from app.pki.formats.file import Format, Source
from app.pki.formats.pem_files import PEM_TYPE
from app.pki.password_encryption import Pbes2
from app.pki.pem import to_pem


async def _pkcs1(source: Source) -> bytes | None:
    """RSAPrivateKey (RFC 8017 §A.1.2)."""
    info = _info(source)
    if info is None or info.algorithm != "rsa":
        return None
    return to_pem("RSA PRIVATE KEY", info["private_key"].parsed.dump()).encode("ascii")


async def _sec1(source: Source) -> bytes | None:
    """ECPrivateKey (RFC 5915 §3), which names its curve; in PKCS#8 the name stands outside of it."""
    info = _info(source)
    if info is None or info.algorithm != "ec":
        return None
    inner, curve = info["private_key"].parsed, info.curve[1]
    key = ECPrivateKey({"version": "ecPrivkeyVer1", "private_key": inner["private_key"].native, "parameters": ("named", curve)})
    key["private_key"].set_encoded_width(CURVES[curve].width)
    if inner["public_key"].native:
        key["public_key"] = inner["public_key"].native
    return to_pem("EC PRIVATE KEY", key.dump()).encode("ascii")


async def _encrypted(source: Source) -> bytes | None:
    """EncryptedPrivateKeyInfo (RFC 5958 §3)."""
    if source.pkcs8 is None:
        return None
    algorithm, encrypted = await Pbes2(source.cipher, source.password).encrypt(source.pkcs8)
    locked = EncryptedPrivateKeyInfo({"encryption_algorithm": algorithm, "encrypted_data": encrypted})
    return to_pem("ENCRYPTED PRIVATE KEY", locked.dump()).encode("ascii")


def _info(source: Source) -> PrivateKeyInfo | None:
    return None if source.pkcs8 is None else PrivateKeyInfo.load(source.pkcs8)


KEY_FORMATS: Final = (
    Format("privkey-pkcs1", "privkey-rsa.pem", PEM_TYPE, _pkcs1, private=True, algorithm="rsa"),
    Format("privkey-sec1", "privkey-ec.pem", PEM_TYPE, _sec1, private=True, algorithm="ec"),
    Format("privkey-encrypted", "privkey-encrypted.pem", PEM_TYPE, _encrypted, private=True, locked=True),
)
"""PKCS#1 for RSA keys, SEC 1 for EC keys, and PKCS#8 under a password."""
