"""A hostile CA: what it may try, one attack at a time, as data.

`test_hostile.py` plays every case to the end, and keeps `tests/HOSTILE.md`, the list of them with what a person sees.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from asn1crypto.keys import PublicKeyInfo, RSAPublicKey
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import AddressError
from app.pki.pem import read_certificates, to_pem
from app.ports import Request, Response
from tests.unit.chains import NOW, intermediate, leaf, root
from tests.unit.keys import native_key
from tests.unit.records import DIRECTORY
from tests.unit.script import Scripted, answer, html, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, CERTIFICATE, FINALIZE, NEW_ACCOUNT, NEW_ORDER, ORDER, READ_ORDER, ScriptedCA

NAME: Final = "shop.example"
MEGABYTE: Final = 1 << 20
READ_DIRECTORY: Final = f"GET {DIRECTORY}"
AUTHORIZATION: Final = f"POST {BASE}/authorization/0"

Arrange = Callable[[ScriptedCA], None]


@dataclass(frozen=True)
class Case:
    """`what` the CA tries, and how it is made to; `challenge` is the kind of proof that is asked for."""

    what: str
    arrange: Arrange
    challenge: str = "dns-01"


def says(key: str, *responses: Scripted) -> Arrange:
    """The CA answers `key` ("METHOD URL") so."""

    def arrange(ca: ScriptedCA) -> None:
        ca.script[key] = list(responses)

    return arrange


def directory(**members: Any) -> Arrange:
    """The CA's directory with other `members`."""

    def arrange(ca: ScriptedCA) -> None:
        (given,) = ca.script[READ_DIRECTORY]
        assert isinstance(given, Response)
        ca.script[READ_DIRECTORY] = [answer({**json.loads(given.body), **members})]

    return arrange


def order(status: str = "pending", location: str = ORDER, **members: Any) -> Arrange:
    """The new order in `status`, at `location`, with other `members`."""

    def arrange(ca: ScriptedCA) -> None:
        ca.script[NEW_ORDER] = [ca.order(status, status_code=201, location=location, **members)]

    return arrange


def authorization(state: str = "pending", **of_each: Any) -> Arrange:
    """The authorization in `state`, its challenges with other members."""

    def arrange(ca: ScriptedCA) -> None:
        ca.script[AUTHORIZATION] = [ca.authorization(0, state, kinds=("dns-01",), **of_each)]

    return arrange


def finalized(status: str, retry_after: str = "", **members: Any) -> Arrange:
    """After finalize the order stays in `status` for ever."""

    def arrange(ca: ScriptedCA) -> None:
        stays = ca.order(status, **members)
        stays = replace(stays, headers={**stays.headers, "retry-after": retry_after})
        ca.script[FINALIZE] = [stays]
        ca.script[READ_ORDER] = [ca.order("ready"), stays]

    return arrange


def issues(make: Callable[[bytes], str]) -> Arrange:
    """The CA sends what `make` gives for the public key (DER SPKI) of the request."""

    def arrange(ca: ScriptedCA) -> None:
        def send(_: Request) -> Response:
            form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
            return Response(200, {}, make(ca.csr().public_key().public_bytes(*form)).encode("utf-8", "surrogatepass"))

        ca.script[CERTIFICATE] = [send]

    return arrange


def refuses(detail: str, kind: str = "malformed", **members: Any) -> Arrange:
    """The CA refuses the order in words of its own."""
    return says(NEW_ORDER, refusal(kind, status=403, members={"detail": detail, **members}))


def raw(body: bytes) -> Arrange:
    """The CA answers everything about the order with `body`."""
    return always(says(NEW_ORDER, Response(201, {"location": ORDER}, body)))


def always(arrange: Arrange) -> Arrange:
    """The CA says of the new order what `arrange` makes it say, and the same when it is asked again."""

    def both(ca: ScriptedCA) -> None:
        arrange(ca)
        ca.script[READ_ORDER] = ca.script[NEW_ORDER]

    return both


# ---- addresses ----

ADDRESSES: Final[Mapping[str, str]] = {
    "of another origin": "https://evil.example/x",
    "over http": "http://ca.example/x",
    "that is javascript:": "javascript:alert(1)",
    "that is data:": "data:application/json,{}",
    "with credentials": "https://user:word@ca.example/x",
    "at this page’s own origin": "http://localhost:8000/x",
    "with another port": "https://ca.example:444/x",
    "without a scheme": "//evil.example/x",
    "of a million characters": f"{BASE}/{'x' * 1_000_000}",
    "with a backslash": "https://ca.example\\@evil.example/x",
}
"""Addresses that are not this CA's own."""

