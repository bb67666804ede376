"""Filling the practice CA's record server."""

import json

import pytest

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.errors import NetworkError
from app.issuance.practice import RecordServerError, SilentRecordServerError, publish
from app.ports import Response
from tests.unit.says import says
from tests.unit.script import ScriptedHttp, html

RECORDS = "http://localhost:8000/practice/"
DNS = DnsRecord("_acme-challenge.shop.example", ("one", "two"))
FILE = WebFile("http://shop.example/.well-known/acme-challenge/token-1", "token-1.thumbprint")


PUBLISH = f"POST {RECORDS}publish"


def record_server() -> ScriptedHttp:
    return ScriptedHttp({PUBLISH: Response(200, {}, b"")})


def orders(http: ScriptedHttp) -> list[tuple[str, dict[str, str]]]:
    (request,) = http.requests
    return [(command, about) for command, about in json.loads(request.body)["commands"]]


async def test_old_values_go_away_before_the_new_ones_are_set() -> None:
    http = record_server()
    await publish(http, RECORDS, [DNS])
    host = "_acme-challenge.shop.example."
    assert orders(http) == [
        ("clear-txt", {"host": host}),
        ("set-txt", {"host": host, "value": "one"}),
        ("set-txt", {"host": host, "value": "two"}),
    ]


async def test_a_hundred_names_are_one_request_with_commands_of_one_name_together() -> None:
    http = record_server()
    many = [DnsRecord(f"_acme-challenge.n{n}.shop.example", ("v",)) for n in range(100)]
    await publish(http, RECORDS, [FILE, *many])
    assert [command for command, _ in orders(http)] == ["clear-txt"] * 100 + ["add-http01"] + ["set-txt"] * 100


async def test_file_is_published_under_its_token() -> None:
    http = record_server()
    await publish(http, RECORDS, [FILE])
    assert orders(http) == [("add-http01", {"token": "token-1", "content": "token-1.thumbprint"})]


async def test_certificate_is_ordered_for_its_name() -> None:
    http = record_server()
    await publish(http, RECORDS, [TlsCertificate(Identifier("dns", "shop.example"), "token-1.thumbprint")])
    assert orders(http) == [("add-tlsalpn01", {"host": "shop.example", "content": "token-1.thumbprint"})]


async def test_certificate_for_an_address_is_beyond_the_record_server() -> None:
    with pytest.raises(RecordServerError, check=says(r"192\.0\.2\.1"), match="record-server-without-ip-certificates"):
        await publish(ScriptedHttp({}), RECORDS, [TlsCertificate(Identifier("ip", "192.0.2.1"), "a.b")])


async def test_orders_are_json_and_say_so() -> None:
    http = record_server()
    await publish(http, RECORDS, [DNS, FILE])
    assert {request.headers["Content-Type"] for request in http.requests} == {"application/json"}


@pytest.mark.parametrize("publication", [DNS, FILE])
async def test_server_that_does_not_answer_is_said_to_be_not_running(publication: Publication) -> None:
    lost = NetworkError(RECORDS, detail="connection refused")
    http = ScriptedHttp({PUBLISH: lost})
    with pytest.raises(RecordServerError, check=says("make run"), match="record-server-silent") as caught:
        await publish(http, RECORDS, [publication])
    assert caught.value.detail == "connection refused"


@pytest.mark.parametrize("status", [502, 503])
async def test_record_server_that_has_stopped_behind_make_run_is_said_to_have(status: int) -> None:
    http = ScriptedHttp({PUBLISH: html(status)})
    with pytest.raises(SilentRecordServerError, check=says("make run"), match="record-server-silent"):
        await publish(http, RECORDS, [FILE])


async def test_refusal_is_said_with_its_status_and_text() -> None:
    http = ScriptedHttp({PUBLISH: html(403)})
    with pytest.raises(RecordServerError, check=says("403"), match="record-server-refused") as caught:
        await publish(http, RECORDS, [FILE])
    assert "Something is wrong here" in caught.value.detail
