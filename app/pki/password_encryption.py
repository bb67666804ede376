"""Encryption under a password as PKCS#8 and PKCS#12 files have it: PBES2 for today's systems, triple DES for old ones."""

from typing import Final, Protocol

from asn1crypto.algos import EncryptionAlgorithm
from asn1crypto.core import Null

from app.pki import triple_des
from app.pki.pkcs12_kdf import INITIALIZATION_VECTOR, KEY, derive
from app.ports import Cipher, Packages

PBKDF2_ITERATIONS: Final = 10_000
"""As many as Java writes. More would help a weak password against guessing, but .NET refuses files with far more of them."""

OLD_ITERATIONS: Final = 2048
"""As many as OpenSSL writes: small devices need seconds for more. A generated password needs none."""

SALT: Final = 16
OLD_SALT: Final = 8
"""Bytes of a salt. RFC 8018 §4.1 asks for 8 at least, and old programs have seen no others."""


class PasswordEncryption(Protocol):
    """Encrypts bytes under a password."""

    async def encrypt(self, plain: bytes) -> tuple[EncryptionAlgorithm, bytes]:
        """The algorithm with its parameters, and `plain` encrypted with them. Raises `PackageError`."""
        ...


class Pbes2:
    """PBES2 (RFC 8018 §6.2): PBKDF2 with HMAC-SHA-256, and AES-256 in CBC mode."""

    def __init__(self, cipher: Cipher, password: str) -> None:
        self._cipher = cipher
        self._password = password

    async def encrypt(self, plain: bytes) -> tuple[EncryptionAlgorithm, bytes]:
        """See `PasswordEncryption.encrypt`."""
        salt, iv = self._cipher.random(SALT), self._cipher.random(16)
        key = await self._cipher.pbkdf2_sha256(self._password.encode("utf-8"), salt, PBKDF2_ITERATIONS, 32)
        derivation = {
            "salt": ("specified", salt),
            "iteration_count": PBKDF2_ITERATIONS,
            "prf": {"algorithm": "sha256", "parameters": Null()},
        }
        parameters = {
            "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derivation},
            "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": iv},
        }
        algorithm = EncryptionAlgorithm({"algorithm": "pbes2", "parameters": parameters})
        return algorithm, await self._cipher.encrypt_cbc(plain, key, iv)


class TripleDes:
    """pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C): what systems before 2018 read, and all later ones still do."""

    def __init__(self, cipher: Cipher, packages: Packages, password: str) -> None:
        self._cipher = cipher
        self._packages = packages
        self._password = password

    async def encrypt(self, plain: bytes) -> tuple[EncryptionAlgorithm, bytes]:
        """See `PasswordEncryption.encrypt`."""
        salt = self._cipher.random(OLD_SALT)
        key = derive("sha1", self._password, salt, KEY, OLD_ITERATIONS, 24)
        iv = derive("sha1", self._password, salt, INITIALIZATION_VECTOR, OLD_ITERATIONS, 8)
        parameters = {"salt": salt, "iterations": OLD_ITERATIONS}
        algorithm = EncryptionAlgorithm({"algorithm": "pkcs12_sha1_tripledes_3key", "parameters": parameters})
        return algorithm, await triple_des.encrypt(self._packages, plain, key, iv)
