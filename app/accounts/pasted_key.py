"""A private key that a person pasted, as a handle."""

from app.errors import DamagedKeyError, FieldError
from app.ports import KeyHandle, KeySpec, KeyStore


async def take_pasted_key(keys: KeyStore, name: str, key: tuple[KeySpec, bytes], field: str, *, extractable: bool) -> KeyHandle:
    """Keep the `key` (kind and DER PKCS#8) that stood in `field` under `name`.

    Its form was read before; whether its numbers fit together, the key store knows. Raises `FieldError` for `field` where they
    do not, and `StorageError`.
    """
    spec, pkcs8 = key
    try:
        return await keys.import_pkcs8(name, pkcs8, spec, extractable=extractable)
    except DamagedKeyError as error:
        raise FieldError(field, "The parts of this private key do not fit together. Was it copied whole?") from error
