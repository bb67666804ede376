"""Tells which resource of RFC 8555 a URL belongs to. Learned from responses, because URLs differ from CA to CA.

The directory names the first URLs (§7.1.1), and each response names more. For a URL from before this page was loaded, the
request and its response show what it is. Nothing here raises.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal
from urllib.parse import urljoin

from app.acme.decoded_jws import DecodedJws, read_object
from app.acme.response import AcmeResponse
from app.errors import KeystayError
from app.ports import Response

ResourceKind = Literal[
    "directory",
    "newNonce",
    "newAccount",
    "findAccount",
    "account",
    "updateAccount",
    "closeAccount",
    "orders",
    "newOrder",
    "order",
    "orderDone",
    "authorization",
    "authorizationState",
    "challenge",
    "finalize",
    "certificate",
    "renewalInfo",
    "revokeCert",
    "keyChange",
    "other",
]
"""What a request is for. `authorization` reads which challenges the CA offers, `authorizationState` how its validation went;
`orderDone` reads an order whose certificate is being issued."""

_IN_DIRECTORY: Final = ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange")
_CREATED: Final = {"newAccount": "account", "newOrder": "order"}  # what is at the Location of their responses
_PEM: Final = "application/pem-certificate-chain"
MAX_KNOWN: Final = 10_000
"""URLs that are remembered, so that a CA that names far more than any order needs cannot fill the memory."""


class ResourceClassifier:
    """The known URLs of all CAs of this visit. All URLs are the CAs' own, not a relay's."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._renewal: set[str] = set()

    def learn(self, url: str, response: Response) -> None:
        """Remember the URLs in `response`, which came for a request to `url`."""
        body = read_object(response.body) or {}
        for name, found in _named_urls(body):
            self._remember(found, name)
        location = self._location(url, response)
        at, created = location or url, _CREATED.get(self._known.get(url, "")) if location else None
        kind = created or _kind_of_response(body, response)
        if kind and self._known.get(at) not in ("finalize", *_IN_DIRECTORY):
            self._remember(at, kind)
        if kind == "directory" and isinstance(body.get("renewalInfo"), str):
            self._renewal.add(body["renewalInfo"].rstrip("/") + "/")
        for other in self._alternates(url, response) if kind == "certificate" else ():
            self._remember(other, "certificate")

    def kind(self, method: str, url: str, signed: DecodedJws | None, response: Response | None) -> ResourceKind:
        """What a request to `url` is for. `response` is what came back, or None."""
        body = (read_object(response.body) if response and response.status < 400 else None) or {}
        if method == "GET" and any(url.startswith(prefix) for prefix in self._renewal):
            return "renewalInfo"
        payload = signed.payload if signed else None
        if signed and url == signed.account:
            self._remember(url, "account")
        name = self._known.get(url) or _kind_of_request(payload) or (_kind_of_response(body, response) if response else "")
        match name:
            case "newAccount" if payload and payload.get("onlyReturnExisting"):
                return "findAccount"
            case "account" if payload:
                return "closeAccount" if payload.get("status") == "deactivated" else "updateAccount"
            case "authorization" if body.get("status", "pending") != "pending":
                return "authorizationState"
            case "order" if body.get("status") in ("processing", "valid"):
                return "orderDone"
            case "directory" | "newNonce" | "newAccount" | "account" | "orders" | "newOrder" | "order" | "authorization":
                return name
            case "challenge" | "finalize" | "certificate" | "revokeCert" | "keyChange":
                return name
        return "newNonce" if method == "HEAD" else "other"

    def _remember(self, url: str, name: str) -> None:
        if len(self._known) < MAX_KNOWN:
            self._known[url] = name

    @staticmethod
    def _location(url: str, response: Response) -> str:
        """The URL of the resource that the request created (§7.3, §7.4)."""
        try:
            return urljoin(url, response.headers.get("location", "")) if "location" in response.headers else ""
        except ValueError:
            return ""

    @staticmethod
    def _alternates(url: str, response: Response) -> tuple[str, ...]:
        try:
            return AcmeResponse(url, response, 0).links("alternate")
        except KeystayError:
            return ()


def _named_urls(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The kinds and URLs of resources that a directory, an account, an order or an authorization names."""
    if _is_directory(body):
        yield from _texts(body, *_IN_DIRECTORY)
    elif "finalize" in body:
        yield from _texts(body, "finalize", "certificate")
        yield from (("authorization", url) for url in _list(body, "authorizations") if isinstance(url, str))
    elif "challenges" in body:
        entries = (entry for entry in _list(body, "challenges") if isinstance(entry, dict))
        yield from (("challenge", entry["url"]) for entry in entries if isinstance(entry.get("url"), str))
    elif isinstance(body.get("orders"), list):
        yield from (("order", url) for url in _list(body, "orders") if isinstance(url, str))
    else:
        yield from _texts(body, "orders")


def _kind_of_response(body: Mapping[str, Any], response: Response) -> str:
    """Which resource a response describes, by its members (§7.1)."""
    if response.status >= 400:
        return ""
    if response.headers.get("content-type", "").startswith(_PEM):
        return "certificate"
    if _is_directory(body):
        return "directory"
    for member, name in (("finalize", "order"), ("challenges", "authorization")):
        if member in body:
            return name
    if isinstance(body.get("orders"), list):
        return "orders"
    if "status" in body and "type" in body and "url" in body:
        return "challenge"
    return "account" if "status" in body and body.keys() & {"contact", "orders", "key"} else ""


def _kind_of_request(payload: Mapping[str, Any] | None) -> str:
    """Which resource a request is for, by the members of its payload."""
    for member, name in (
        ("identifiers", "newOrder"),
        ("csr", "finalize"),
        ("certificate", "revokeCert"),
        ("termsOfServiceAgreed", "newAccount"),
        ("onlyReturnExisting", "newAccount"),
        ("contact", "account"),
    ):
        if payload and member in payload:
            return name
    return ""


def _is_directory(body: Mapping[str, Any]) -> bool:
    return "newNonce" in body and "newOrder" in body


def _texts(body: Mapping[str, Any], *names: str) -> Iterator[tuple[str, str]]:
    return ((name, body[name]) for name in names if isinstance(body.get(name), str))


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    return value if isinstance(value, list) else []
