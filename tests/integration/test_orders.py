"""Orders of every kind on CPython against a real Pebble: profiles, requests of one’s own, and a CA in every mood."""

from base64 import b64encode
from dataclasses import replace
from unittest.mock import patch

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.acme.directory import read_directory
from app.acme.problem import ProblemError
from app.issuance.failed_validations import remaining_tries
from app.issuance.workflow import Workflow
from app.ports import Request, Response
from tests.adapters import CORS_EXPOSED, FastClock, HttpxHttp, native_ports
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import assert_certificate, choices, http, issue, make_flow
from tests.publishing import publish
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
    workflow = make_flow(practice, http)
    directory = await read_directory(http, workflow.ports.clock, workflow.authorities[0])
    assert directory.profiles == {name: profile["description"] for name, profile in PROFILES.items()}
    for name, days in (("short", 6), ("long", 90)):
        issued = await issue(workflow, replace(choices(practice, f"{name}.example"), profile=name), id_=name)
        assert_certificate(issued, await workflow.ports.keys.export_pkcs8(issued.certificate_key), practice)
        leaf = x509.load_pem_x509_certificate(issued.certificate_pem.encode())
        life = leaf.not_valid_after_utc - leaf.not_valid_before_utc
        assert round(life.total_seconds() / DAY) == days
    await http.close()


async def test_a_profile_that_is_unknown_is_refused_by_its_name(practice_with: PracticeFactory) -> None:
    practice = practice_with(config={"profiles": PROFILES})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    with pytest.raises(ProblemError) as caught:
        await issue(workflow, replace(choices(practice, "unknown.example"), profile="gone"))
    assert caught.value.problem.type == "invalidProfile"
    await http.close()


async def test_own_request_is_issued_and_no_key_is_made(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    key = native_key("ec-p384", n=7)
    request = request_for("own.example", "*.own.example", key=key.private, common_name="own.example")
    wanted = replace(choices(practice, "own.example", "*.own.example"), csr=b64encode(der(request)).decode())
    issued = await issue(workflow, wanted)
    pkcs8 = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert_certificate(issued, pkcs8, practice)
    assert await workflow.ports.keys.load(issued.certificate_key) is None


# ---- a CA in every mood ----


@pytest.mark.parametrize("percent", ["0", "100"])
async def test_strict_pebble_with_half_the_nonces_rejected_and_proofs_kept_or_not(
    practice_with: PracticeFactory, percent: str
) -> None:
    env = {"PEBBLE_WFE_NONCEREJECT": "50", "PEBBLE_AUTHZREUSE": percent}
    practice = practice_with(env=env, strict=True)
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    wanted = choices(practice, "mood.example", "*.mood.example")
    await issue(workflow, wanted, id_="1")
    states: list[str] = []
    begun = await workflow.run(workflow.begin("2", wanted), lambda it: states.append(it.state))
    assert ("proving" in states) == (percent == "0")
    if percent == "0":
        records = workflow.authorities[0].records
        assert records
        await publish(http, records, begun.publications)
        begun = await workflow.run(workflow.confirm(begun), lambda _: None)
    assert_certificate(begun, await workflow.ports.keys.export_pkcs8(begun.certificate_key), practice)
    await http.close()


class OpenHttp(HttpxHttp):
    """A client that reads every header, as if the CA exposed Retry-After; `wishes` lists those that came."""

    def __init__(self, practice: PracticeCA) -> None:
        super().__init__(practice.ssl_context)
        self.wishes: list[str] = []

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        with patch("tests.adapters.CORS_EXPOSED", {*CORS_EXPOSED, "retry-after"}):
            response = await super().send(request)
        self.wishes += [value for name, value in response.headers.items() if name == "retry-after"]
        return response


async def test_retry_after_is_honoured_as_seconds_and_as_a_date(practice_with: PracticeFactory) -> None:
    """Pebble writes its Retry-After in either form by chance: order until both have come."""
    practice = practice_with(config={"retryAfter": {"authz": 7, "order": 7}})
    http = OpenHttp(practice)
    seen: set[bool] = set()
    for n in range(40):
        http.wishes.clear()
        clock = FastClock()  # each runs ahead by what was "slept", and a date is counted from it
        workflow = Workflow(replace(native_ports(http), clock=clock), make_flow(practice, http).authorities)
        issued = await issue(workflow, choices(practice, f"wish{n}.example"))
        assert issued.state == "issued"
        assert http.wishes
        assert any(4.0 < pause <= 7.0 for pause in clock.slept)
        seen |= {wish.isdigit() for wish in http.wishes}
        if seen == {True, False}:
            break
    assert seen == {True, False}
    await http.close()


async def test_failures_are_counted_by_name(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    for n, left in enumerate((4, 3)):
        begun = await workflow.run(workflow.begin(str(n), choices(practice, "absent.budget.example")), lambda _: None)
        failed = await workflow.run(workflow.confirm(begun), lambda _: None)
        (budget,) = remaining_tries(failed, await workflow.saved(), 5, workflow.ports.clock.now())
        assert (budget.name, budget.left) == ("absent.budget.example", left)
