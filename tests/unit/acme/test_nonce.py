"""The CORS test before a CA is used. What real CAs send is cited; what they cannot be made to send is scripted."""

import pytest

from app.acme.directory import NoDirectoryError
from app.acme.nonce import HiddenNonceError
from app.acme.problem import ProblemError, UnavailableError
from app.ca.catalog import CertificateAuthority
from app.ca.cors_check import check_cors
from app.errors import NetworkError, ProtocolError
from app.ports import Response
from tests.adapters import FastClock
from tests.unit.says import says
from tests.unit.script import Scripted, ScriptedHttp, answer, html, refusal

DIRECT = CertificateAuthority("ca", "CA", "https://ca.example/dir")
RELAYED = CertificateAuthority("ca", "CA", "https://ca.example/dir", cors="no", relay="https://relay.example/to/")
URLS = {
    "newNonce": "https://ca.example/nonce",
    "newAccount": "https://ca.example/account",
    "newOrder": "https://ca.example/order",
}


def ca(authority: CertificateAuthority, nonce: Scripted, directory: Scripted | None = None) -> ScriptedHttp:
    """The CA behind `authority`, with what it says to newNonce and for its directory."""
    return ScriptedHttp(
        {
            f"GET {authority.relay_url(authority.directory)}": directory or answer(URLS),
            f"HEAD {authority.relay_url(URLS['newNonce'])}": nonce,
        }
    )


@pytest.mark.parametrize("authority", [DIRECT, RELAYED], ids=["direct", "relay"])
async def test_two_requests_that_carry_nothing_tell_that_all_is_well(authority: CertificateAuthority) -> None:
    http = ca(authority, answer(nonce="n"))
    assert (await check_cors(http, FastClock(), authority)).new_order == URLS["newOrder"]
    assert [(request.method, dict(request.headers), request.body) for request in http.requests] == [
        ("GET", {}, b""),
        ("HEAD", {}, b""),
    ]


async def test_nonce_that_cannot_be_read_is_told_from_everything_else() -> None:
    """ZeroSSL sends Access-Control-Allow-Origin, but exposes no Replay-Nonce: the browser gives the answer without it."""
    with pytest.raises(HiddenNonceError, check=says("CORS")):
        await check_cors(ca(DIRECT, Response(200, {}, b"")), FastClock(), DIRECT)


@pytest.mark.parametrize(
    ("directory", "nonce", "kind"),
    [
        pytest.param(NetworkError("https://ca.example/dir", reachable=True), answer(), NetworkError, id="no CORS headers"),
        pytest.param(html(200), answer(), ProtocolError, id="no ACME server"),
        pytest.param(html(403), answer(), NoDirectoryError, id="refused without a reason"),
        pytest.param(html(503), answer(), UnavailableError, id="overloaded"),
        pytest.param(None, NetworkError("https://ca.example/nonce"), NetworkError, id="CORS for the directory only"),
        pytest.param(None, refusal("rateLimited", status=429), ProblemError, id="refused"),
        pytest.param(None, html(503), UnavailableError, id="overloaded later"),
    ],
)
async def test_what_is_wrong_is_raised(directory: Scripted | None, nonce: Scripted, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        await check_cors(ca(DIRECT, nonce, directory), FastClock(), DIRECT)
    assert type(caught.value) is kind
