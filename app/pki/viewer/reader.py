"""Reads certificate files of any common kind: PEM with anything around it, DER, P7B (PKCS#7) and PFX (PKCS#12).

Files come from anywhere, so nothing in them is trusted: what cannot be read becomes a fault with a sentence, beside what can.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from asn1crypto.cms import ContentInfo

from app.errors import InputError, KeystayError
from app.pki.pem_text import PemBlock, decode_text, from_base64, normalized, pem_blocks
from app.pki.viewer.ber import first_element, header_length
from app.pki.viewer.contents import MAX_FILE, Contents
from app.pki.viewer.decryption import Decryption, FileTools
from app.pki.viewer.keys import read_encrypted_key, read_key
from app.pki.viewer.pfx import read_pfx
from app.pki.x509 import CertificationRequest

MAX_BLOCKS: Final = 200  # of PEM; a bundle of roots has 150

_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_PASSWORD_BASED: Final = (bytes.fromhex("06092a864886f70d0105"), bytes.fromhex("060a2a864886f70d010c01"))

_CERTIFICATES: Final = ("CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE")
_REQUESTS: Final = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
_P7B: Final = ("PKCS7", "PKCS #7 SIGNED DATA", "CMS")
_IGNORED: Final = ("EC PARAMETERS", "DH PARAMETERS", "PUBLIC KEY", "RSA PUBLIC KEY", "EC PUBLIC KEY", "X509 CRL")

# What people take for a certificate file, by how it begins, with the code of the error.
_OTHER_FILES: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb"PK\x03\x04"), "file-is-a-zip"),
    (re.compile(rb"\xfe\xed\xfe\xed|\xce\xce\xce\xce"), "file-is-a-java-keystore"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*PuTTY-User-Key-File"), "key-putty"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:ssh-|ecdsa-sha2-|sk-)\S+ AAAA"), "key-is-public"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*-----BEGIN PGP "), "key-pgp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)", re.IGNORECASE), "file-is-a-web-page"),
)


async def read_certificate_files(files: Sequence[bytes], password: str | None, tools: FileTools) -> Contents:
    """What is in `files` together, such as a chain and the private key beside it. `password` is None where none was given.

    Raises `KeystayError` where there is nothing to show: nothing was found, or only what needs a password (`PASSWORD_FAULTS`).
    It never repeats any of a key or a password.
    """
    size = sum(map(len, files))
    if size > MAX_FILE:
        raise InputError("file-too-large", length=size, most=MAX_FILE)
    contents = Contents()
    reader = _Reader(password, contents, Decryption(tools))
    for data in files:
        try:
            await reader.read(data)
        except KeystayError as fault:
            contents.add_fault(fault)
    if contents.is_empty:
        raise contents.faults[0] if contents.faults else InputError("file-without-certificates")
    return contents


@dataclass(frozen=True)
class _Reader:
    """Reads one file after the other into `contents`."""

    password: str | None
    contents: Contents
    decryption: Decryption

    async def read(self, data: bytes) -> None:
        """Read one file. Raises `KeystayError`."""
        if not data.strip():
            raise InputError("file-empty")
        other = next((code for pattern, code in _OTHER_FILES if pattern.match(data)), None)
        if other:
            raise InputError(other)
        if data[:1] == b"\x30" and b"-----BEGIN" not in data:  # which is also the digit 0, before PEM as s_client prints it
            await self._read_der(data)
            return
        text = normalized(decode_text(data))
        blocks = pem_blocks(text)
        if blocks:
            await self._read_blocks(blocks)
            return
        try:
            der = from_base64(text)
        except ValueError:
            der = b""
        if der[:1] != b"\x30":
            raise InputError("file-without-certificates")
        await self._read_der(der)

    async def _read_blocks(self, blocks: Sequence[PemBlock]) -> None:
        if len(blocks) > MAX_BLOCKS:
            raise InputError("file-with-too-many-certificates", most=MAX_BLOCKS)
        for block in blocks:
            try:
                await self._read_block(block)
            except KeystayError as fault:
                self.contents.add_fault(fault)
            except Exception:  # damaged input leads asn1crypto to many kinds of error
                self.contents.add_fault(InputError("block-damaged", label=block.label))

    async def _read_block(self, block: PemBlock) -> None:
        """One PEM block. Raises `KeystayError`, and what damage leads to."""
        label = block.label
        _check_block(block)
        if label in _CERTIFICATES:
            self.contents.add_certificate(first_element(block.der()))  # OpenSSL’s TRUSTED ones have more after it
        elif label in _REQUESTS:
            self._read_request(block.der())
        elif label in _P7B:
            self._read_p7b(block.der())
        elif label == "ENCRYPTED PRIVATE KEY":
            await read_encrypted_key(block.der(), self.password, self.contents, self.decryption)
        elif label.endswith("PRIVATE KEY"):
            read_key(block.der(), self.contents, self.decryption.tools)
        elif label == "PKCS12":
            await read_pfx(block.der(), self.password, self.contents, self.decryption)
        elif label not in _IGNORED:
            raise InputError("block-unknown", label=label)

    async def _read_der(self, der: bytes) -> None:
        """DER, whose beginning tells what it is. Raises `KeystayError`."""
        try:
            await self._read_structure(der)
        except KeystayError:
            raise
        except Exception as error:  # damaged input leads asn1crypto to many kinds of error
            raise InputError("file-damaged") from error

    async def _read_structure(self, der: bytes) -> None:
        inner = der[header_length(der) :]
        if inner.startswith(_SIGNED_DATA):
            self._read_p7b(der)
        elif inner[:3] == b"\x02\x01\x03":  # the version of PFX (RFC 7292 §4)
            await read_pfx(der, self.password, self.contents, self.decryption)
        elif inner[:2] == b"\x02\x01":  # the version of a private key
            read_key(der, self.contents, self.decryption.tools)
        elif inner[:1] == b"\x30" and inner[header_length(inner) :].startswith(_PASSWORD_BASED):
            await read_encrypted_key(der, self.password, self.contents, self.decryption)
        elif _is_request(der):
            self.contents.requests += 1
        else:
            self.contents.add_certificate(der)

    def _read_request(self, der: bytes) -> None:
        if not _is_request(der):
            raise InputError("request-damaged")
        self.contents.requests += 1

    def _read_p7b(self, der: bytes) -> None:
        """PKCS#7 signed data that carries certificates only (RFC 5652 §5.1). A certificate that cannot be read is a fault."""
        info = ContentInfo.load(der, strict=True)
        certificates = info["content"]["certificates"] if info["content_type"].native == "signed_data" else ()
        for choice in certificates or ():
            try:
                if choice.name == "certificate":
                    self.contents.add_certificate(choice.chosen.dump())
            except KeystayError as fault:
                self.contents.add_fault(fault)


def _check_block(block: PemBlock) -> None:
    """Raise `InputError` where a PEM block is cut off, or of a form that only other programs read."""
    if block.label in _IGNORED:
        return
    if not block.ended:
        raise InputError("block-end-missing", label=block.label)
    if block.label == "OPENSSH PRIVATE KEY":
        raise InputError("key-openssh")
    if "PGP" in block.label:
        raise InputError("key-pgp")
    if block.is_encrypted and block.label != "ENCRYPTED PRIVATE KEY":
        raise InputError("key-locked-by-headers")


def _is_request(der: bytes) -> bool:
    """Whether `der` is a certificate request (RFC 2986 §4.2)."""
    try:
        request = CertificationRequest.load(der, strict=True)
        return request["info"]["version"].native in (0, 1, 2) and bool(request["info"]["public_key"].native)
    except Exception:  # any other structure gets here
        return False
