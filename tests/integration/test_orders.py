"""Orders of every kind on CPython against a real Pebble: profiles, requests of one’s own, and a CA in every mood."""

from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.acme.problem import ProblemError
from app.acme.reach import read_directory
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import assert_certificate, choices, http, issue, make_flow
from tests.unit.keys import native_key
from tests.unit.requests import der, request_for
from tools.practice import PracticeCA

__all__ = ["http"]

DAY = 86400  # seconds

PROFILES = {
    "long": {"description": "ninety days", "validityPeriod": 90 * DAY},
    "short": {"description": "six days", "validityPeriod": 6 * DAY},
}


async def test_profiles_are_offered_and_the_chosen_one_is_issued(practice_with: PracticeFactory) -> None:
    practice = practice_with(config={"profiles": PROFILES})
    http = HttpxHttp(practice.ssl_context)
    flow = make_flow(practice, http)
    directory = await read_directory(http, flow.authorities[0])
    assert directory.profiles == {name: profile["description"] for name, profile in PROFILES.items()}
    for name, days in (("short", 6), ("long", 90)):
        issued = await issue(flow, replace(choices(practice, f"{name}.example"), profile=name), id_=name)
        assert_certificate(issued, await flow.ports.keys.export_pkcs8(issued.certificate_key), practice)
        leaf = x509.load_pem_x509_certificate(issued.certificate_pem.encode())
        life = leaf.not_valid_after_utc - leaf.not_valid_before_utc
        assert round(life.total_seconds() / DAY) == days
    await http.close()


async def test_a_profile_that_is_unknown_is_refused_by_its_name(practice_with: PracticeFactory) -> None:
    practice = practice_with(config={"profiles": PROFILES})
    http = HttpxHttp(practice.ssl_context)
    flow = make_flow(practice, http)
    with pytest.raises(ProblemError) as caught:
        await issue(flow, replace(choices(practice, "unknown.example"), profile="gone"))
    assert caught.value.problem.type == "invalidProfile"
    await http.close()


async def test_own_request_is_issued_and_no_key_is_made(practice: PracticeCA, http: HttpxHttp) -> None:
    flow = make_flow(practice, http)
    key = native_key("ec-p384", n=7)
    request = request_for("own.example", "*.own.example", key=key.private, common_name="own.example")
    wanted = replace(choices(practice, "own.example", "*.own.example"), csr=b64encode(der(request)).decode())
    issued = await issue(flow, wanted)
    pkcs8 = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert_certificate(issued, pkcs8, practice)
    assert await flow.ports.keys.load(issued.certificate_key) is None
