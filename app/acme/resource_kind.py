"""Which resource of RFC 8555 stands behind a URL, learned from what a CA said: no CA has to write its URLs like another.

The directory names the first of them (§7.1.1), and each answer names more. Where an answer came before this page was loaded,
what a request says and what comes back tells it. Nothing here raises.
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
"""What a request is for. `authorization` asks what the CA wants to see, `authorizationState` what it has seen; `orderDone`
reads an order whose certificate is being made."""

_IN_DIRECTORY: Final = ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange")
_MADE: Final = {"newAccount": "account", "newOrder": "order"}  # what is at the Location of their answers
_PEM: Final = "application/pem-certificate-chain"
MAX_KNOWN: Final = 10_000
"""URLs that are remembered; a CA that names more of them than any order needs must not fill the memory."""


class ResourceClassifier:
    """What is known of the URLs of all CAs that were spoken to. All URLs are the CAs' own, not a relay's."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._renewal: set[str] = set()

    def learn(self, url: str, response: Response) -> None:
        """Take note of the URLs that `response`, the answer to a request for `url`, names."""
        body = read_object(response.body) or {}
        for name, found in _named(body):
            self._note(found, name)
        located = self._located(url, response)
        at, made = located or url, _MADE.get(self._known.get(url, "")) if located else None
        shape = made or _shape(body, response)
        if shape and self._known.get(at) not in ("finalize", *_IN_DIRECTORY):
            self._note(at, shape)
        if shape == "directory" and isinstance(body.get("renewalInfo"), str):
            self._renewal.add(body["renewalInfo"].rstrip("/") + "/")
        for other in self._alternates(url, response) if shape == "certificate" else ():
            self._note(other, "certificate")

    def kind(self, method: str, url: str, signed: DecodedJws | None, response: Response | None) -> ResourceKind:
        """What a request to `url` is for. `response` is what came back, as far as anything did."""
        body = (read_object(response.body) if response and response.status < 400 else None) or {}
        if method == "GET" and any(url.startswith(prefix) for prefix in self._renewal):
            return "renewalInfo"
        payload = signed.payload if signed else None
        if signed and url == signed.account:
            self._note(url, "account")
        name = self._known.get(url) or _asked(payload) or (_shape(body, response) if response else "")
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

    def _note(self, url: str, name: str) -> None:
        if len(self._known) < MAX_KNOWN:
            self._known[url] = name

    @staticmethod
    def _located(url: str, response: Response) -> str:
        """Where a resource that was made by this answer is (§7.3, §7.4)."""
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


def _named(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The URLs that a directory, an account, an order or an authorization holds, with what is there."""
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


def _shape(body: Mapping[str, Any], response: Response) -> str:
    """What an answer is, by its members (§7.1)."""
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


def _asked(payload: Mapping[str, Any] | None) -> str:
    """What a request is for, by what it says."""
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
