"""A CA with one order and scripted responses, which checks every request as a strict CA does."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.encoding.base64url import b64url_decode
from app.ports import Ports, Request, Response
from tests.adapters import InstalledPackages, MemoryStore, MemoryTabs, NativeCipher, NativeKeyStore, NativeVerifier
from tests.unit.chains import NOW, chain
from tests.unit.keys import assert_signed
from tests.unit.records import DIRECTORY
from tests.unit.script import ScriptedHttp, answer, read_post

BASE: Final = "https://ca.example"
ACCOUNT: Final = f"{BASE}/account/1"
ORDER: Final = f"{BASE}/order/1"

NEW_ACCOUNT: Final = f"POST {BASE}/new-account"
NEW_ORDER: Final = f"POST {BASE}/new-order"
READ_ORDER: Final = f"POST {ORDER}"
FINALIZE: Final = f"POST {ORDER}/finalize"
CERTIFICATE: Final = f"POST {BASE}/certificate/1"


class ScriptedCA(ScriptedHttp):
    """By default all goes well: the order for `names` is pending, then ready, valid at once when finalized.

    Replace entries of `script` for what should go otherwise. Authorizations and challenges are numbered as `names` are.
    Every answer but the directory brings a fresh nonce.
    """

    def __init__(self, *names: str) -> None:
        super().__init__({})
        self.names = names
        self.account_jwk: Mapping[str, str] | None = None
        self._jwks: dict[str, Mapping[str, str]] = {}
        self._nonces: set[str] = set()
        self._given = 0
        urls = {"newNonce": f"{BASE}/nonce", "newAccount": f"{BASE}/new-account", "newOrder": f"{BASE}/new-order"}
        self.script = {
            f"GET {DIRECTORY}": [answer(urls)],
            f"HEAD {BASE}/nonce": [answer()],
            NEW_ACCOUNT: [answer({"status": "valid"}, status=201, location=ACCOUNT)],  # RFC 8555 §7.3
            NEW_ORDER: [self.order("pending", status_code=201, location=ORDER)],  # §7.4
            READ_ORDER: [self.order("ready")],
            FINALIZE: [self.order("valid")],
            CERTIFICATE: [self.certificate],
        }
        for n in range(len(names)):
            self.script[f"POST {self.authorization_url(n)}"] = [self.authorization(n)]
            self.script[f"POST {self.challenge_url(n)}"] = [answer({"status": "processing"})]  # §7.5.1

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`; a badly signed request fails the test."""
        if request.method == "POST" and request.url.startswith(BASE):
            self._judge(request)
        response = await super().send(request)
        if request.url == f"{BASE}/new-account" and self.account_jwk and "location" in response.headers:
            self._jwks[response.headers["location"]] = self.account_jwk
        if request.url == f"{BASE}/key-change" and response.status == 200:
            self._change_key(request)
        if request.method == "GET":
            return response
        return replace(response, headers={"replay-nonce": self._nonce(), **response.headers})

    def knows(self, account_url: str, jwk: Mapping[str, str]) -> None:
        """It made the account at `account_url` for the key `jwk` before."""
        self._jwks[account_url] = dict(jwk)

    def _change_key(self, request: Request) -> None:
        """§7.3.5: the account has the key that signed within."""
        inner = read_post(replace(request, body=json.dumps(read_post(request).payload).encode()))
        self._jwks[inner.payload["account"]] = inner.protected["jwk"]

    def _nonce(self) -> str:
        self._given += 1
        return self.gave(f"nonce-{self._given}")

    def gave(self, nonce: str) -> str:
        """It gave out this `nonce` in an answer of the script, so it takes it once."""
        self._nonces.add(nonce)
        return nonce

    def _judge(self, request: Request) -> None:
        """RFC 8555 §6.2 to §6.5."""
        post = read_post(request)
        assert post.protected["url"] == request.url
        self._nonces.remove(post.protected["nonce"])
        assert ("jwk" in post.protected) == (request.url == f"{BASE}/new-account")
        self.account_jwk = post.protected.get("jwk", self.account_jwk)
        jwk = self._jwks.get(post.protected.get("kid", ""), self.account_jwk)
        assert jwk
        assert_signed("ec-p256", _spki(jwk), post.signed, post.signature)

    # ---- its responses ----

    def order(self, status: str, *, status_code: int = 200, location: str = "", **members: Any) -> Response:
        """An order in `status` (RFC 8555 §7.1.3), with further `members`."""
        body = {
            "status": status,
            "identifiers": [{"type": "dns", "value": name} for name in self.names],
            "authorizations": [self.authorization_url(n) for n in range(len(self.names))],
            "finalize": f"{ORDER}/finalize",
            **({"certificate": f"{BASE}/certificate/1"} if status == "valid" else {}),
            **members,
        }
        return answer(body, status=status_code, **({"location": location} if location else {}))

    def authorization(
        self, n: int, status: str = "pending", *, kinds: tuple[str, ...] = ("http-01", "dns-01"), **of_each: Any
    ) -> Response:
        """The authorization of name `n` (§7.1.4) with challenges of `kinds`, each with the further members `of_each`."""
        name = self.names[n]
        token = f"token-of-name-{n}"
        url = self.challenge_url(n)
        challenges = [{"type": kind, "url": url, "status": status, "token": token, **of_each} for kind in kinds]
        identifier = {"type": "dns", "value": name.removeprefix("*.")}
        members = {"wildcard": True} if name.startswith("*.") else {}
        return answer({"status": status, "identifier": identifier, "challenges": challenges, **members})

    def certificate(self, _: Request) -> Response:
        """The chain for the request that was handed in (§7.4.2)."""
        csr = self.csr()
        names = csr.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        text = chain(*names, spki=csr.public_key().public_bytes(*form))
        return Response(200, {"content-type": "application/pem-certificate-chain"}, text.encode())

    # ---- the requests that it got ----

    @staticmethod
    def authorization_url(n: int) -> str:
        """Where the authorization of name `n` is."""
        return f"{BASE}/authorization/{n}"

    @staticmethod
    def challenge_url(n: int) -> str:
        """Where the challenge of name `n` is answered."""
        return f"{BASE}/challenge/{n}"

    def answered(self) -> list[str]:
        """The URLs of the challenges that were answered, sorted."""
        return sorted(request.url for request in self.requests if "/challenge/" in request.url)

    def csr(self) -> x509.CertificateSigningRequest:
        """The certificate request that was handed in last."""
        payload = read_post(self.sent(FINALIZE)[-1]).payload
        return x509.load_der_x509_csr(b64url_decode(payload["csr"]))


def _spki(jwk: Mapping[str, str]) -> bytes:
    x, y = (int.from_bytes(b64url_decode(jwk[member])) for member in ("x", "y"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class HistoryStore(MemoryStore):
    """A store that remembers every record it was given, as `history`."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[dict[str, Any]] = []

    async def put(self, key: str, record: dict[str, Any]) -> None:
        """See `app.ports.Store.put`."""
        self.history.append(record)
        await super().put(key, record)


class NoonClock:
    """A clock that starts at `NOW`, and goes only while somebody sleeps, which takes no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        """See `app.ports.Clock.now`."""
        return NOW.timestamp() + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        """See `app.ports.Clock.sleep`."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


def ports_to(ca: ScriptedHttp) -> Ports:
    """Fresh ports whose network is `ca` alone."""
    return Ports(
        ca, NativeKeyStore(), HistoryStore(), NoonClock(), NativeCipher(), MemoryTabs(), NativeVerifier(), InstalledPackages()
    )
