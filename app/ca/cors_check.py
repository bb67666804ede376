"""Finds out whether a page can use a CA at all: can it read the directory, and a nonce *with* its Replay-Nonce header.

Browsers show a page only what the CA's CORS headers allow. Some CAs send none. Some let their answers be read, but not the
one header that every signed request needs (ZeroSSL: no Access-Control-Expose-Headers). Two requests that carry nothing – no name,
no key, no account – tell both.
"""

from app.acme.directory import Directory, read_directory
from app.acme.nonce import new_nonce
from app.ca.catalog import CertificateAuthority
from app.ports import Clock, Http


async def check_cors(http: Http, clock: Clock, authority: CertificateAuthority) -> Directory:
    """The CORS test, before a CA is used. Returns its directory where all is well; raises as the two steps above do."""
    directory = await read_directory(http, clock, authority)
    await new_nonce(http, clock, authority, directory)
    return directory
