"""The types of a file to download and of an output format."""

from collections.abc import Callable
from dataclasses import dataclass

from app.pki.certificate import Chain


@dataclass(frozen=True)
class File:
    """A file to download: its name, MIME type and bytes. A `private` one contains a private key."""

    name: str
    type: str
    body: bytes
    private: bool = False


@dataclass(frozen=True)
class Format:
    """One output format of a certificate.

    `id` names its button on the page: `download-` and the `id`. `name` is the name of its file, `type` the MIME type. `write`
    makes the body from the chain and the DER PKCS#8 private key, or from the chain alone where there is no key (None); it
    returns None where the format needs one. A `private` format contains the private key.
    """

    id: str
    name: str
    type: str
    write: Callable[[Chain, bytes | None], bytes | None]
    private: bool = False

    def file(self, chain: Chain, pkcs8: bytes | None) -> File | None:
        """The file of `chain` and the private key in this format, or None where it needs a key and there is none."""
        body = self.write(chain, pkcs8)
        return None if body is None else File(self.name, self.type, body, self.private)
