"""The types of a file to download and of an output format."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from asn1crypto.x509 import Certificate

from app.encoding.key_types import KEY_TYPES
from app.errors import CertificateError
from app.pki.certificate import Chain
from app.pki.pem import read_certificates
from app.ports import Cipher, KeySpec, Packages


@dataclass(frozen=True)
class File:
    """A file to download: its name, MIME type and bytes. A `private` one contains a private key."""

    name: str
    type: str
    body: bytes
    private: bool = False


def file_stem(name: str) -> str:
    """A name or IP address of a certificate as the beginning of a file's name."""
    return name.replace("*", "wildcard").replace(":", "-")


@dataclass(frozen=True)
class Source:
    """What the files of a certificate are made from.

    `chain` is the certificate with its intermediates, `pkcs8` its DER PKCS#8 private key, or None where there is none. `name`
    is what people call it: the first of its names, in ASCII. `password` locks the files that have one, and `cipher` and
    `packages` do it; each `Format` that is `locked` needs a password that `app.pki.formats.password.check_password` has taken.
    """

    chain: Chain
    pkcs8: bytes | None
    name: str
    cipher: Cipher
    packages: Packages
    password: str = ""

    @property
    def stem(self) -> str:
        """`name` as the beginning of a file's name."""
        return file_stem(self.name)

    def certificates(self) -> list[Certificate]:
        """The certificate and its intermediates. asn1crypto reads of them only what is asked for, so odd names do no harm.

        Raises `CertificateError` where one is damaged.
        """
        try:
            return [Certificate.load(der) for der in read_certificates(self.chain.fullchain_pem)]
        except ValueError as error:
            raise CertificateError("certificate-unreadable", detail=str(error)[:500]) from error


@dataclass(frozen=True)
class Format:
    """One output format of a certificate.

    `id` names its button on the page: `download-` and the `id`. `name` is the name of its file, `type` the MIME type. `write`
    makes the body, or None where the key is missing or of another kind. A `private` format contains the private key; one with
    an `algorithm` exists for keys of that kind alone. A `locked` format needs a password. With `own_name`, its file is called
    like the certificate, with the ending of `name`: it is moved around, and lies among others of its kind.
    """

    id: str
    name: str
    type: str
    write: Callable[[Source], Awaitable[bytes | None]]
    private: bool = False
    algorithm: Literal["", "rsa", "ec"] = ""
    locked: bool = False
    own_name: bool = False

    def applies(self, spec: KeySpec, *, has_key: bool) -> bool:
        """Whether there is such a file of a certificate with a key of kind `spec`, where the private one is here or not."""
        algorithm = "ec" if KEY_TYPES[spec].curve else "rsa"
        return (has_key or not self.private) and self.algorithm in ("", algorithm)

    def file_name(self, source: Source) -> str:
        """The name of its file."""
        return f"{source.stem}.{self.name.rpartition('.')[2]}" if self.own_name else self.name

    async def file(self, source: Source) -> File | None:
        """The file in this format, or None where `source` has no such key. Raises `CertificateError` and `PackageError`."""
        body = await self.write(source)
        return None if body is None else File(self.file_name(source), self.type, body, self.private)
