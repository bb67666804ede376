"""What the files of the tests are made from: a certificate as a CA issues it, its intermediate and its key."""

import subprocess
from typing import Final

from cryptography.hazmat.primitives import serialization

from app.pki.certificate import read_chain
from app.pki.formats.file import Source
from app.ports import KeySpec
from tests.adapters import InstalledPackages, NativeCipher
from tests.unit.chains import chain
from tests.unit.keys import native_key

NAMES: Final = ("shop.example", "*.shop.example", "xn--bcher-kva.example")
PASSWORD: Final = "k7Rm-x2Vd-9QfT-hw4C"  # noqa: S105 – a test’s


def openssl(*arguments: str) -> str:
    """What openssl prints. Raises `CalledProcessError` where it refuses."""
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=True).stdout


def pkcs8_of(spec: KeySpec) -> bytes:
    """The private key of kind `spec` as WebCrypto exports it."""
    form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return native_key(spec).private.private_bytes(*form)


def source_of(spec: KeySpec = "ec-p256", password: str = PASSWORD, names: tuple[str, ...] = NAMES) -> Source:
    """A certificate for `names` with a key of kind `spec`, its intermediate and that key."""
    read = read_chain(chain(*names, spki=native_key(spec).public_spki))
    return Source(read, pkcs8_of(spec), names[0], NativeCipher(), InstalledPackages(), password)
