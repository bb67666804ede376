"""Private keys in certificate files: their public half is shown, and nothing else of them is kept."""

from asn1crypto.keys import EncryptedPrivateKeyInfo, PrivateKeyInfo

from app.errors import InputError, PassphraseError
from app.pki.private_key import parse_private_key
from app.pki.viewer.ber import header_length
from app.pki.viewer.contents import Contents, FoundKey, KeyForm
from app.pki.viewer.decryption import Decryption, FileTools
from app.pki.viewer.public_half import public_half


def keep_key(info: PrivateKeyInfo, form: KeyForm, contents: Contents, tools: FileTools, *, locked: bool = False) -> None:
    """Tell `tools` of a private key, and keep its public half. Raises `InputError` where it is damaged."""
    try:
        tools.on_private_key(info.dump())
        public = public_half(info)
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise InputError("key-damaged") from error
    contents.add_key(FoundKey(public, form, locked))


def read_key(der: bytes, contents: Contents, tools: FileTools) -> None:
    """Keep an unencrypted private key in any form. Raises `InputError`, or `ValueError` where it is none."""
    keep_key(parse_private_key(der), _form_of(der), contents, tools)


async def read_encrypted_key(der: bytes, password: str | None, contents: Contents, decryption: Decryption) -> None:
    """Keep an encrypted PKCS#8 key.

    Raises `InputError`, also where the password is missing or wrong, and what asn1crypto raises.
    """
    encrypted = EncryptedPrivateKeyInfo.load(der, strict=True)
    _ = encrypted.native  # no password opens a damaged one
    try:
        if password is None:
            raise PassphraseError
        info = await open_key(encrypted, password, decryption)
    except PassphraseError:
        raise InputError("key-needs-password" if password is None else "key-wrong-password") from None
    keep_key(info, "PKCS#8", contents, decryption.tools, locked=True)


async def open_key(encrypted: EncryptedPrivateKeyInfo, password: str | None, decryption: Decryption) -> PrivateKeyInfo:
    """Decrypt an encrypted PKCS#8 key (RFC 5958 §3). Raises what `Decryption.decrypt` raises.

    A wrong password may leave a padding by chance: what comes out is then no key, and that is `PassphraseError`, too.
    """
    algorithm, data = encrypted["encryption_algorithm"], encrypted["encrypted_data"].native
    plain = await decryption.decrypt(algorithm, data, password)
    try:
        info = PrivateKeyInfo.load(plain, strict=True)
        _ = info["private_key_algorithm"].native
    except Exception as error:  # not a key leads asn1crypto to many kinds of error
        raise PassphraseError from error
    return info


def _form_of(der: bytes) -> KeyForm:
    """What follows the version in the SEQUENCE tells the three forms apart (RFC 5958 §2, RFC 5915 §3, RFC 8017 §A.1.2)."""
    after_version = header_length(der) + 3
    match der[after_version : after_version + 1]:
        case b"\x04":
            return "SEC 1"
        case b"\x02":
            return "PKCS#1"
    return "PKCS#8"
