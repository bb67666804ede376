"""The file for a tls-alpn-01 challenge (RFC 8737), made on request: it holds a private key, so it is in no record."""

from datetime import UTC, datetime

from app.acme.challenge import TlsCertificate
from app.errors import InputError
from app.issuance.issuance import Issuance
from app.pki.formats.file import File
from app.pki.tls_alpn import validation_certificate, validation_file
from app.ports import Ports


async def proof_file(ports: Ports, issuance: Issuance, server_name: str) -> File:
    """The certificate and key for the name or address of `issuance` with this `server_name`.

    All such certificates of an order share one key, which is made here and used for nothing else (§3). Raises `InputError`
    where no name of the order needs such a certificate, and `StorageError`.
    """
    wanted = (entry for entry in issuance.publications if isinstance(entry, TlsCertificate))
    publication = next((entry for entry in wanted if entry.identifier.server_name == server_name), None)
    if publication is None:
        raise InputError("name-without-tls-certificate", name=server_name)
    name = issuance.proof_key
    key = await ports.keys.load(name) or await ports.keys.generate(name, "ec-p256", extractable=True)
    now = datetime.fromtimestamp(ports.clock.now(), UTC).replace(microsecond=0)
    certificate = await validation_certificate(key, publication.identifier, publication.proof, now)
    return validation_file(server_name, certificate, await ports.keys.export_pkcs8(name))
