"""Renewal information: what a CA may answer, and the name of a certificate."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from app.acme.client import connect
from app.acme.directory import Directory
from app.acme.problem import ProblemError
from app.acme.renewal_info import RenewalWindow, read_window
from app.errors import ProtocolError
from app.issuance.issuance import Issuance
from app.issuance.ordering import place_order
from app.issuance.record import issuance_to_json, read_issuance
from app.pki.certificate import renewal_id
from app.ports import Response
from app.ui.steps.certificate import certificate_view
from tests.unit.chains import NOW, leaf
from tests.unit.issuance.test_revocation import PATHS, Visit
from tests.unit.keys import native_key
from tests.unit.records import CA, record
from tests.unit.records import DIRECTORY as DIRECTORY_URL
from tests.unit.script import ScriptedHttp, answer, html, read_post, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, NEW_ORDER, ORDER, NoonClock, ScriptedCA, ports_to

URL = f"{BASE}/renewal"
DIRECTORY = Directory("", "", "", None, external_account_required=False, profiles={}, renewal_info=URL)


def certificate(serial: int, issuer_key: bytes) -> str:
    key = native_key().private
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial, NOW, NOW.replace(year=NOW.year + 1))
    extension = x509.AuthorityKeyIdentifier(issuer_key, None, None)
    signed = builder.add_extension(extension, critical=False).sign(key, hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def test_name_is_that_of_the_rfc() -> None:
    """RFC 9773 §4.1: the serial's leading zero is kept."""
    issuer_key = bytes.fromhex("69885b6b87464041e1b37b847ba0ae2cde01c8d4")
    assert renewal_id(certificate(0x8765_4321, issuer_key)) == "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"


@pytest.mark.parametrize(("kind", "status"), [("serverInternal", 500), ("alreadyReplaced", 409)])
async def test_certificate_that_the_ca_does_not_take_by_its_name_is_renewed_without_it(kind: str, status: int) -> None:
    """Pebble answers 500 where the serial number has a leading zero; another browser may have renewed it already."""
    old = record("shop.example", state="issued", certificate_pem=certificate(0x8765_4321, b"issuer"), account_url=ACCOUNT)
    wanted = record("shop.example", account_url=ACCOUNT)
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [refusal(kind, status=status), *ca.script[NEW_ORDER]]
    urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
    ca.script[f"GET {DIRECTORY_URL}"] = [answer({**urls, "renewalInfo": URL})]
    ports = ports_to(ca)
    key = native_key()
    ca.knows(ACCOUNT, key.public_jwk)
    client = await connect(ca, ports.clock, CA, key)
    client.account_url = ACCOUNT

    async def saved() -> list[Issuance]:
        return [wanted, old]

    chosen, order = await place_order(client, wanted, saved)
    assert chosen.replaces == ""
    assert order.url == ORDER
    sent = [read_post(request).payload.get("replaces") for request in ca.sent(NEW_ORDER)]
    assert sent == [renewal_id(old.certificate_pem), None]


def test_a_certificate_without_the_issuers_key_has_no_name() -> None:
    assert renewal_id(leaf("shop.example")) == ""


async def read(body: object) -> RenewalWindow:
    http = ScriptedHttp({f"GET {URL}/a.b": body if isinstance(body, Response) else answer(body)})
    return await read_window(http, NoonClock(), CA, DIRECTORY, "a.b")


def window(start: object, end: object, **others: object) -> dict[str, object]:
    return {"suggestedWindow": {"start": start, "end": end}, **others}


async def test_times_are_read_in_every_form_of_rfc_3339() -> None:
    for start in ("2027-01-01T00:00:00Z", "2027-01-01T01:00:00+01:00", "2027-01-01T00:00:00.123456789Z"):
        read_back = await read(window(start, "2027-01-02T00:00:00Z"))
        assert int(read_back.start) == 1_798_761_600
        assert read_back.end == 1_798_848_000


async def test_only_https_pages_are_linked() -> None:
    times = ("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z")
    assert (await read(window(*times, explanationURL="https://ca.example/why"))).explanation_url == "https://ca.example/why"
    assert (await read(window(*times, explanationURL="javascript:alert(1)"))).explanation_url == ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        window("2027-01-02T00:00:00Z", "2027-01-02T00:00:00Z"),
        window("2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z"),
        window("soon", "later"),
        window(1, 2),
    ],
    ids=["nothing", "empty", "backwards", "words", "numbers"],
)
async def test_nonsense_is_refused(body: object) -> None:
    with pytest.raises(ProtocolError):
        await read(body)


