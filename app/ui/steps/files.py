"""Step 2: files on the web server, and certificates on port 443."""

from typing import Final
from urllib.parse import urlsplit

from app.acme.challenge import TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.ui.views import FileCard, TlsCard

_SERVE: Final = "sudo openssl s_server -quiet -accept 443 -alpn acme-tls/1 -cert {file} -key {file}"


def file_card(file: WebFile, owner: Identifier, kind: str) -> FileCard:
    """The card of `file`, which proves `owner` by a challenge of type `kind`."""
    folder, _, filename = urlsplit(file.url).path.rpartition("/")
    return FileCard(owner.base, kind, file.url, f"{folder}/", filename, file.body)


def tls_card(certificate: TlsCertificate, kind: str) -> TlsCard:
    """The card of `certificate`, which is shown on port 443 for a challenge of type `kind`."""
    name = certificate.identifier.server_name
    return TlsCard(certificate.identifier.value, kind, name, f"{name}.pem", _SERVE.format(file=f"{name}.pem"))
