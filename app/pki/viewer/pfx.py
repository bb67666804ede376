"""Reads PFX files (PKCS#12, RFC 7292), as Windows, Java, OpenSSL, NSS and this page write them."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any, Final

from asn1crypto.cms import EncryptedData
from asn1crypto.core import OctetString
from asn1crypto.pkcs12 import AuthenticatedSafe, Pfx, SafeContents

from app.errors import InputError, KeystayError, PassphraseError
from app.pki.pkcs12_kdf import MAC_KEY, derive
from app.pki.viewer.contents import Contents
from app.pki.viewer.decryption import Decryption
from app.pki.viewer.keys import keep_key, open_key

MAX_BAGS: Final = 200
MAX_NESTED: Final = 3  # bags of bags; no program is known that writes any

_DIGESTS: Final = ("sha1", "sha224", "sha256", "sha384", "sha512")


async def read_pfx(der: bytes, password: str | None, contents: Contents, decryption: Decryption) -> None:
    """Put what a PFX file holds into `contents`.

    Without a `password` (None), it is opened where it has none. Raises `InputError` where it needs a password, or one that is
    not this one, or where it is of a kind that this page cannot open; else what asn1crypto raises.
    """
    pfx = Pfx.load(der, strict=True)
    safe = pfx["auth_safe"]
    if safe["content_type"].native != "data":
        raise InputError("pfx-with-public-key")
    content: bytes = safe["content"].native
    reader = _Reader(contents, decryption)
    await reader.read(content, reader.check_mac(pfx["mac_data"], content, password), given=password is not None)


class _Reader:
    """Reads one file into `contents`."""

    def __init__(self, contents: Contents, decryption: Decryption) -> None:
        self._contents = contents
        self._decryption = decryption
        self._bags = 0

    def check_mac(self, mac_data: Any, content: bytes, password: str | None) -> str | None:
        """The password that the MAC proves to be right, in the form that it needs; `password` itself where there is no MAC.

        An empty password is two zero bytes to some programs, and nothing to others (RFC 7292 §B.1 leaves it open).
        """
        if mac_data.native is None:
            return password
        digest: str = mac_data["mac"]["digest_algorithm"]["algorithm"].native
        if digest not in _DIGESTS:
            raise InputError("pfx-under-unknown-mac", name=digest[:60])
        salt, iterations = mac_data["mac_salt"].native, mac_data["iterations"].native
        for candidate in (password,) if password else ("", None):
            self._decryption.spend(iterations, in_python=True)
            key = derive(digest, candidate, salt, MAC_KEY, iterations, hashlib.new(digest).digest_size)
            if hmac.compare_digest(hmac.digest(key, content, digest), mac_data["mac"]["digest"].native):
                return candidate
        raise _closed(given=password is not None)

    async def read(self, content: bytes, password: str | None, *, given: bool) -> None:
        """Read each part (RFC 7292 §4.1); one that cannot be read does not take the others with it."""
        for info in AuthenticatedSafe.load(content, strict=True):
            try:
                await self._read_part(info, password)
            except PassphraseError:
                raise _closed(given=given) from None
            except KeystayError as fault:
                self._contents.add_fault(fault)
            except Exception:  # damaged input leads asn1crypto to many kinds of error
                self._contents.add_fault(InputError("pfx-damaged"))

    async def _read_part(self, info: Any, password: str | None) -> None:
        kind: str = info["content_type"].native
        if kind == "data":
            plain = info["content"].native
        elif kind == "encrypted_data":
            encrypted: EncryptedData = info["content"]
            part = encrypted["encrypted_content_info"]
            data = part["encrypted_content"].native
            plain = await self._decryption.decrypt(part["content_encryption_algorithm"], data, password)
        else:
            raise InputError("pfx-with-public-key")
        for bag in self._bags_of(SafeContents.load(plain, strict=True)):
            try:
                await self._read_bag(bag, password)
            except PassphraseError:
                raise
            except KeystayError as fault:
                self._contents.add_fault(fault)
            except Exception:  # as above
                self._contents.add_fault(InputError("pfx-damaged"))

    def _bags_of(self, bags: Any, depth: int = 0) -> Iterator[Any]:
        """All bags, those within bags, too."""
        for bag in bags:
            self._bags += 1
            if self._bags > MAX_BAGS or depth > MAX_NESTED:
                raise InputError("pfx-damaged")
            if bag["bag_id"].native == "safe_contents":
                yield from self._bags_of(bag["bag_value"], depth + 1)
            else:
                yield bag

    async def _read_bag(self, bag: Any, password: str | None) -> None:
        """One bag (RFC 7292 §4.2); CRLs and other secrets are of no interest here."""
        kind, value = bag["bag_id"].native, bag["bag_value"]
        if kind == "cert_bag" and value["cert_id"].native == "x509":
            self._contents.add_certificate(value["cert_value"].cast(OctetString).native)
        elif kind == "key_bag":
            keep_key(value, "PKCS#8", self._contents, self._decryption.tools)
        elif kind == "pkcs8_shrouded_key_bag":
            keep_key(
                await open_key(value, password, self._decryption), "PKCS#8", self._contents, self._decryption.tools, locked=True
            )


def _closed(*, given: bool) -> InputError:
    return InputError("file-wrong-password" if given else "file-needs-password")
