"""The directory: the URLs of a CA's resources (RFC 8555 §7.1.1)."""

from dataclasses import dataclass
from typing import Final, Protocol

from app.acme.problem import UNTYPED, Problem, ProblemError, parse_problem
from app.acme.response import AcmeResponse
from app.encoding.strict_json import read_json
from app.errors import KeystayError, ProtocolError
from app.ports import Clock, Http, Request

MAX_IDENTITIES: Final = 20
"""How many names by which CAA records name a CA are read."""


class AcmeServer(Protocol):
    """What the protocol must know about a CA."""

    @property
    def directory(self) -> str:
        """The URL of its directory."""
        ...

    def relay_url(self, url: str) -> str:
        """Where a request for the CA's `url` is sent. Raises `AddressError` for a URL that is not the CA's own."""
        ...


class NoDirectoryError(ProtocolError):
    """A refusal without an ACME error type came in place of the directory: `status` is its HTTP status."""

    def __init__(self, code: str, *, detail: str = "", status: int) -> None:
        super().__init__(code, detail=detail, status=status)
        self.status = status


@dataclass(frozen=True)
class Directory:
    """A CA's URLs and metadata. All URLs are absolute, as the CA wrote them.

    `profiles` maps a profile's name to its description (draft-ietf-acme-profiles §3). `revoke_cert` (RFC 8555 §7.6),
    `key_change` (§7.3.5) and `renewal_info` (RFC 9773 §4.1) are None at CAs that do not offer them. `account_hash_prefix` is
    for dns-persist-01 (draft-ietf-acme-dns-persist-02 §3.1), "" where the CA has none. `caa_identities` are the domain names by
    which CAA records name the CA (RFC 8555 §9.7.6).
    """

    new_nonce: str
    new_account: str
    new_order: str
    terms_of_service: str | None
    external_account_required: bool
    profiles: dict[str, str]
    revoke_cert: str | None = None
    renewal_info: str | None = None
    account_hash_prefix: str = ""
    key_change: str | None = None
    caa_identities: tuple[str, ...] = ()

    @classmethod
    def parse(cls, body: bytes) -> "Directory":
        """Read a directory from JSON. Raises `ProtocolError` where a member that every order needs is missing.

        Any other malformed member counts as absent.
        """
        fields = read_json(body, "directory")
        members = fields.optional
        meta = members.child("meta").optional
        return cls(
            new_nonce=fields.text("newNonce"),
            new_account=fields.text("newAccount"),
            new_order=fields.text("newOrder"),
            terms_of_service=meta.text("termsOfService") or None,
            external_account_required=meta.flag("externalAccountRequired"),
            profiles=meta.described("profiles"),
            revoke_cert=members.text("revokeCert") or None,
            renewal_info=members.text("renewalInfo") or None,
            key_change=members.text("keyChange") or None,
            account_hash_prefix=meta.text("accountHashPrefix"),
            caa_identities=tuple(name for name in meta.texts("caaIdentities") if name)[:MAX_IDENTITIES],
        )


async def read_directory(http: Http, clock: Clock, server: AcmeServer) -> Directory:
    """The CA's directory (RFC 8555 §7.1.1).

    Raises `NetworkError` where the CA cannot be reached or sends no CORS headers, `ProblemError` and `UnavailableError` where
    it refuses, `NoDirectoryError` and other kinds of `ProtocolError` where the response is not that of an ACME server.
    """
    received = await http.send(Request("GET", server.relay_url(server.directory)))
    response = AcmeResponse(server.directory, received, clock.now())
    if response.status >= 400:
        raise _no_directory(parse_problem(response))
    response.check_whole()
    return Directory.parse(response.body)


def _no_directory(problem: Problem) -> KeystayError:
    """A refusal without an ACME error type is what any web server sends for a URL that is not a directory."""
    if problem.type != UNTYPED:
        return ProblemError(problem)
    return NoDirectoryError("no-directory", detail=problem.detail, status=problem.status or 0)
