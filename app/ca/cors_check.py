"""Tests whether a page can use a CA at all: whether it can read the directory, and the Replay-Nonce header of a nonce.

Browsers show a page only what the CA's CORS headers allow. Some CAs send none. Others let pages read their responses, but not
the one header that every signed request needs (ZeroSSL: no Access-Control-Expose-Headers). Two requests that contain nothing –
no name, no key, no account – show both.

A module of its own, because `app.ca.catalog` has facts only and sends nothing.
"""

from app.acme.directory import Directory, read_directory
from app.acme.nonce import new_nonce
from app.ca.catalog import CertificateAuthority
from app.ports import Clock, Http


async def check_cors(http: Http, clock: Clock, authority: CertificateAuthority) -> Directory:
    """The CORS test, before a CA is used. Returns its directory; raises what `read_directory` and `new_nonce` raise."""
    directory = await read_directory(http, clock, authority)
    await new_nonce(http, clock, authority, directory)
    return directory
