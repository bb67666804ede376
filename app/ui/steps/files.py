"""Step 2: files on the web server, and certificates on port 443."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.acme.challenge import TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.text.files import download_title, open_title, servers_words, show_title, zip_words
from app.ui.steps.prove_models import FileCard, TlsCard

_SERVE: Final = "sudo openssl s_server -quiet -accept 443 -alpn acme-tls/1 -cert {file} -key {file}"


@dataclass(frozen=True)
class FilesGuide:
    """What to do with the files, in words that depend on how many there are; each is the part of the page with its name.

    `servers` is "" where all files are for one name. `show` is about the files of certificates.
    """

    download: str
    zip: str
    servers: str
    open: str
    show: str


def files_guide(cards: Sequence[FileCard | TlsCard]) -> FilesGuide:
    """What to do with the files of these `cards`."""
    files = [card for card in cards if isinstance(card, FileCard)]
    count, hosts = len(files), len({card.identifier for card in files})
    return FilesGuide(
        download_title(count), zip_words(count), servers_words(hosts), open_title(count), show_title(len(cards) - count)
    )


def file_card(file: WebFile, owner: Identifier, kind: str) -> FileCard:
    """The card of `file`, which proves `owner` by a challenge of type `kind`."""
    folder, _, filename = urlsplit(file.url).path.rpartition("/")
    return FileCard(owner.base, kind, file.url, f"{folder}/", filename, file.body)


def tls_card(certificate: TlsCertificate, kind: str) -> TlsCard:
    """The card of `certificate`, which is shown on port 443 for a challenge of type `kind`."""
    name = certificate.identifier.server_name
    return TlsCard(certificate.identifier.value, kind, name, f"{name}.pem", _SERVE.format(file=f"{name}.pem"))
