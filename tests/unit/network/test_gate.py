"""The gate sends what an issuance needs and holds everything else back."""

import base64
import json
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from app.acme.eab import ExternalAccount, bind
from app.ca.catalog import CertificateAuthority
from app.dns.resolvers import Resolver
from app.encoding.base64url import b64url
from app.errors import GateError
from app.network.gate import MAX_BODY, Gate
from app.network.secret_scanner import SecretScanner
from app.ports import Request, Response
from app.text.sentences import sentence
from tests.unit.keys import SPECS, native_key
from tests.unit.private_keys import ENCODINGS, key_files
from tests.unit.requests import der, request_for
from tests.unit.says import says

PAGE = "https://page.example/index.html"
CAS = tuple(
    authority.relative_to(PAGE)
    for authority in (
        CertificateAuthority("direct", "Direct", "https://ca.example/dir", "yes"),
        CertificateAuthority("relayed", "Relayed", "https://far.example/dir", "no", "/relay/", "/practice/"),
        CertificateAuthority("closed", "No way", "https://shut.example/dir", "no"),
    )
)
JOSE = {"Content-Type": "application/jose+json"}
GOOD = Request("POST", "https://ca.example/new", JOSE, b"{}")


def gate_to(wire: "Wire", secrets: SecretScanner | None = None, told: list[tuple[str, str]] | None = None) -> Gate:
    """A gate that is open to `CAS`, and what it tells of what it holds back."""
    gate = Gate(wire, secrets or SecretScanner(), PAGE, lambda *held: told.append(held) if told is not None else None)
    gate.open_to(CAS)
    return gate


class Wire:
    """Counts what comes through."""

    sent = 0

    async def send(self, _: Request) -> Response:
        """See `app.ports.Http.send`."""
        self.sent += 1
        return Response(200, {}, b"")


@pytest.mark.parametrize(
    "request_",
    [
        GOOD,
        Request("HEAD", "https://ca.example/nonce"),
        Request("GET", "https://page.example/static/data/cas.json"),
        replace(GOOD, url="https://page.example/relay/far.example/new"),
        replace(GOOD, url=CAS[1].relay_url("https://far.example/new")),
        Request("POST", "https://page.example/practice/set-txt", {"Content-Type": "application/json"}, b"{}"),
    ],
)
async def test_what_an_issuance_needs_passes(request_: Request) -> None:
    wire = Wire()
    await gate_to(wire).send(request_)
    assert wire.sent == 1


@pytest.mark.parametrize(
    "request_",
    [
        Request("PUT", GOOD.url),  # type: ignore[arg-type]
        replace(GOOD, url="https://evil.example/new"),
        replace(GOOD, url="https://shut.example/new"),
        replace(GOOD, url="http://ca.example/new"),
        replace(GOOD, url="https://ca.example@evil.example/"),
        replace(GOOD, url="https://page.example/form"),
        replace(GOOD, url="https://page.example/relay/evil.example/new"),
        replace(GOOD, url="https://page.example/relay/../form"),
        replace(GOOD, url="https://page.example/relay/far.example/%2e%2E/%2e./form"),
        replace(GOOD, url="https://page.example/relay/far.example/.\t./.\n./form"),
        replace(GOOD, url="https://ca.example/" + "a" * 9000),
        replace(GOOD, body=bytes(MAX_BODY + 1)),
        replace(GOOD, headers={**JOSE, "X-More": "1"}),
        replace(GOOD, headers={"Content-Type": "text/plain"}),
        replace(GOOD, no_cors=True),
    ],
)
async def test_everything_else_is_held_back(request_: Request) -> None:
    wire = Wire()
    with pytest.raises(GateError, check=says("Nothing was sent")):
        await gate_to(wire).send(request_)
    assert not wire.sent


async def test_a_secret_is_held_back_wherever_it_stands() -> None:
    wire, secrets, key = Wire(), SecretScanner(), os.urandom(32)
    gate = gate_to(wire, secrets)
    secrets.note(key)
    for leak in (replace(GOOD, body=base64.b64encode(key)), replace(GOOD, url=f"https://ca.example/{key.hex()}")):
        with pytest.raises(GateError, check=says("private key material")) as held:
            await gate.send(leak)
        assert key.hex() not in sentence(held.value)
    assert not wire.sent


async def test_a_check_that_fails_sends_nothing() -> None:
    wire, secrets, body = Wire(), SecretScanner(), os.urandom(64)
    secrets.note(os.urandom(32))
    for _ in range(15):
        body = base64.b64encode(body)
    with pytest.raises(GateError, check=says("the check itself failed")):
        await gate_to(wire, secrets).send(replace(GOOD, body=body))
    assert not wire.sent


async def test_what_is_told_of_a_request_that_was_held_back_holds_no_secret() -> None:
    secrets, key, told = SecretScanner(), os.urandom(24), list[tuple[str, str]]()
    secrets.note(key)
    gate = gate_to(Wire(), secrets, told)
    for url in (f"https://ca.example/{key.hex()}", f"https://{key.hex()}.example/", f"https://[{key.hex()}/"):
        with pytest.raises(GateError):
            await gate.send(replace(GOOD, url=url))
    assert [origin for origin, _ in told] == ["https://ca.example", "", ""]
    assert key.hex() not in str(told)
    assert told[0][1] == "gate-private-key"