PLACES: Final[Mapping[str, Callable[[str], Arrange]]] = {
    "newNonce in the directory": lambda url: directory(newNonce=url),
    "newAccount in the directory": lambda url: directory(newAccount=url),
    "newOrder in the directory": lambda url: directory(newOrder=url),
    "the account (Location)": lambda url: says(NEW_ACCOUNT, answer({"status": "valid"}, status=201, location=url)),
    "the order (Location)": lambda url: order(location=url),
    "an authorization": lambda url: order(authorizations=[url]),
    "a challenge": lambda url: authorization(url=url),
    "finalize": lambda url: order(finalize=url),
    "the certificate": lambda url: finalized("valid", certificate=url),
}
"""Everywhere that a CA names an address which the page then goes to."""


def _addresses() -> list[Case]:
    everywhere = [Case(f"An address of another origin for {where}", name(EVIL)) for where, name in PLACES.items()]
    kinds = [Case(f"An address {kind} for the order", order(location=url)) for kind, url in ADDRESSES.items()]
    return [*everywhere, *kinds[1:], Case("A redirect", says(READ_DIRECTORY, _REDIRECT))]


_REDIRECT: Final = AddressError("redirect-response", detail=DIRECTORY)

EVIL: Final = ADDRESSES["of another origin"]

# ---- texts ----

TEXTS: Final = [
    Case("Markup in its words", refuses("<img src=x onerror=alert(1)><b>bold</b>")),
    Case("Marks that turn the order of letters around", refuses("all is well \u202etixe\u202c \u2066x\u2069 \u200bhidden")),
    Case("NUL bytes and terminal codes", refuses("a\x00b\x1b[31mred\x07")),
    Case("Half a character (\\ud800)", refuses("half \ud800 a character")),
    Case("A megabyte of words", refuses("blah " * 180_000)),
    Case("Links that are javascript:, http or data:", refuses("see javascript:alert(1) http://a.example data:text/html,x")),
    Case("A link with letters that look like others", refuses("see https://аррӏе.example/login.")),
    Case("A link with a user name that looks like a host", refuses("see https://ca.example@evil.example/")),
    Case("A sentence in place of a name", refuses("no", "rejectedIdentifier", identifier={"type": "dns", "value": "call 555"})),
    Case("Terms that are javascript:", directory(meta={"termsOfService": "javascript:alert(1)"})),
    Case("New terms at a javascript: address", refuses("agree", "userActionRequired", instance="javascript:alert(1)")),
    Case("A limit with a link that is javascript:", refuses("unpause: javascript:alert(1)", "rateLimited")),
    Case("A web page in place of a reason", says(NEW_ORDER, html(403))),
    Case("A web page of unclosed tags in place of a reason", says(NEW_ORDER, Response(403, {}, b"<script" * 100_000))),
    Case("Words in a member that nobody defined", says(NEW_ORDER, answer({"message": "<b>pay first</b>"}, status=402))),
    Case("A sentence in place of a kind of proof", authorization(type="send money to")),
]

# ---- JSON ----

DEEP: Final = 100_000


_LASTING: Final[dict[str, Any]] = {
    "type": "dns-persist-01",
    "issuer-domain-names": ["ca2.example"],
    "accounturi": "https://ca2.example/acct/666",
}


_OUTSIDE: Final = "../../etc/passwd"


def _many(count: int, entry: Any) -> list[Any]:
    return [entry] * count


