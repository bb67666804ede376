"""A key store that tracks private keys: each key that enters or leaves it as bytes is noted, so that the gate recognises it."""

from app.network.secret_scanner import SecretScanner
from app.ports import KeyHandle, KeySpec, KeyStore


class TrackingKeyStore:
    """`app.ports.KeyStore` on `inner`; notes every private key that becomes bytes in `secrets`.

    A key that stays a handle is not noted: this page cannot read it, so it cannot send it.
    """

    def __init__(self, inner: KeyStore, secrets: SecretScanner) -> None:
        self._inner = inner
        self._secrets = secrets

    async def generate(self, name: str, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.generate`."""
        return await self._inner.generate(name, spec, extractable=extractable)

    async def import_pkcs8(self, name: str, pkcs8: bytes, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.import_pkcs8`."""
        handle = await self._inner.import_pkcs8(name, pkcs8, spec, extractable=extractable)
        self._secrets.note_pkcs8(pkcs8)
        return handle

    async def load(self, name: str) -> KeyHandle | None:
        """See `app.ports.KeyStore.load`."""
        return await self._inner.load(name)

    async def delete(self, name: str) -> None:
        """See `app.ports.KeyStore.delete`."""
        await self._inner.delete(name)

    async def names(self) -> list[str]:
        """See `app.ports.KeyStore.names`."""
        return await self._inner.names()

    async def export_pkcs8(self, name: str) -> bytes:
        """See `app.ports.KeyStore.export_pkcs8`."""
        pkcs8 = await self._inner.export_pkcs8(name)
        self._secrets.note_pkcs8(pkcs8)
        return pkcs8
