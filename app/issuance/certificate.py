"""The certificate of an order: the request (CSR) with its key, and the chains that the CA offers, downloaded and checked."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from app.accounts.stored_account import CERTIFICATE_KEY
from app.acme.client import Client
from app.acme.order import download
from app.errors import KeptKeyError, KeystayError, LostKeyError
from app.issuance.issuance import Issuance
from app.pki.certificate import Chain, check_chain
from app.pki.certification_request import request_key
from app.pki.csr import build_csr
from app.ports import KeyHandle, KeyStore

MAX_ALTERNATES: Final = 8  # chains beside the first; CAs have one or two


async def csr_for(keys: KeyStore, issuance: Issuance) -> bytes:
    """The certificate request to submit (DER PKCS#10): the person's own, or one that is made here with a key in `keys`.

    Raises `StorageError` where that key cannot be stored, and what `copy_kept_key` raises.
    """
    if issuance.choices.csr:
        return issuance.choices.csr_der
    return await build_csr(await _certificate_key(keys, issuance), issuance.choices.identifiers)


async def copy_kept_key(keys: KeyStore, issuance: Issuance) -> KeyHandle | None:
    """The key of `issuance`, as far as it is there: where it uses that of another certificate again, a copy of that.

    The copy has a name of its own, so that it stays when the other order is deleted; there is no second one. Raises
    `KeptKeyError` where the other key is not here, and `StorageError`.
    """
    key = await keys.load(issuance.certificate_key)
    if key or not issuance.choices.same_key_as or issuance.choices.csr:
        return key
    name = CERTIFICATE_KEY + issuance.choices.same_key_as
    kept = await keys.load(name)
    if kept is None:
        raise KeptKeyError
    pkcs8 = await keys.export_pkcs8(name)
    return await keys.import_pkcs8(issuance.certificate_key, pkcs8, kept.spec, extractable=True)


async def fetch_chains(client: Client, keys: KeyStore, issuance: Issuance, now: float) -> tuple[str, ...]:
    """All chains that the CA offers for the certificate (PEM), its own choice first; `now` in Unix seconds.

    Raises `CertificateError` where the first one is not what was ordered, `ValidityError` where only the clock of this
    computer does not fit it, `LostKeyError` where its key is not here, and what `download` raises.
    """
    downloaded = await download(client, issuance.certificate_url)
    public_spki = await _public_key(keys, issuance)
    moment = datetime.fromtimestamp(now, UTC)

    def check(pem: str) -> Chain:
        return check_chain(pem, issuance.choices.identifiers, public_spki, moment)

    async def alternate(url: str) -> Chain | None:
        """Another chain, or None: one that cannot be downloaded or is damaged must not cost the first."""
        try:
            return check((await download(client, url)).pem)
        except KeystayError:
            return None

    chain = check(downloaded.pem)
    others = await asyncio.gather(*map(alternate, downloaded.alternates[:MAX_ALTERNATES]))
    same = (other.fullchain_pem for other in others if other and other.cert_pem == chain.cert_pem)
    return tuple(dict.fromkeys((chain.fullchain_pem, *same)))


async def _public_key(keys: KeyStore, issuance: Issuance) -> bytes:
    """The DER public key that the certificate must carry. Raises `LostKeyError`."""
    if issuance.choices.csr:
        return request_key(issuance.choices.csr_der)
    key = await keys.load(issuance.certificate_key)
    if key is None:
        raise LostKeyError("certificate-key-missing")
    return key.public_spki


async def _certificate_key(keys: KeyStore, issuance: Issuance) -> KeyHandle:
    key = await copy_kept_key(keys, issuance)
    return key or await keys.generate(issuance.certificate_key, issuance.choices.key_spec, extractable=True)
