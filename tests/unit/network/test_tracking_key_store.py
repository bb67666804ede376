"""The watched key store: what was taken out or brought in as bytes, the gate finds again; what stays a handle is no concern."""

import base64

import pytest

from app.errors import StorageError
from app.network.secret_scanner import SecretScanner
from app.network.tracking_key_store import TrackingKeyStore
from app.ports import KeySpec
from tests.adapters import NativeKeyStore


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384", "rsa-2048"])
async def test_a_key_that_was_taken_out_is_found_again(spec: KeySpec) -> None:
    secrets = SecretScanner()
    keys = TrackingKeyStore(NativeKeyStore(), secrets)
    handle = await keys.generate("one", spec, extractable=True)
    assert await keys.names() == ["one"]
    assert await keys.load("one") == handle
    assert not secrets.found_in(base64.b64encode(handle.public_spki))
    wrapped = base64.b64encode(await keys.export_pkcs8("one"))
    assert secrets.found_in(wrapped)
    assert not secrets.found_in(base64.b64encode(handle.public_spki))
    await keys.delete("one")
    assert secrets.found_in(wrapped)  # whoever took it may still have it in a field


async def test_a_key_that_was_brought_in_is_found_again_and_a_locked_one_cannot_be_read() -> None:
    native = NativeKeyStore()
    await native.generate("one", "ec-p256", extractable=True)
    pkcs8 = await native.export_pkcs8("one")
    secrets = SecretScanner()
    keys = TrackingKeyStore(NativeKeyStore(), secrets)
    await keys.import_pkcs8("two", pkcs8, "ec-p256", extractable=False)
    assert secrets.found_in(pkcs8.hex().encode())
    with pytest.raises(StorageError):
        await keys.export_pkcs8("two")