@given(st.text(), st.text())
async def test_any_text_gives_a_window_or_words(start: str, end: str) -> None:
    with pytest.raises(ProtocolError):
        await read(window(start, end))


async def test_a_refusal_is_a_problem() -> None:
    with pytest.raises(ProblemError):
        await read(refusal("malformed", status=404))


async def asked_at_noon(start: str, end: str) -> Visit:
    """A visit whose CA was asked at `NOW`, and named this window."""
    visit = Visit()
    urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
    visit.ca.script[f"GET {DIRECTORY_URL}"] = [answer({**urls, "renewalInfo": URL})]
    visit.ca.script[f"GET {URL}/"] = [answer(window(start, end))]
    await visit.issued()
    await visit.aftercare.ask_window()
    return visit


@pytest.mark.parametrize(
    ("start", "end", "words", "renew_on"),
    [
        (
            "2027-01-20T12:00:00Z",
            "2027-01-21T12:00:00Z",
            "between 20 January 2027, 12:00 UTC and 21 January 2027, 12:00 UTC.",
            "20 January 2027",
        ),
        ("2026-11-20T12:00:00Z", "2026-12-01T12:00:00Z", "now, by 1 December 2026, 12:00 UTC.", "22 November 2026"),
        ("2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z", "at once.", "22 November 2026"),
    ],
    ids=["later", "now", "overdue"],
)
async def test_window_is_told_with_the_day_on_which_the_ca_said_so(start: str, end: str, words: str, renew_on: str) -> None:
    visit = await asked_at_noon(start, end)
    view = visit.page.views[-1].certificate
    assert view
    assert view.window == f"On 22 November 2026 the CA said that it would like the certificate renewed {words}"
    assert view.renew_on == renew_on


async def test_window_that_an_older_page_saved_has_no_such_day() -> None:
    visit = await asked_at_noon("2027-01-20T12:00:00Z", "2027-01-21T12:00:00Z")
    (saved,) = await visit.workflow.saved()
    record = issuance_to_json(saved)
    old = read_issuance({**record, "window": {name: record["window"][name] for name in ("start", "end", "why")}})
    assert certificate_view(old, CA).window.startswith("The CA would like the certificate renewed between 20 January 2027")


async def test_certificate_that_has_ended_is_not_asked_about() -> None:
    """RFC 9773 §4.3: there is nothing to replace any more."""
    visit = await asked_at_noon("2027-01-20T12:00:00Z", "2027-01-21T12:00:00Z")
    sent = len(visit.ca.requests)
    visit.workflow.ports.clock.slept.append(89 * 86400.0)  # type: ignore[attr-defined]
    await visit.aftercare.ask_window()
    assert len(visit.ca.requests) == sent
    assert visit.page.said[-1] == "This certificate has ended, so there is nothing to ask. Order a new one."


async def test_a_ca_without_it_is_told() -> None:
    visit = Visit()
    await visit.issued()
    await visit.aftercare.ask_window()
    assert visit.page.message.title == "Test CA does not say when to renew"
    assert "as many CAs do not" in visit.page.message.text


@pytest.mark.parametrize("refused", [html(404), refusal("malformed", status=404), answer({"errors": []}, status=410)])
async def test_a_ca_that_knows_nothing_of_the_certificate_is_told(refused: Response) -> None:
    visit = Visit()
    urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
    visit.ca.script[f"GET {DIRECTORY_URL}"] = [answer({**urls, "renewalInfo": URL})]
    await visit.issued()
    (saved,) = await visit.workflow.saved()
    visit.ca.script[f"GET {URL}/{renewal_id(saved.certificate_pem)}"] = [refused]
    await visit.aftercare.ask_window()
    assert visit.page.message.title == "Test CA says nothing about this certificate"
    assert "the order goes on" not in visit.page.message.text


@pytest.mark.parametrize(
    "odd",
    [{"explanationURL": 5}, {"explanationURL": {}}, {"explanationURL": "javascript:x"}, {"explanationURL": []}, {"more": 1}],
)
async def test_odd_explanation_does_not_hide_the_window(odd: dict[str, object]) -> None:
    assert (await read(window("2027-01-01t00:00:00z", "2027-01-02T00:00:00Z", **odd))).explanation_url == ""
