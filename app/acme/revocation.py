"""Revocation (RFC 8555 §7.6): a certificate is declared void before it expires."""

from typing import Final

from app.acme.client import Client
from app.acme.problem import ProblemError
from app.encoding.base64url import b64url
from app.errors import NotOfferedError

REASONS: Final = (0, 1, 4, 5)
"""The reason codes (RFC 5280 §5.3.1) that Let's Encrypt accepts from subscribers, and other CAs as well: unspecified,
keyCompromise, superseded, cessationOfOperation."""

KEY_COMPROMISE: Final = 1
"""The reason after which a key must not be in any certificate: somebody else may have it."""


async def revoke(client: Client, certificate: bytes, reason: int) -> None:
    """Revoke the DER `certificate` for the `reason`, one of `REASONS`.

    The request is signed by the client's key: the account's where the client has an account, else the certificate's own (which
    needs no account). Raises what `Client.post` raises, with the problem `alreadyRevoked` for a revoked certificate, and
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