def post(protected: Mapping[str, Any], payload: Mapping[str, Any], signature: bytes = bytes(64)) -> Request:
    """A signed request as Keystay makes it."""
    header, said = (b64url(json.dumps(value).encode()) for value in (protected, payload))
    jws = {"protected": header, "payload": said, "signature": b64url(signature)}
    return replace(GOOD, body=json.dumps(jws).encode())


def with_key_id(kid: str) -> Request:
    """A newAccount request that is bound to the customer `kid`."""
    jwk = native_key().public_jwk
    binding = bind(jwk, GOOD.url, ExternalAccount(kid, bytes(32)))
    return post({"alg": "ES256", "jwk": dict(jwk), "nonce": "n", "url": GOOD.url}, {"externalAccountBinding": binding})


@pytest.mark.parametrize(
    "label", ["P-256 traditional DER", "RSA 2048 PKCS#8 PEM", "Ed25519 JWK", "P-256 OpenSSH", "DSA DER, locked"]
)
async def test_a_key_that_nobody_told_of_is_held_back_wherever_it_stands(label: str) -> None:
    wire, told, key = Wire(), list[tuple[str, str]](), key_files()[label]
    gate = gate_to(wire, told=told)
    text = key.decode() if key.isascii() else base64.b64encode(key).decode()
    leaks = [
        with_key_id(text),
        replace(GOOD, body=key),
        replace(GOOD, url=f"https://ca.example/{quote(text, safe='')}"),
        replace(GOOD, url=f"https://ca.example/?key={base64.urlsafe_b64encode(key).decode()}"),
        post({"alg": "ES256", "kid": text, "url": GOOD.url}, {}),
        post({"alg": "ES256", "nonce": text}, {}),
        post({"alg": "ES256"}, {"contact": [f"mailto:{base64.urlsafe_b64encode(key).decode()}@shop.example"]}),
        post({"alg": "ES256"}, {"profile": text}),
        post({"alg": "ES256"}, {"csr": b64url(key)}),
        post({"alg": "ES256"}, {}, key),
        Request(
            "POST",
            "https://page.example/practice/set-txt",
            {"Content-Type": "application/json"},
            json.dumps({"value": text}).encode(),
        ),
    ]
    for leak in leaks:
        with pytest.raises(GateError, check=says("private key material")):
            await gate.send(leak)
    assert not wire.sent
    assert {reason for _, reason in told} == {"gate-private-key"}
    assert text[10:60] not in str(told)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("layers", range(1, 6))
async def test_a_key_in_the_key_id_is_held_back_however_often_it_is_encoded(name: str, layers: int) -> None:
    wire, data = Wire(), key_files()["P-256 traditional DER"]
    for _ in range(layers):
        data = ENCODINGS[name](data)
    leak = with_key_id(data.decode("latin-1"))
    if len(leak.body) <= MAX_BODY:
        with pytest.raises(GateError, check=says(r"private key material|the check itself failed")):
            await gate_to(wire).send(leak)
    assert not wire.sent


async def test_what_is_encoded_more_often_than_can_be_looked_through_is_held_back() -> None:
    wire, text = Wire(), os.urandom(64)
    for _ in range(5):
        text = base64.b64encode(text)
    for leak in (
        replace(GOOD, body=text),
        with_key_id(text.decode()),
        replace(GOOD, url=f"https://ca.example/{text.decode()}"),
    ):
        with pytest.raises(GateError):
            await gate_to(wire).send(leak)
    assert not wire.sent


async def test_requests_with_random_numbers_pass() -> None:
    """A sample; 200,000 were tried once, and none was held back. Tokens and nonces are what CAs make of random bytes."""
    source, wire = random.Random(3), Wire()  # noqa: S311 – the same in each run
    gate = gate_to(wire)
    kinds = (b64url, bytes.hex, lambda data: str(int.from_bytes(data)), lambda data: f"{b64url(data)}.{b64url(data[:16])}")

    def token() -> str:
        return source.choice(kinds)(source.randbytes(source.choice((16, 20, 32, 33, 48))))

    for _ in range(400):
        url = f"https://ca.example/authz/{token()}/{token()}?k={token()}"
        locks = b64url(json.dumps({"jti": token(), "d": token()}).encode())
        nonce = source.choice((token(), f"{b64url(b'{}')}.{locks}.{token()}"))
        request = post(
            {"alg": "ES256", "kid": url, "nonce": nonce, "url": url},
            {"csr": b64url(source.randbytes(600)), "replaces": token()},
            source.randbytes(source.choice((64, 96, 512))),
        )
        await gate.send(replace(request, url=url))
        await gate.send(with_key_id(nonce))
    assert wire.sent == 800


