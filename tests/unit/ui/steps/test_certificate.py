"""Step 3 in words: what was issued, what to tidy up, where the key is, and that a rehearsal is one."""

from dataclasses import replace
from typing import Any

import pytest

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance, Proof
from app.ui.steps.certificate import certificate_view
from tests.unit.chains import chain
from tests.unit.records import CA, record
from tests.unit.visit import PRACTICE, Visit

PRODUCTION = replace(CA, id="production", name="Real CA", directory="https://ca.example/real", trusted=True, staging=CA.id)


def proof(name: str, kind: str, publication: Publication) -> Proof:
    return Proof(Identifier("dns", name), "https://ca.example/a", "https://ca.example/c", publication, "valid", kind=kind)


def txt(name: str, *values: str, kind: str = "dns-01") -> Proof:
    return proof(name.rpartition("_acme-challenge.")[2], kind, DnsRecord(name, values))


def issued(*names: str, proofs: tuple[Proof, ...] = (), **members: Any) -> Issuance:
    return record(*names, state="issued", certificate_pem=chain(*names), proofs=proofs, **members)


def test_result_says_names_day_and_ca() -> None:
    view = certificate_view(issued("shop.example", "xn--bcher-kva.example"), CA)
    assert view.names_in_short == view.names == "shop.example, bücher.example (xn--bcher-kva.example)"
    assert (view.ca, view.last_day, view.come_back) == ("Test CA", "19 February 2027", "Around 20 January 2027")
    assert view.title == "Your certificate is ready"


def test_a_hundred_names_stay_short_on_top_and_whole_in_the_details() -> None:
    view = certificate_view(issued(*(f"n{number}.example" for number in range(100))), CA)
    assert view.names_in_short.endswith("n5.example and 94 more")
    assert len(view.names.split(", ")) == 100


@pytest.mark.parametrize(
    ("proofs", "words"),
    [
        ((), ()),
        (
            (txt("_acme-challenge.shop.example", "a"),),
            ("Remove the TXT record at _acme-challenge.shop.example. It has done its work; the next order has a new one.",),
        ),
        (
            (txt("_acme-challenge.shop.example", "a"), txt("_acme-challenge.shop.example", "b")),
            (
                "Remove the 2 TXT records at _acme-challenge.shop.example. They have done their work; "
                "the next order has new ones.",
            ),
        ),
        (
            tuple(txt(f"_acme-challenge.n{number}.example", "a", kind="dns-account-01") for number in range(100)),
            (
                "Remove the 100 TXT records at _acme-challenge.n0.example, _acme-challenge.n1.example, "
                "_acme-challenge.n2.example and 97 more. They have done their work; the next order has new ones.",
            ),
        ),
        (
            (
                txt("_acme-challenge.a.example", "a"),
                proof("b.example", "http-01", WebFile("http://b.example/.well-known/acme-challenge/t", "t.k")),
                proof("c.example", "tls-alpn-01", TlsCertificate(Identifier("dns", "c.example"), "digest")),
                proof("d.example", "dns-persist-01", DnsRecord("_validation-persist.d.example", ("v",))),
            ),
            (
                "Remove the TXT record at _acme-challenge.a.example. It has done its work; the next order has a new one.",
                "Remove the file from .well-known/acme-challenge. It has done its work; the next order has a new one.",
                "Take the certificate of the proof off port 443, so that the new one can answer there.",
                "Leave the records at _validation-persist in place: the next certificate needs no new ones.",
            ),
        ),
    ],
    ids=["nothing", "one", "two at one name", "a hundred", "every kind"],
)
def test_what_was_used_is_tidied_up_and_nothing_else(proofs: tuple[Proof, ...], words: tuple[str, ...]) -> None:
    names = tuple(dict.fromkeys(one.identifier.value for one in proofs)) or ("shop.example",)
    assert certificate_view(issued(*names, proofs=proofs), CA).tidy_up == words


@pytest.mark.parametrize(
    ("csr", "destroyed", "words"),
    [
        ("", 0.0, "EC P-256, in this browser. Can be copied out: yes, that is how you get privkey.pem."),
        ("AA==", 0.0, "EC P-256, where you made the certificate request. Keystay never had it."),
        ("", 2000.0, "EC P-256. It was destroyed in this browser. Can be copied out: no."),
    ],
)
def test_key_is_told_truthfully(csr: str, destroyed: float, words: str) -> None:
    issuance = issued("shop.example", key_destroyed=destroyed)
    view = certificate_view(replace(issuance, choices=replace(issuance.choices, csr=csr)), CA)
    assert view.key_words == words


@pytest.mark.parametrize(
    ("authority", "production", "rehearsal", "button"),
    [
        (CA, None, False, ""),
        (CA, PRODUCTION, True, "The same at Real CA"),
        (CA, replace(PRODUCTION, cors="no"), True, ""),
        (PRACTICE, None, True, ""),
    ],
    ids=["no rehearsal", "staging", "production out of reach", "practice CA"],
)
def test_rehearsal_is_named_and_leads_to_the_ca_that_browsers_trust(
    authority: CertificateAuthority, production: CertificateAuthority | None, *, rehearsal: bool, button: str
) -> None:
    view = certificate_view(issued("shop.example"), authority, production)
    assert (view.rehearsal, view.production) == (rehearsal, button)
    assert view.title == ("Your test certificate is ready" if rehearsal else "Your certificate is ready")
    assert ("whose certificates browsers trust" in view.difference) == bool(button)


async def test_a_revoked_certificate_is_ordered_again_with_a_new_key() -> None:
    visit = Visit()
    await visit.issued()
    await visit.session.order_again()
    assert visit.page.view.step == "prove"
    assert [one.state for one in await visit.workflow.saved()].count("issued") == 1
    await visit.session.verify()
    keys = [name for name in await visit.ports.keys.names() if name.startswith("certificate ")]
    assert len(keys) == 2
