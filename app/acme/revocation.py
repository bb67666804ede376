"""Revocation (RFC 8555 §7.6): a certificate is declared void before its time."""

from collections.abc import Mapping
from typing import Final

from app.acme.client import Client
from app.acme.jws import b64url
from app.acme.problem import ProblemError
from app.errors import NotOfferedError

REASONS: Final[Mapping[int, str]] = {
    0: "no reason given",
    1: "the private key became known to others",
    4: "it is replaced by another certificate",
    5: "the names are not in use any more",
}
"""The reason codes (RFC 5280 §5.3.1) that Let's Encrypt takes from subscribers; other CAs take them too."""


async def revoke(client: Client, certificate: bytes, reason: int) -> None:
    """Revoke the DER `certificate` for the `reason` of `REASONS`.

    Signed by the client's key: the account's where the client has an account, else it must be the certificate's own (no
    account is needed then). Raises what `Client.post` raises, with the problem `alreadyRevoked` where that is so, and
    `NotOfferedError` for a CA without revocation.
    """
    url = client.directory.revoke_cert
    if url is None:
        raise NotOfferedError("revocation")
    try:
        await client.post(url, {"certificate": b64url(certificate), "reason": reason})
    except ProblemError as error:
        if error.problem.is_not_offered:
            raise NotOfferedError("revocation", detail=error.detail) from error
        raise
