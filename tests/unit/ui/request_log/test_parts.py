"""Requests taken apart: what was signed, what came back, and the notes on both."""

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.stored_account import NewAccount
from app.acme.account import change_key, deactivate
from app.acme.eab import ExternalAccount
from app.acme.jws import thumbprint
from app.acme.revocation import revoke
from app.encoding.base64url import b64url, b64url_decode
from app.network.request_log import MAX_BODY
from app.pki.pem import read_certificates
from app.ports import Request, Response
from app.text.untrusted import escape_as_json
from app.ui.request_log.parts import pretty
from tests.unit.acme.test_decoded_jws import JSON
from tests.unit.chains import chain
from tests.unit.har_spec import assert_har
from tests.unit.keys import native_key
from tests.unit.private_keys import key_files
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import ScriptedHttp, answer, html, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, ScriptedCA
from tests.unit.ui.panels.test_request_log import URL, Visit, answered, issued
from tests.unit.walk import prove


async def test_what_was_signed_is_decoded() -> None:
    visit = await issued()
    header = json.loads(visit.text("newAccount", "Protected header"))
    assert header["url"] == f"{BASE}/new-account"
    notes = visit.notes("newAccount", "Protected header")
    assert "ECDSA on the curve P-256" in notes
    assert thumbprint(header["jwk"]) in notes
    nonce = next(row.number for row in visit.panel.rows if row.kind == "newNonce")
    assert f"it came with the answer to request {nonce}" in notes
    assert json.loads(visit.text("newAccount", "Payload")) == {"termsOfServiceAgreed": True}
    assert "64 bytes" in visit.notes("newAccount", "Signature")
    sent = json.loads(visit.text("newAccount", "As it was sent").partition("\n\n")[2])
    assert sent["signature"] == visit.text("newAccount", "Signature")
    assert json.loads(b64url_decode(sent["protected"])) == header
    assert "address of the account that signs" in visit.notes("newOrder", "Protected header")
    assert "only reads (POST-as-GET)" in visit.notes("authorization", "Payload")
    assert visit.text("authorization", "Payload") == ""
    assert "nothing to say" in visit.notes("challenge", "Payload")
    csr = visit.notes("finalize", "Payload")
    assert "shop.example, *.shop.example" in csr
    assert "EC P-256 key" in csr


async def test_what_came_back_is_explained() -> None:
    visit = await issued()
    assert visit.rows()
    account = next(row.number for row in visit.panel.rows if row.kind == "newAccount")
    user = visit.notes("newAccount", "Answer: status and headers")
    assert "location: the address of what was made" in user
    assert f"Request {account + 1} used it" in user
    assert "not been used yet" in visit.notes("certificate", "Answer: status and headers")
    assert "pending, it waits for a proof" in visit.notes("newOrder", "Answer: body")
    assert "one address for each name, 2 in all" in visit.notes("newOrder", "Answer: body")
    assert "http-01, dns-01" in visit.notes("authorization", "Answer: body")
    certificate = visit.notes("certificate", "Answer: body")
    assert "First the certificate for shop.example, *.shop.example: until 19 February 2027" in certificate
    assert "After it comes the certificate of its issuer" in certificate


async def test_a_request_by_a_relay_says_why_two_addresses_differ() -> None:
    class Relayed(ScriptedHttp):
        async def send(self, request: Request) -> Response:
            assert request.url.startswith("https://relay.example/ca.example/")
            return await ca.send(replace(request, url=request.url.replace("relay.example/", "")))

    ca = ScriptedCA("shop.example")
    visit = Visit(Relayed({}), replace(CA, relay="https://relay.example/"))
    await prove(visit.workflow, "shop.example")
    assert ("newOrder", "201 Created") in visit.rows()
    assert {row.place for row in visit.panel.rows} == {CA.name}
    assert "relay cannot send it elsewhere" in visit.notes("newOrder", "As it was sent")
    assert f"The CA’s own address is {DIRECTORY}" in visit.notes("directory", "As it was sent")
    assert visit.text("newOrder", "As it was sent").startswith(
        "POST https://relay.example/ca.example/new-order\nContent-Type: "
    )


