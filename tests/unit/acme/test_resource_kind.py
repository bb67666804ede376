"""What a URL is for is learned from the CA's own words, however it writes its URLs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.decoded_jws import DecodedJws
from app.acme.resource_kind import ResourceClassifier
from app.ports import Response
from tests.unit.acme.test_decoded_jws import JSON
from tests.unit.script import answer, refusal

CA = "https://ca.example"
DIRECTORY = answer(
    {
        "newNonce": f"{CA}/1",
        "newAccount": f"{CA}/2",
        "newOrder": f"{CA}/3",
        "revokeCert": f"{CA}/4",
        "keyChange": f"{CA}/5",
        "renewalInfo": f"{CA}/6/",
    }
)
ORDER = {"status": "pending", "finalize": f"{CA}/f", "authorizations": [f"{CA}/a"], "identifiers": []}
AUTHORIZATION = {"status": "pending", "identifier": {}, "challenges": [{"type": "dns-01", "url": f"{CA}/c"}]}
CHAIN = Response(200, {"content-type": "application/pem-certificate-chain", "link": f'<{CA}/z2>;rel="alternate"'}, b"")


def post(payload: dict[str, Any] | None, **header: str) -> DecodedJws:
    return DecodedJws(header, payload, b"")


def learned() -> ResourceClassifier:
    atlas = ResourceClassifier()
    atlas.learn(f"{CA}/dir", DIRECTORY)
    atlas.learn(f"{CA}/2", answer({"status": "valid", "orders": f"{CA}/os"}, status=201, location="/k"))
    atlas.learn(f"{CA}/3", answer(ORDER, status=201, location=f"{CA}/o"))
    atlas.learn(f"{CA}/a", answer(AUTHORIZATION))
    atlas.learn(f"{CA}/f", answer({**ORDER, "status": "valid", "certificate": f"{CA}/z"}))
    atlas.learn(f"{CA}/z", CHAIN)
    atlas.learn(f"{CA}/os", answer({"orders": [f"{CA}/o7"]}))
    return atlas


@pytest.mark.parametrize(
    ("method", "path", "payload", "kind"),
    [
        ("GET", "dir", None, "directory"),
        ("HEAD", "1", None, "newNonce"),
        ("POST", "2", {"termsOfServiceAgreed": True}, "newAccount"),
        ("POST", "2", {"onlyReturnExisting": True}, "findAccount"),
        ("POST", "k", None, "account"),
        ("POST", "k", {"contact": []}, "updateAccount"),
        ("POST", "k", {"status": "deactivated"}, "closeAccount"),
        ("POST", "os", None, "orders"),
        ("POST", "3", {"identifiers": []}, "newOrder"),
        ("POST", "o", None, "order"),
        ("POST", "o7", None, "order"),
        ("POST", "a", None, "authorization"),
        ("POST", "c", {}, "challenge"),
        ("POST", "f", {"csr": ""}, "finalize"),
        ("POST", "z", None, "certificate"),
        ("POST", "z2", None, "certificate"),
        ("POST", "4", {"certificate": ""}, "revokeCert"),
        ("POST", "5", {"protected": ""}, "keyChange"),
        ("GET", "6/abc", None, "renewalInfo"),
        ("POST", "nowhere", None, "other"),
    ],
)
def test_every_request_is_known_by_what_the_ca_said_before(
    method: str, path: str, payload: dict[str, Any] | None, kind: str
) -> None:
    signed = post(payload) if method == "POST" else None
    for came in (None, refusal("badNonce")):  # also while it is under way, and when it is refused
        assert learned().kind(method, f"{CA}/{path}", signed, came) == kind


@pytest.mark.parametrize(
    ("came", "kind"),
    [
        (answer(ORDER), "order"),
        (answer({**ORDER, "status": "processing"}), "orderDone"),
        (answer({**ORDER, "status": "valid"}), "orderDone"),
        (answer(AUTHORIZATION), "authorization"),
        (answer({**AUTHORIZATION, "status": "invalid"}), "authorizationState"),
        (answer({"status": "valid", "contact": []}), "account"),
        (answer({"orders": []}), "orders"),
        (answer({"type": "dns-01", "url": CA, "status": "valid"}), "challenge"),
        (CHAIN, "certificate"),
        (DIRECTORY, "directory"),
        (answer({"status": "valid"}), "other"),
        (refusal("malformed", members=ORDER), "other"),
    ],
)
def test_what_was_begun_in_another_visit_is_known_by_what_comes_back(came: Response, kind: str) -> None:
    assert ResourceClassifier().kind("POST", f"{CA}/x", post(None), came) == kind


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"identifiers": []}, "newOrder"),
        ({"csr": ""}, "finalize"),
        ({"certificate": ""}, "revokeCert"),
        ({"onlyReturnExisting": True}, "findAccount"),
        ({"contact": []}, "updateAccount"),
    ],
)
def test_or_by_what_was_sent(payload: dict[str, Any], kind: str) -> None:
    assert ResourceClassifier().kind("POST", f"{CA}/x", post(payload), None) == kind


def test_the_account_that_signs_is_known() -> None:
    assert ResourceClassifier().kind("POST", f"{CA}/x", post(None, kid=f"{CA}/x"), None) == "account"


def test_a_relative_location_that_is_none_is_passed_over() -> None:
    atlas = learned()
    atlas.learn(f"{CA}/3", answer(ORDER, status=201, location="https://["))
    assert atlas.kind("POST", f"{CA}/3", post({}), None) == "newOrder"


@given(st.dictionaries(st.sampled_from(["newNonce", "newOrder", "finalize", "authorizations", "challenges", "orders"]), JSON))
def test_nothing_that_a_ca_says_makes_it_stumble(body: dict[str, Any]) -> None:
    atlas = ResourceClassifier()
    came = Response(200, {"content-type": "application/json", "link": "<https://[>;rel=alternate"}, json.dumps(body).encode())
    atlas.learn(f"{CA}/x", came)
    assert atlas.kind("POST", f"{CA}/x", post(None), came)
