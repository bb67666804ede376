"""The ledger as a HAR file: what the specification asks for, and what a reader that is not ours makes of it."""

import base64
import json
import tomllib
from typing import Any

from haralyzer import HarParser

from app import VERSION
from app.errors import NetworkError
from app.network.har import to_har
from app.network.request_log import MAX_BODY, BlockedRequest, Entry, RequestLog
from app.ports import Request, Response
from app.text.request_log import har_comments
from tests.unit.har_spec import assert_har
from tests.unit.network.test_gate import GOOD
from tests.unit.private_keys import key_files
from tests.unit.script import ScriptedHttp, answer, refusal
from tests.unit.scripted_ca import NoonClock
from tools.paths import ROOT

URL = "https://ca.example/new"
GET = Request("GET", f"{URL}?a=1&b=")
LONG = b"a" * (MAX_BODY + 1)


async def archive(**script: Any) -> dict[str, Any]:
    """The HAR of a request for each answer in `script`."""
    http = ScriptedHttp({f"POST {URL}": list(script.values()), f"GET {GET.url}": answer()})
    request_log = RequestLog(http, NoonClock())
    for came in script.values():
        try:
            await request_log.send(GOOD)
        except NetworkError:
            assert isinstance(came, NetworkError)
    await request_log.send(GET)
    request_log.add_blocked("https://ca.example", "the request contained private key material")
    har: dict[str, Any] = json.loads(to_har(request_log.entries, har_comments(request_log.entries, {1: "decoded"}, dropped=7)))
    assert_har(har)
    return har


async def test_everything_that_was_sent_is_in_it_and_nothing_that_was_held_back() -> None:
    har = await archive(
        good=answer({"status": "valid"}, nonce="abc"), bad=refusal("badNonce"), lost=NetworkError(URL, detail="?")
    )
    good, bad, lost, get = har["log"]["entries"]
    assert good["request"]["postData"]["text"] == "{}"
    assert good["request"]["postData"]["mimeType"] == "application/jose+json"
    assert {"name": "replay-nonce", "value": "abc"} in good["response"]["headers"]
    assert json.loads(good["response"]["content"]["text"]) == {"status": "valid"}
    assert good["comment"] == "decoded"
    assert (bad["response"]["status"], bad["response"]["statusText"]) == (400, "Bad Request")
    assert (lost["response"]["status"], lost["response"]["comment"]) == (0, "?")
    assert get["request"]["queryString"] == [{"name": "a", "value": "1"}, {"name": "b", "value": ""}]
    assert "postData" not in get["request"]
    assert "7 older requests are not here. 1 request that was blocked by the page or" in har["log"]["comment"]
    assert "private key material" not in json.dumps(har["log"]["entries"])


async def test_a_foreign_reader_finds_what_was_sent() -> None:
    har = await archive(good=answer({"status": "valid"}), odd=Response(299, {}, b"\xff\x00"))
    parser = HarParser(har)
    (page,) = parser.pages  # entries that belong to no page
    assert [(entry.request.method, entry.request.url, entry.status) for entry in page.entries] == [
        ("POST", URL, 200),
        ("POST", URL, 299),
        ("GET", GET.url, 200),
    ]
    first = page.entries[0]
    assert first.request.headers == [{"name": "Content-Type", "value": "application/jose+json"}]
    assert json.loads(first.response.text) == {"status": "valid"}
    assert first.response.mimeType == "application/json"
    assert first.time >= 0
    assert first.startTime.tzinfo
    assert page.entries[1].response.textEncoding == "base64"
    assert base64.b64decode(page.entries[1].response.text) == b"\xff\x00"


async def test_what_is_cut_says_its_true_size() -> None:
    har = await archive(long=Response(200, {"content-type": "text/plain"}, LONG))
    content = har["log"]["entries"][0]["response"]["content"]
    assert (content["size"], len(content["text"])) == (len(LONG), MAX_BODY)
    assert content["comment"] == "Only the first 65.5 kB are here."


def test_what_is_under_way_waits_for_the_next_file_and_half_a_character_hurts_nobody() -> None:
    under_way = Entry(1, 1.0, GET)
    cut = Entry(2, 2.0, GET, 1.5, Response(200, {}, "ü".encode()[:1]), 2)  # a clock that was put back
    entries = (under_way, cut, BlockedRequest(3, 3.0, "", "no"))
    har = json.loads(to_har(entries, har_comments(entries, {})))
    assert_har(har)
    assert [entry["time"] for entry in har["log"]["entries"]] == [0]
    assert "2 requests that were blocked by the page or are under way" in har["log"]["comment"]


def test_the_version_is_that_of_the_project() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["project"]["dynamic"] == ["version"]
    assert settings["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "app.VERSION"}
    assert json.loads(to_har((), har_comments((), {})))["log"]["creator"]["version"] == VERSION


async def test_a_private_key_in_an_answer_is_not_in_the_file() -> None:
    key = key_files()["P-256 PKCS#8 PEM"].decode()
    har = await archive(pem=Response(200, {"content-type": "text/plain"}, f"a{key}b".encode()), echo=answer({"detail": key}))
    text = json.dumps(har)
    assert key.splitlines()[1] not in text
    assert "PRIVATE KEY" not in text
    first, second, _ = har["log"]["entries"]
    assert first["response"]["content"]["text"] == "a[redacted]\nb"
    assert json.loads(second["response"]["content"]["text"]) == {"detail": "[redacted]\n"}
    for entry in (first, second):
        assert entry["response"]["content"]["comment"] == "Keystay took out what looks like a private key."
