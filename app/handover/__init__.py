"""Moving to a program that renews by itself on a server: one module for each, and the registry of all.

A new program is one module here, one entry in `CLIENTS`, an `<option>` in index.html, and the words of its steps in
`app/text/move_out.py`. Everything in a file that a program reads as settings passes `check_plan`.
"""

from typing import Final

from app.handover.acme_sh import ACME_SH
from app.handover.caddy import CADDY
from app.handover.certbot import CERTBOT
from app.handover.client import Client
from app.handover.lego4 import LEGO4
from app.handover.lego5 import LEGO5
from app.handover.plan import Plan, PrivateKeys, check_plan
from app.handover.proofs import DNS_PREFIX, OWN_WAY
from app.handover.tar import tar_file
from app.pki.formats.file import File

CLIENTS: Final = {client.id: client for client in (CERTBOT, ACME_SH, LEGO4, LEGO5, CADDY)}
"""By the value of the page's `move-out` hook."""

_OPEN_FOLDERS: Final = ("renewal",)  # certbot's own mode for it


def archive_name(client: Client, plan: Plan) -> str:
    """What the archive for `client` is called."""
    return f"keystay-{client.id}-{plan.file_name}.tar"


def archive(client: Client, plan: Plan, keys: PrivateKeys) -> File:
    """The archive to unpack in the folder of `client`. Raises `InputError` where `check_plan` does."""
    return tar_file(archive_name(client, plan), client.entries(check_plan(plan), keys), plan.now, _OPEN_FOLDERS)


def proofs_of(client: Client, names: tuple[str, ...]) -> tuple[str, ...]:
    """The values of the page's `move-out-proof` hook: the ways in which `client` can prove control of `names`.

    For a wildcard only records in the DNS can (RFC 8555 §8.4 and the CAs' rules).
    """
    with_wildcard = any(name.startswith("*.") for name in names)
    direct = [method for method in client.methods if method != "dns" and not with_wildcard]
    return (*direct, *(f"{DNS_PREFIX}{id_}" for id_ in (*client.dns_codes, OWN_WAY)))