JSON: Final = [
    Case("JSON of 100,000 levels", raw(b'{"a":' * DEEP + b"1" + b"}" * DEEP)),
    Case("An order of 5 MB", raw(b'{"status":"pending","x":"' + b"x" * 5 * MEGABYTE + b'"}')),
    Case("A number of 100,000 digits", raw(b'{"status": ' + b"1" * 100_000 + b"}")),
    Case("Infinity", raw(b'{"status": Infinity}')),
    Case("A list for an order", raw(b"[]")),
    Case("Bytes that are no text", raw(b"\xff\xfe\x00")),
    Case("Members of wrong types", always(order(authorizations={"a": 1}))),
    Case("An error with a number for a type", says(NEW_ORDER, answer({"type": 5, "detail": []}, status=400))),
    Case("An error of odd members", refuses("x", "caa", status="403", identifier=5, subproblems=7, algorithms={}, instance=[])),
    Case("A directory of odd members", directory(meta=[], revokeCert=5, keyChange={}, renewalInfo=True)),
    Case("100,000 reasons in one error", refuses("x", "compound", subproblems=_many(100_000, {}))),
    Case(
        "Reasons within reasons, 100 levels",
        refuses("x", "compound", subproblems=[json.loads('{"subproblems":[' * 99 + "]}" * 99)]),
    ),
    Case("20,000 authorizations", always(order(authorizations=[f"{BASE}/{n}" for n in range(20_000)]))),
    Case(
        "100,000 challenges",
        says(
            AUTHORIZATION,
            answer({"status": "pending", "identifier": {"type": "dns", "value": NAME}, "challenges": _many(100_000, {})}),
        ),
    ),
    Case("50,000 profiles", directory(meta={"profiles": {str(n): "" for n in range(50_000)}})),
    Case("The same authorization twice", order(authorizations=[f"{BASE}/authorization/0"] * 2)),
    Case(
        "An authorization for another name",
        says(AUTHORIZATION, answer({"status": "pending", "identifier": {"type": "dns", "value": "evil.example"}})),
    ),
    Case("A status that no order has", always(order(status="perhaps"))),
    Case("A status that no authorization has", authorization("perhaps")),
    Case("A token that leaves its folder", authorization(token=_OUTSIDE)),
    Case("A token of 10,000 characters", authorization(token="x" * 10_000)),
    Case(
        "A lasting record for another one’s account (dns-persist-01)",
        authorization(**_LASTING),
        "dns-persist-01",
    ),
]

# ---- waiting ----


def _looks_on(ca: ScriptedCA) -> None:
    looking = ca.authorization(0, "processing", kinds=("dns-01",), error={"type": "x", "detail": "not yet"})
    pending = json.loads(looking.body) | {"status": "pending"}
    ca.script[AUTHORIZATION] = [ca.authorization(0), answer(pending)]
    ca.script[READ_ORDER] = [ca.order("pending")]


WAITING: Final = [
    Case("Work that never ends", finalized("processing")),
    Case("Work that never ends, and “ask again at once”", finalized("processing", "0")),
    Case("“Ask again in a year”", finalized("processing", "31536000")),
    Case("“Ask again in −1 seconds”", finalized("processing", "-1")),
    Case("“Ask again” with NaN", finalized("processing", "NaN")),
    Case("“Ask again” in the year 9999", finalized("processing", "Fri, 31 Dec 9999 23:59:59 GMT")),
    Case("“Ask again” on a day that is none", finalized("processing", "Fri, 99 Foo 99999999999999999999 99:99:99 +9999999")),
    Case("An order that goes back to pending after finalize", finalized("pending")),
    Case("A request for the certificate that is never taken", says(FINALIZE, refusal("orderNotReady", status=403))),
    Case("A certificate that is never found (404)", says(CERTIFICATE, Response(404, {}, b""))),
    Case("A proof that fails again and again", says(f"POST {BASE}/challenge/0", refusal("dns"))),
    Case("An error that never goes away while it looks", _looks_on),
    Case("A limit that lasts a year", says(NEW_ORDER, refusal("rateLimited", status=429, retry_after="31536000"))),
    Case("A limit that lasts for ever", says(NEW_ORDER, refusal("rateLimited", status=429, retry_after="9" * 400))),
    Case("No one-time number is ever right", says(NEW_ORDER, refusal("badNonce"))),
    Case("A one-time number of a megabyte", says(f"HEAD {BASE}/nonce", answer(replay_nonce="x" * MEGABYTE))),
    Case("“Too many requests” in HTML, to every question", says(AUTHORIZATION, html(429))),
    Case("An account that it never comes to know", says(NEW_ORDER, refusal("accountDoesNotExist"))),
    Case("An account that was closed", says(NEW_ACCOUNT, answer({"status": "deactivated"}, location=ACCOUNT))),
    Case("An account that is not named", says(NEW_ACCOUNT, answer({"status": "valid"}, status=201))),
]

# ---- certificates ----


def _key_pem() -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return native_key().private.private_bytes(*form).decode("ascii")


def _deep_der() -> bytes:
    der = b""
    for _ in range(10_000):
        size = len(der)
        length = bytes([size]) if size < 128 else bytes([0x83]) + size.to_bytes(3, "big")
        der = b"\x30" + length + der
    return der


