"""PFX (PKCS#12, RFC 7292): certificate, intermediates and private key in one file under a password.

Two of them. Windows Server 2016 and older, macOS and many devices cannot read what is written today, and say only that the
password is wrong; the other one everything reads.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final, Literal

from asn1crypto.cms import ContentInfo, EncryptedData
from asn1crypto.core import BMPString, Null, OctetString
from asn1crypto.keys import EncryptedPrivateKeyInfo
from asn1crypto.pkcs12 import AuthenticatedSafe, CertBag, MacData, Pfx, SafeBag, SafeContents
from asn1crypto.x509 import Certificate

from app.pki.formats.file import Format, Source
from app.pki.password_encryption import OLD_ITERATIONS, OLD_SALT, PBKDF2_ITERATIONS, SALT, PasswordEncryption, Pbes2, TripleDes
from app.pki.pkcs12_kdf import MAC_KEY, derive

PFX_TYPE: Final = "application/x-pkcs12"


@dataclass(frozen=True)
class _Mac:
    """How the whole file is authenticated: HMAC with this digest, its key derived in so many iterations (RFC 7292 §5.1).

    `salt` is the length of its salt in bytes.
    """

    digest: Literal["sha1", "sha256"]
    iterations: int
    salt: int


async def _modern(source: Source) -> bytes | None:
    return await _pfx(source, Pbes2(source.cipher, source.password), _Mac("sha256", PBKDF2_ITERATIONS, SALT))


async def _legacy(source: Source) -> bytes | None:
    encryption = TripleDes(source.cipher, source.packages, source.password)
    return await _pfx(source, encryption, _Mac("sha1", OLD_ITERATIONS, OLD_SALT))  # macOS refuses SHA-256 here


async def _pfx(source: Source, encryption: PasswordEncryption, mac: _Mac) -> bytes | None:
    """The DER of a PFX: the certificates encrypted as a whole, the key by itself, and the MAC over both (RFC 7292 §4, §5)."""
    if source.pkcs8 is None:
        return None
    leaf, *others = source.certificates()
    names = _attributes(source.name, leaf)
    certificates = SafeContents([_certificate_bag(leaf, names), *map(_certificate_bag, others)])
    key = SafeContents([await _key_bag(source.pkcs8, encryption, names)])
    safes = AuthenticatedSafe([await _encrypted(certificates, encryption), _data(key.dump())]).dump()
    salt = source.cipher.random(mac.salt)
    authenticated = {
        "mac": {"digest_algorithm": {"algorithm": mac.digest, "parameters": Null()}, "digest": _hmac(safes, source, salt, mac)},
        "mac_salt": salt,
        "iterations": mac.iterations,
    }
    pfx: bytes = Pfx({"version": "v3", "auth_safe": _data(safes), "mac_data": MacData(authenticated)}).dump()
    return pfx


def _hmac(safes: bytes, source: Source, salt: bytes, mac: _Mac) -> bytes:
    length = hashlib.new(mac.digest).digest_size
    key = derive(mac.digest, source.password, salt, MAC_KEY, mac.iterations, length)
    return hmac.digest(key, safes, mac.digest)


def _attributes(name: str, leaf: Certificate) -> list[dict[str, Any]]:
    """What pairs key and certificate (localKeyID), and what lists show for them (friendlyName, RFC 2985 §5.5)."""
    local_key_id = hashlib.sha1(leaf.dump(), usedforsecurity=False).digest()  # as all programs do; any bytes would do
    return [
        {"type": "friendly_name", "values": [BMPString(name)]},
        {"type": "local_key_id", "values": [OctetString(local_key_id)]},
    ]


def _certificate_bag(certificate: Certificate, attributes: list[dict[str, Any]] | None = None) -> SafeBag:
    return _bag("cert_bag", CertBag({"cert_id": "x509", "cert_value": certificate}), attributes)


async def _key_bag(pkcs8: bytes, encryption: PasswordEncryption, attributes: list[dict[str, Any]]) -> SafeBag:
    algorithm, encrypted = await encryption.encrypt(pkcs8)
    locked = EncryptedPrivateKeyInfo({"encryption_algorithm": algorithm, "encrypted_data": encrypted})
    return _bag("pkcs8_shrouded_key_bag", locked, attributes)


def _bag(kind: str, value: Any, attributes: list[dict[str, Any]] | None) -> SafeBag:
    bag = {"bag_id": kind, "bag_value": value}
    return SafeBag(bag | {"bag_attributes": attributes} if attributes else bag)


async def _encrypted(contents: SafeContents, encryption: PasswordEncryption) -> ContentInfo:
    algorithm, encrypted = await encryption.encrypt(contents.dump())
    inner = {"content_type": "data", "content_encryption_algorithm": algorithm, "encrypted_content": encrypted}
    data = EncryptedData({"version": "v0", "encrypted_content_info": inner})
    return ContentInfo({"content_type": "encrypted_data", "content": data})


def _data(content: bytes) -> ContentInfo:
    return ContentInfo({"content_type": "data", "content": OctetString(content)})


PFX_FORMATS: Final = (
    Format("pfx", "certificate.pfx", PFX_TYPE, _modern, private=True, locked=True, own_name=True),
    Format("pfx-legacy", "certificate.pfx", PFX_TYPE, _legacy, private=True, locked=True, own_name=True),
)
"""For systems of today: AES-256 and SHA-256. For old ones, Macs and whoever does not know: triple DES and SHA-1."""
