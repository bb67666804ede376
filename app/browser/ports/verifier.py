"""`Verifier` by WebCrypto."""

from collections.abc import Mapping
from typing import Final

import js
from pyodide.ffi import JsException, to_js

from app.ports import HashName, KeySpec

_HASHES: Final[Mapping[HashName, str]] = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_CURVES: Final = {"ec-p256": "P-256", "ec-p384": "P-384"}


class WebCryptoVerifier:
    """`app.ports.Verifier`."""

    async def verify(self, spki: bytes, spec: KeySpec, digest: HashName, signature: bytes, data: bytes) -> bool:
        """See `app.ports.Verifier.verify`."""
        subtle, hashed = js.crypto.subtle, _HASHES[digest]
        algorithm = (
            {"name": "ECDSA", "namedCurve": _CURVES[spec], "hash": hashed}
            if spec in _CURVES
            else {"name": "RSASSA-PKCS1-v1_5", "hash": hashed}
        )
        try:
            uses = to_js(["verify"])
            key = await subtle.importKey("spki", to_js(spki), to_js(algorithm), False, uses)  # noqa: FBT003 – WebCrypto’s own signature
            return bool(await subtle.verify(to_js(algorithm), key, to_js(signature), to_js(data)))
        except JsException:
            return False