def _changed(pem: str, change: Callable[[bytes], bytes]) -> str:
    return to_pem("CERTIFICATE", change(read_certificates(pem)[0]))


def _huge_rsa(der: bytes) -> bytes:
    certificate = Certificate.load(der)
    huge = RSAPublicKey({"modulus": (1 << 1_000_000) - 1, "public_exponent": 65537})
    certificate["tbs_certificate"]["subject_public_key_info"] = PublicKeyInfo.wrap(huge, "rsa")
    changed: bytes = certificate.dump(force=True)
    return changed


def _strange_curve() -> bytes:
    public = ec.generate_private_key(ec.BrainpoolP512R1()).public_key()
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _many_names() -> list[str]:
    return [f"n{n}.example" for n in range(5000)]


def _cut_lines(pem: str) -> str:
    first, *body, last = pem.strip().splitlines()
    return f"{first}\n{''.join(body)}\n{last}\n"


def _jumbled(spki: bytes) -> str:
    ours, stranger = leaf(NAME, spki=spki), leaf("other.example")
    return (root() + stranger + intermediate() + ours) * 2


DAY: Final = timedelta(days=1)

CERTIFICATES: Final = [
    Case("A certificate for another name", issues(lambda spki: leaf("evil.example", spki=spki) + intermediate())),
    Case("A certificate for one name more", issues(lambda spki: leaf(NAME, "evil.example", spki=spki) + intermediate())),
    Case("A certificate for 5,000 names more", issues(lambda spki: leaf(NAME, *_many_names(), spki=spki) + intermediate())),
    Case("A certificate for another key", issues(lambda _: leaf(NAME) + intermediate())),
    Case("A certificate that has ended", issues(lambda spki: leaf(NAME, spki=spki, since=NOW - 9 * DAY, until=NOW - DAY))),
    Case("A certificate that begins tomorrow", issues(lambda spki: leaf(NAME, spki=spki, since=NOW + DAY))),
    Case("A certificate that may sign others (CA:TRUE)", issues(lambda spki: leaf(NAME, spki=spki, authority=True))),
    Case("A chain that does not hang together", issues(lambda spki: leaf(NAME, spki=spki) + root())),
    Case("A chain in the wrong order, each twice, with others among them", issues(_jumbled)),
    Case("A chain of 4 MB", issues(lambda spki: (leaf(NAME, spki=spki) + intermediate() * 8100).ljust(4 << 20, "\n"))),
    Case("A chain of 200 certificates", issues(lambda spki: leaf(NAME, spki=spki) + intermediate() * 199)),
    Case("A private key in the chain", issues(lambda spki: leaf(NAME, spki=spki) + _key_pem())),
    Case(
        "A private key before the chain, its line cut short",
        issues(lambda spki: _key_pem().replace("KEY-----\n", "KEY\n", 1) + leaf(NAME, spki=spki)),
    ),
    Case(
        "Words between the certificates", issues(lambda spki: f"Subject: x\n{leaf(NAME, spki=spki)}\nhello\n{intermediate()}")
    ),
    Case("A certificate in one endless line", issues(lambda spki: _cut_lines(leaf(NAME, spki=spki)))),
    Case(
        "A certificate whose lengths lie",
        issues(lambda spki: _changed(leaf(NAME, spki=spki), lambda der: der[:2] + b"\x7f\xff" + der[4:])),
    ),
    Case("A certificate of 10,000 boxes in boxes", issues(lambda _: to_pem("CERTIFICATE", _deep_der()))),
    Case(
        "A certificate of a day that is none",
        issues(lambda spki: _changed(leaf(NAME, spki=spki), lambda der: der.replace(b"261121", b"269999"))),
    ),
    Case("A certificate with an RSA key of a million bits", issues(lambda _: _changed(leaf(NAME), _huge_rsa))),
    Case("A certificate on a curve that nobody uses", issues(lambda _: leaf(NAME, spki=_strange_curve()))),
    Case("HTML for a certificate", issues(lambda _: "<html>busy</html>")),
]


SECTIONS: Final[Mapping[str, list[Case]]] = {
    "Addresses": _addresses(),
    "Words": TEXTS,
    "Answers": JSON,
    "Time": WAITING,
    "Certificates": CERTIFICATES,
}
"""All cases, under the headings of the list."""