async def test_binding_key_change_and_revocation_are_taken_apart() -> None:
    ca = ScriptedCA("shop.example")
    urls = json.loads(ca.script[f"GET {DIRECTORY}"][0].body)  # type: ignore[union-attr]
    urls |= {"keyChange": f"{BASE}/key-change", "revokeCert": f"{BASE}/revoke"}
    ca.script[f"GET {DIRECTORY}"] = [answer(urls)]
    ca.script |= {f"POST {BASE}/key-change": [answer()], f"POST {BASE}/revoke": [answer()]}
    ca.script[f"POST {ACCOUNT}"] = [answer({"status": "deactivated"})]
    visit, secret = Visit(ca), b"an HMAC key that a CA gave away, 48 bytes long.."
    visit.workflow.accounts.wanted[DIRECTORY] = NewAccount(external=ExternalAccount("kid-1", secret))
    await prove(visit.workflow, "shop.example")
    client = await visit.workflow.accounts.client(CA, DIRECTORY)
    new = native_key(n=1)
    await change_key(client, new)
    client.key = new
    await revoke(client, b"no certificate", 4)
    await deactivate(client)
    assert "the customer’s ID" in visit.notes("newAccount", "Inside: Protected header")
    assert "made with the secret from the CA’s website, which is not sent" in visit.notes("newAccount", "Inside: Signature")
    assert "bound to this customer" in visit.notes("newAccount", "Inside: Payload")
    assert "by the new key" in visit.notes("keyChange", "Payload")
    assert thumbprint(new.public_jwk) in visit.notes("keyChange", "Inside: Protected header")
    assert "oldKey: the account’s public key until now" in visit.notes("keyChange", "Inside: Payload")
    assert "a certificate that cannot be read here" in visit.notes("revokeCert", "Payload")
    assert "replaced by another" in visit.notes("revokeCert", "Payload")
    assert visit.rows()[-1] == ("closeAccount", "200 OK")
    visit.presenter.export()
    body = visit.panel.files[0].body
    for dress in (secret, secret.hex().encode(), b64url(secret).encode()):
        assert dress not in body


async def test_a_revocation_names_the_certificate() -> None:
    (der, *_) = read_certificates(chain("shop.example"))
    visit = await answered(answer(), {"certificate": b64url(der), "reason": [1]})
    assert "the certificate for shop.example, serial number" in visit.notes("revokeCert", "Payload")


@pytest.mark.parametrize(
    ("came", "state", "good", "words"),
    [
        (refusal("badNonce"), "400 badNonce", False, "signed again with the nonce of this answer"),
        (refusal("rateLimited", status=429), "429 rateLimited", False, "refusal is “rateLimited”"),
        (html(503), "503 Service Unavailable", False, ""),
        (answer({"type": 7}, status=400), "400 Bad Request", False, ""),
        (Response(299, {}, b"-----BEGIN CERTIFICATE-----"), "299", True, "cannot be read as such"),
        (Response(200, {}, b"a" * (MAX_BODY + 1)), "200 OK", True, "Only the first 65.5 kB are kept"),
        (answer({"status": "odd", "challenges": [1, {}]}), "200 OK", True, "status: odd"),
    ],
)
async def test_odd_answers_have_their_words(came: Response, state: str, *, good: bool, words: str) -> None:
    visit = await answered(came)
    assert [entry[1] for entry in visit.rows()] == [state]
    assert visit.panel.rows[0].good is good
    assert words in visit.notes(visit.panel.rows[0].kind, "Answer: body")


def test_nobody_is_led_astray_by_characters_that_turn_the_text_around() -> None:
    assert escape_as_json("a\u202eb\u200bc\x00\r\n\td") == "a\\u202eb\\u200bc\\u0000\\u000d\n\td"
    assert escape_as_json("bücher.example 🔑") == "bücher.example 🔑"
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    assert "too deep" in pretty(deep)


@given(JSON, JSON, st.sampled_from([200, 400]))
def test_whatever_a_ca_says_is_shown(said: object, payload: object, status: int) -> None:
    visit = asyncio.run(answered(answer(said, status=status, location="https://[", link="<"), payload))
    visit.presenter.refresh()
    assert visit.presenter.detail(1)
    visit.presenter.begin_tour()
    visit.presenter.export()
    assert_har(json.loads(visit.panel.files[0].body))


@given(
    st.dictionaries(
        st.sampled_from(["csr", "certificate", "reason", "oldKey", "identifiers", "status", "challenges", "authorizations"]),
        JSON | st.binary().map(b64url),
    )
)
def test_whatever_stands_in_a_known_member_is_shown(members: dict[str, object]) -> None:
    visit = asyncio.run(answered(answer(members), members))
    visit.presenter.refresh()
    assert visit.presenter.detail(1)


async def test_a_private_key_in_an_answer_is_shown_nowhere() -> None:
    key = key_files()["P-256 PKCS#8 PEM"].decode()
    secret = key.splitlines()[1]
    problem = {
        "type": f"urn:ietf:params:acme:error:{secret}",
        "detail": key,
        "status": 400,
        "jwk": key_files()["P-256 JWK"].decode(),
    }
    answers = [
        Response(400, {"link": secret}, json.dumps(problem).encode()),
        Response(200, {}, f"{chain('a.example')}{key}".encode()),
    ]
    visit = Visit(ScriptedHttp({f"GET {URL}": answers}))
    for _ in answers:
        await visit.request_log.send(Request("GET", URL))
    visit.presenter.refresh()
    details = [visit.presenter.detail(row.number) for row in visit.panel.rows]
    visit.presenter.export()
    shown = f"{visit.panel.rows}{details}{visit.panel.files[0].body.decode()}"
    assert secret not in shown
    assert json.loads(key_files()["P-256 JWK"])["d"] not in shown
    assert "PRIVATE KEY" not in shown
    for detail in details:
        assert detail
        assert "[redacted]" in detail.parts[-1].text
        assert "has taken it out" in str(detail.parts[-1].notes)
