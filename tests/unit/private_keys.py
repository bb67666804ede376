"""Private keys that this page has never seen, in every form in which people have them, and every encoding around them."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from jwcrypto import jwk

from tests.unit.requests import request_for

LOCK: Final = BestAvailableEncryption(b"a password")

Key = (
    dsa.DSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | rsa.RSAPrivateKey
    | x25519.X25519PrivateKey
)


@cache
def foreign_keys() -> Mapping[str, Key]:
    """A key of each kind."""
    return {
        "P-256": ec.generate_private_key(ec.SECP256R1()),
        "P-384": ec.generate_private_key(ec.SECP384R1()),
        "P-521": ec.generate_private_key(ec.SECP521R1()),
        "secp256k1": ec.generate_private_key(ec.SECP256K1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
        "Ed448": ed448.Ed448PrivateKey.generate(),
        "X25519": x25519.X25519PrivateKey.generate(),
        "RSA 2048": rsa.generate_private_key(65537, 2048),
        "RSA 2048, exponent 3": rsa.generate_private_key(3, 2048),
        "RSA 4096": rsa.generate_private_key(65537, 4096),
        "DSA": dsa.generate_private_key(2048),
    }


@cache
def key_files() -> Mapping[str, bytes]:
    """Each key in each form that programs write, by a label."""
    files = dict(_files())
    files["PGP"] = (
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlFgEZ0XhIxYJKwYBBAHaRw8BAQdA\n-----END PGP PRIVATE KEY BLOCK-----\n"
    )
    files["PuTTY"] = (
        b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 2\nAAAA\nPrivate-Lines: 1\nAAAAIA==\n"
    )
    files["PKCS#12"] = pkcs12.serialize_key_and_certificates(b"a", foreign_keys()["RSA 2048"], None, None, LOCK)  # type: ignore[arg-type]
    files["JWK oct"] = jwk.JWK.generate(kty="oct", size=256).export().encode()
    return files


def _files() -> Iterator[tuple[str, bytes]]:
    for name, key in foreign_keys().items():
        traditional = isinstance(key, dsa.DSAPrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
        forms = {"PKCS#8": PrivateFormat.PKCS8, **({"traditional": PrivateFormat.TraditionalOpenSSL} if traditional else {})}
        for label, form in forms.items():
            yield f"{name} {label} DER", key.private_bytes(Encoding.DER, form, NoEncryption())
            yield f"{name} {label} PEM", key.private_bytes(Encoding.PEM, form, NoEncryption())
            yield f"{name} {label} PEM, locked", key.private_bytes(Encoding.PEM, form, LOCK)
        yield f"{name} DER, locked", key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, LOCK)
        if name not in ("Ed448", "X25519", "secp256k1", "DSA"):
            yield f"{name} OpenSSH", key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        if name != "DSA":
            private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            yield f"{name} JWK", jwk.JWK.from_pem(private).export_private().encode()


ENCODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "base64": base64.b64encode,
    "base64url": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 in lines": base64.encodebytes,
    "hex": lambda data: data.hex().encode(),
    "HEX with colons": lambda data: data.hex(":").upper().encode(),
    "percent": lambda data: quote(data, safe="").encode(),
    "form": lambda data: quote_plus(data).encode(),
    "JSON": lambda data: json.dumps(data.decode("latin-1")).encode(),
    "UTF-16": lambda data: base64.b64encode(data).decode().encode("utf-16"),
}


def body_of(pem: bytes) -> bytes:
    """The lines between the labels."""
    return b"".join(line for line in pem.splitlines(keepends=True) if b"--" not in line)


@cache
def public_texts() -> Mapping[str, bytes]:
    """What a CA is sent of keys: all of it public."""
    texts: dict[str, bytes] = {}
    for name, key in foreign_keys().items():
        public = key.public_key()
        texts[f"{name} SPKI"] = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        texts[f"{name} PEM"] = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if isinstance(key, rsa.RSAPrivateKey):
            texts[f"{name} PKCS#1"] = key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
        if isinstance(key, rsa.RSAPrivateKey) or name.startswith("P-"):
            texts[f"{name} request"] = request_for("shop.example", key=key).public_bytes(Encoding.DER)  # type: ignore[arg-type]
        if name != "DSA":
            private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            texts[f"{name} JWK"] = jwk.JWK.from_pem(private).export_public().encode()
    return texts
