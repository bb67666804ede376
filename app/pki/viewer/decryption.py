"""Opens what a password locks in certificate files: PBES2 (RFC 8018 §6.2) and the 3DES of PKCS#12 (RFC 7292 appendix C)."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto.algos import EncryptionAlgorithm

from app.errors import InputError, PassphraseError
from app.pki import triple_des
from app.pki.pkcs12_kdf import INITIALIZATION_VECTOR, KEY, derive
from app.ports import Cipher, Packages

MAX_ITERATIONS: Final = 10_000_000
"""Rounds of key derivation for all parts of the files together. Programs take between 2,000 and 600,000 for a part; GnuTLS has
the most, and four parts in a PFX."""

MAX_IN_PYTHON: Final = 3_000_000
"""Rounds of these that are done in Python, while the page waits: a second for a million."""

MAX_TRIPLE_DES: Final = 64 << 10
"""Bytes under 3DES in the files together: it is decrypted in Python, half a second for 4,000 bytes."""

_PBKDF2_SLICE: Final = 5000
"""Rounds of PBKDF2 that are done at once in Python."""

_AES_KEYS: Final = {"aes128_cbc": 16, "aes256_cbc": 32}
_TRIPLE_DES: Final = {"pkcs12_sha1_tripledes_3key": 24, "pkcs12_sha1_tripledes_2key": 16}


@dataclass(frozen=True)
class FileTools:
    """What reading a file needs of the world; `on_private_key` is told of each private key (DER PKCS#8) that is read."""

    cipher: Cipher
    packages: Packages
    on_private_key: Callable[[bytes], None]


class Decryption:
    """Decrypts the parts of files that are looked into together, within bounds for all of them."""

    def __init__(self, tools: FileTools) -> None:
        self.tools = tools
        self._iterations = 0
        self._in_python = 0
        self._triple_des = 0

    def spend(self, iterations: int, *, in_python: bool) -> None:
        """Count rounds of key derivation, in Python or in the browser. Raises `InputError` where a file asks for too many."""
        self._iterations += iterations
        self._in_python += iterations if in_python else 0
        if iterations < 1 or self._iterations > MAX_ITERATIONS or self._in_python > MAX_IN_PYTHON:
            raise InputError("file-with-too-many-rounds", most=MAX_IN_PYTHON if in_python else MAX_ITERATIONS)

    async def decrypt(self, algorithm: EncryptionAlgorithm, data: bytes, password: str | None) -> bytes:
        """Decrypt `data` as `algorithm` says.

        Raises `PassphraseError` where the password does not open it, `InputError` for a kind of encryption that this page
        does not know, and what asn1crypto raises.
        """
        name: str = algorithm["algorithm"].native
        if name == "pbes2":
            return await self._pbes2(algorithm["parameters"], data, password or "")
        if name in _TRIPLE_DES:
            parameters = algorithm["parameters"]
            salt, iterations = parameters["salt"].native, parameters["iterations"].native
            self.spend(2 * iterations, in_python=True)
            key = derive("sha1", password, salt, KEY, iterations, _TRIPLE_DES[name])
            iv = derive("sha1", password, salt, INITIALIZATION_VECTOR, iterations, 8)
            return await self._decrypt_triple_des(data, (key + key)[:24], iv)
        raise _unknown(name)

    async def _pbes2(self, parameters: Any, data: bytes, password: str) -> bytes:
        scheme, derivation = parameters["encryption_scheme"], parameters["key_derivation_func"]
        cipher: str = scheme["algorithm"].native
        if derivation["algorithm"].native != "pbkdf2":
            raise _unknown(derivation["algorithm"].native)
        size = 24 if cipher == "tripledes_3key" else _AES_KEYS.get(cipher)
        if size is None:
            raise _unknown(cipher)
        options = derivation["parameters"]
        digest, iterations = options["prf"]["algorithm"].native, options["iteration_count"].native
        self.spend(iterations, in_python=digest != "sha256")
        key = await self._pbkdf2(digest, password.encode("utf-8", "surrogatepass"), options["salt"].native, iterations, size)
        iv: bytes = scheme["parameters"].native
        if cipher == "tripledes_3key":
            return await self._decrypt_triple_des(data, key, iv)
        if len(iv) != 16 or not data or len(data) % 16:
            raise PassphraseError
        return await self.tools.cipher.decrypt_cbc(data, key, iv)

    async def _pbkdf2(self, digest: str, password: bytes, salt: bytes, iterations: int, size: int) -> bytes:
        if digest == "sha256":
            return await self.tools.cipher.pbkdf2_sha256(password, salt, iterations, size)
        return await pbkdf2(digest, password, salt, iterations, size)

    async def _decrypt_triple_des(self, data: bytes, key: bytes, iv: bytes) -> bytes:
        self._triple_des += len(data)
        if self._triple_des > MAX_TRIPLE_DES:
            raise InputError("file-with-too-much-triple-des", most=MAX_TRIPLE_DES)
        if len(iv) != triple_des.BLOCK:
            raise PassphraseError
        return await triple_des.decrypt(self.tools.packages, data, key, iv)


async def pbkdf2(digest: str, password: bytes, salt: bytes, iterations: int, size: int) -> bytes:
    """PBKDF2 with the HMAC of `digest` (RFC 8018 §5.2), for digests that `Cipher` does not have.

    Raises `InputError` for an unknown one.
    """
    try:
        keyed = hmac.new(password, digestmod=digest)
    except ValueError as error:
        raise _unknown(digest) from error
    derived, block = b"", 0
    while len(derived) < size:
        block += 1
        last = _mac(keyed, salt + block.to_bytes(4))
        total = int.from_bytes(last)
        for n in range(1, iterations):
            last = _mac(keyed, last)
            total ^= int.from_bytes(last)
            if n % _PBKDF2_SLICE == 0:
                await asyncio.sleep(0)
        derived += total.to_bytes(keyed.digest_size)
    return derived[:size]


def _mac(keyed: Any, data: bytes) -> bytes:
    copy = keyed.copy()
    copy.update(data)
    digest: bytes = copy.digest()
    return digest


def _unknown(name: str) -> InputError:
    if "rc2" in name:
        return InputError("file-under-rc2")
    return InputError("file-under-unknown-cipher", name=name[:60])