@pytest.mark.parametrize("spec", SPECS)
async def test_requests_of_every_kind_of_key_pass(spec: Any) -> None:
    wire, key = Wire(), native_key(spec)
    csr = b64url(der(request_for("shop.example", "*.shop.example", key=key.private)))
    protected = {"alg": "ES256", "jwk": dict(key.public_jwk), "nonce": b64url(os.urandom(16)), "url": GOOD.url}
    inner = json.loads(post(protected, {"account": GOOD.url, "oldKey": dict(key.public_jwk)}).body)
    for payload in (
        {"csr": csr},
        inner,
        {"contact": ["mailto:private+key@begin.example"]},
        {"certificate": b64url(key.public_spki)},
    ):
        await gate_to(wire).send(post(protected, payload, os.urandom(512)))
    assert wire.sent == 4


# ---- DNS questions ----

RESOLVERS = (
    Resolver("one", "One", "https://dns.example/dns-query", purge="https://dns.example/purge"),
    Resolver("other", "Other", "https://other.example/dns-query"),
    Resolver("practice", "Practice", "https://page.example/practice/dns-query", practice=True),
)


def asking(name: str, url: str = RESOLVERS[0].url) -> Request:
    """The question for TXT records at `name`, as this page asks it."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    message = bytes.fromhex("0000 0100 0001 0000 0000 0000") + labels + bytes.fromhex("00 0010 0001")
    return Request("GET", f"{url}?dns={b64url(message)}")


QUESTION = asking("_acme-challenge.shop.example")
PURGE = Request("POST", "https://dns.example/purge?domain=_acme-challenge.shop.example&type=TXT", no_cors=True)


def gate_to_resolvers(wire: Wire, secrets: SecretScanner | None = None) -> Gate:
    """A gate that knows `RESOLVERS` and lets questions to the first and the last one pass."""
    gate = Gate(wire, secrets or SecretScanner(), PAGE)
    gate.open_to(CAS, RESOLVERS)
    gate.allow((RESOLVERS[0], RESOLVERS[2], Resolver("stranger", "Stranger", "https://stranger.example/")))
    return gate


@pytest.mark.parametrize("request_", [QUESTION, asking("shop.example", RESOLVERS[2].url), PURGE])
async def test_a_question_passes_to_a_resolver_that_a_person_allowed(request_: Request) -> None:
    wire = Wire()
    gate = gate_to_resolvers(wire)
    await gate.send(request_)
    assert wire.sent == 1
    gate.allow(())
    with pytest.raises(GateError, check=says("you have not allowed")):
        await gate.send(request_)
    assert wire.sent == 1


@pytest.mark.parametrize(
    "request_",
    [
        asking("shop.example", RESOLVERS[1].url),  # known, not allowed
        asking("shop.example", "https://stranger.example/"),  # allowed, not known
        Request("GET", RESOLVERS[0].url),
        Request("GET", f"{RESOLVERS[0].url}?name=shop.example&type=TXT"),
        Request("GET", f"{QUESTION.url}&random_padding=1"),
        replace(QUESTION, headers={"Accept": "application/dns-message"}),
        replace(QUESTION, no_cors=True),
        replace(QUESTION, method="POST"),
        replace(QUESTION, url=QUESTION.url.replace("dns-query", "dns-query/more")),
        replace(PURGE, no_cors=False),
        replace(PURGE, body=b"x"),
        replace(PURGE, headers=JOSE),
        replace(PURGE, method="GET"),
        replace(PURGE, url=f"{PURGE.url}&more=1"),
        replace(PURGE, url=PURGE.url.replace("TXT", "A")),
        replace(PURGE, url="https://dns.example/purge"),
    ],
)
async def test_nothing_else_goes_to_a_resolver(request_: Request) -> None:
    wire = Wire()
    with pytest.raises(GateError, check=says("Nothing was sent")):
        await gate_to_resolvers(wire).send(request_)
    assert not wire.sent


async def test_a_secret_in_a_name_is_held_back_however_the_labels_part_it() -> None:
    wire, secrets, key = Wire(), SecretScanner(), os.urandom(32)
    gate = gate_to_resolvers(wire, secrets)
    secrets.note(key)
    digits = key.hex()
    unknown = key_files()["P-256 traditional DER"].hex()
    parted = [
        f"{digits[:32]}.{digits[32:]}.example",
        ".".join(digits[n : n + 8] for n in range(0, 64, 8)),
        ".".join(unknown[n : n + 60] for n in range(0, 240, 60)),
    ]
    for name in parted:
        for leak in (asking(name), replace(PURGE, url=f"https://dns.example/purge?domain={name}&type=TXT")):
            with pytest.raises(GateError, check=says("private key material")):
                await gate.send(leak)
    with pytest.raises(GateError, check=says("private key material")):
        await gate.send(Request("GET", f"{RESOLVERS[0].url}?dns={b64url(key)}", no_cors=False))
    assert not wire.sent


async def test_questions_for_all_kinds_of_names_pass() -> None:
    source, wire = random.Random(5), Wire()  # noqa: S311 – the same in each run
    gate = gate_to_resolvers(wire)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-_"
    for _ in range(300):
        name = ".".join("".join(source.choices(letters, k=source.randint(1, 62))) for _ in range(source.randint(1, 4)))
        await gate.send(asking(name))
    assert wire.sent == 300
