"""An order that failed, in a person's words: which names, and why each."""

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.issuance.issuance import Issuance, Proof
from app.text.proof_failure import failed_message
from tests.unit.records import CA, record


def failed(*proofs: Proof, problem: Problem | None = None) -> Issuance:
    names = [proof.identifier.value for proof in proofs] or ["shop.example"]
    return record(*names, state="failed", proofs=proofs, problem=problem or Problem("dns", "a reason"))


def proof(name: str, problem: Problem | None = None) -> Proof:
    what = DnsRecord(f"_acme-challenge.{name}", ("value",))
    return Proof(Identifier("dns", name), "u", "c", what, "invalid" if problem else "valid", problem)


def test_failed_names_are_listed_each_with_the_cas_words() -> None:
    bad, worse = Problem("dns", "no TXT record"), Problem("unauthorized", "a wrong TXT record")
    message = failed_message(failed(proof("good.example"), proof("bad.example", bad), proof("worse.example", worse)), CA)
    assert "bad.example, worse.example" in message.title
    assert "good.example" not in message.title
    assert message.detail.splitlines() == ["bad.example: no TXT record", "worse.example: a wrong TXT record"]
    assert "a wrong TXT record" not in message.text
    assert "bad.example: Test CA found no TXT record at _acme-challenge.bad.example." in message.text
    assert "worse.example: At _acme-challenge.worse.example Test CA found another value" in message.text
    assert message.text.endswith("Test CA allows five failed tries in an hour.")


def test_order_that_failed_for_another_reason_tells_that_one() -> None:
    message = failed_message(failed(proof("shop.example"), problem=Problem("caa", "CAA forbids it")), CA)
    assert message.title == "A CAA record keeps Test CA from issuing"
    assert message.detail == "CAA forbids it"
