"""deSEC, played from its documents (https://desec.readthedocs.io, 2026): as much of its API as the page uses, and its refusals.

It is not deSEC: what it does was written by us after what deSEC says that it does, under “DNS management”, “Manage tokens” and
“Rate limits”. CORS is as in its settings: every origin, Authorization allowed, no further header exposed.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from app.errors import NetworkError
from app.ports import Request, Response

API: Final = "https://desec.io/api/v1/"
TOKEN: Final = "i-T3b1h4vUbXMZbFZyPLRG6vBCpk"  # noqa: S105 – a test's, as long as theirs
MIN_TTL: Final = 3600
CORS: Final = {"access-control-allow-origin": "*"}

Policy = tuple[str | None, str | None, str | None]
"""What a token may write: domain, subname and type; None is any."""

_SUBNAME: Final = re.compile(r"(\*|[a-z0-9_-]+)(\.[a-z0-9_-]+)*|")
_TXT: Final = re.compile(r'"[^"\\]{0,255}"')


@dataclass
class PlayedDesec:
    """One account with `domains`. `tokens` are valid, each with what it may write, or None for everything.

    `limit` is how many writes are left before it throttles. `fails` is a status that it answers with from now on, or 0; with
    `silent`, nothing comes. `on_change` is called with a name and its TXT values after each change, to publish them.
    """

    domains: list[str] = field(default_factory=lambda: ["shop-owner.dedyn.io"])
    tokens: dict[str, list[Policy] | None] = field(default_factory=lambda: {TOKEN: None})
    limit: int = 300
    fails: int = 0
    silent: bool = False
    on_change: Callable[[str, list[str]], None] = lambda *_: None
    sets: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        return self.answer(request)

    def answer(self, request: Request) -> Response:
        """What comes back. Raises `NetworkError` where it is `silent`."""
        self.requests.append(request)
        if self.silent:
            raise NetworkError(request.url, detail="Failed to fetch")
        if self.fails:
            return Response(self.fails, dict(CORS), b"<h1>Bad gateway</h1>")
        headers = {name.lower(): value for name, value in request.headers.items()}
        token = headers.get("authorization", "").removeprefix("Token ")
        if token not in self.tokens:
            return _json(401, {"detail": "Invalid token."})
        parts = urlsplit(request.url.removeprefix(API))
        match parts.path.split("/"):
            case ["domains", ""]:
                return self._list(parse_qs(parts.query).get("owns_qname", [""])[0])
            case ["domains", name, "rrsets", ""] if unquote(name) in self.domains:
                if request.method == "GET":
                    return self._read(unquote(name), parse_qs(parts.query).get("type", [""])[0])
                return self._write(unquote(name), self.tokens[token], request.body)
        return _json(404, {"detail": "Not found."})

    def values(self, name: str) -> list[str]:
        """The TXT values at `name`, without quotes."""
        return next(
            (_values(rrset) for rrset in self.sets.values() if rrset["name"] == f"{name}." and rrset["type"] == "TXT"), []
        )

    def _list(self, qname: str) -> Response:
        names = self.domains
        if qname:
            above = [name for name in names if f".{qname}".endswith(f".{name}")]
            names = sorted(above, key=len)[-1:]
        return _json(200, [{"name": name, "minimum_ttl": MIN_TTL, "created": "2026-11-27T00:00:00Z"} for name in names])

    def _read(self, domain: str, kind: str) -> Response:
        found = [rrset for (zone, _, of), rrset in self.sets.items() if zone == domain and of == (kind or of)]
        return _json(200, found)

    def _write(self, domain: str, policies: list[Policy] | None, body: bytes) -> Response:
        """A bulk PATCH: all or nothing."""
        wanted = json.loads(body)
        if not all(_may_write(policies, domain, one) for one in wanted):
            return _json(403, {"detail": "You do not have permission to perform this action."})
        if self.limit <= 0:
            said = {"detail": "Request was throttled. Expected available in 90 seconds."}
            return _json(429, said)  # with Retry-After: 90, which CORS does not expose
        errors = [_errors(one) for one in wanted]
        if any(errors):
            return _json(400, errors)
        self.limit -= 1
        for one in wanted:
            self._apply(domain, one)
        return _json(200, [one for one in wanted if one["records"]])

    def _apply(self, domain: str, one: dict[str, Any]) -> None:
        key = (domain, one.get("subname", ""), one["type"])
        name = f"{one.get('subname', '')}.{domain}".lstrip(".")
        if one["records"]:
            self.sets[key] = {**one, "domain": domain, "name": f"{name}."}
        else:
            self.sets.pop(key, None)
        self.on_change(name, self.values(name))


def _values(rrset: dict[str, Any]) -> list[str]:
    return [record.strip('"') for record in rrset["records"]]


def _may_write(policies: list[Policy] | None, domain: str, one: dict[str, Any]) -> bool:
    """Deny by default for a token with policies; the order of priorities does not matter here, since all of them allow."""
    wanted = (domain, one.get("subname", ""), one["type"])
    return policies is None or any(
        all(rule in (None, value) for rule, value in zip(policy, wanted, strict=True)) for policy in policies
    )


def _errors(one: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not _SUBNAME.fullmatch(one.get("subname", "")) or len(one.get("subname", "")) > 178:
        found["subname"] = ["Subname can only use (lowercase) a-z, 0-9, ., -, and _."]
    if one["records"] and not MIN_TTL <= one.get("ttl", 0) <= 86_400:
        found["ttl"] = [f"Ensure this value is greater than or equal to {MIN_TTL}."]
    if one["type"] == "TXT" and not all(_TXT.fullmatch(record) for record in one["records"]):
        found["records"] = ["Record content malformed."]
    return found


def _json(status: int, body: object) -> Response:
    return Response(status, {"content-type": "application/json", **CORS}, json.dumps(body).encode())
