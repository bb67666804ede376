"""Caddy (tried with 2.11): the folder of its data, with `acme` for accounts and `certificates`."""

import json
import re
from typing import Final

from app.handover.client import Client, Step, unpack
from app.handover.plan import Plan, PrivateKeys
from app.handover.tar import Entry
from app.pki.private_key import traditional_pem

FOLDER: Final = "/var/lib/caddy/.local/share/caddy"
"""Where Caddy's own packages have it, as the user caddy."""

_ACCOUNT: Final = "default"  # what Caddy calls an account without an e-mail address
_LETS_ENCRYPT: Final = "https://acme-v02.api.letsencrypt.org/directory"


def issuer_key(directory: str) -> str:
    """How Caddy names the folders of a CA: the directory's URL in lower case, with "-" for what is special in paths."""
    return re.sub(r"[/:]", "-", directory.removeprefix("https://").lower())


def _entries(plan: Plan, keys: PrivateKeys) -> tuple[Entry, ...]:
    issuer, name = issuer_key(plan.directory), plan.main_name.replace("*", "wildcard_")
    account, certificate = f"acme/{issuer}/users/{_ACCOUNT}/{_ACCOUNT}", f"certificates/{issuer}/{name}/{name}"
    registration = {"status": "valid", "termsOfServiceAgreed": True, "location": plan.account_url}
    issued = {"url": plan.certificate_url, "ca": plan.directory, "account": plan.account_url}
    return (
        Entry(f"{account}.json", json.dumps(registration)),
        Entry(f"{account}.key", traditional_pem(keys.account)),
        Entry(f"{certificate}.crt", plan.chain.fullchain_pem),
        Entry(f"{certificate}.key", traditional_pem(keys.certificate)),
        Entry(f"{certificate}.json", json.dumps({"sans": [plan.main_name, *plan.other_names], "issuer_data": issued})),
    )


def _steps(plan: Plan, file: str) -> tuple[Step, ...]:
    return (
        Step("unpack", f"{unpack(file, FOLDER, sudo=True)} && sudo chown -R caddy:caddy {FOLDER}"),
        Step("settings", _caddyfile(plan)),
        Step("check", "caddy validate --config /etc/caddy/Caddyfile"),
        Step("schedule", "sudo systemctl reload caddy"),
    )


def _caddyfile(plan: Plan) -> str:
    """The lines of a Caddyfile with which Caddy uses this account and this certificate."""
    ca = f"{{\n\tacme_ca {plan.directory}\n}}\n\n" if plan.directory != _LETS_ENCRYPT else ""
    dns = "\n\ttls {\n\t\tdns PROVIDER TOKEN\n\t}" if plan.proof.method == "dns" else ""
    names = ", ".join((plan.main_name, *plan.other_names))
    return f'{ca}{names} {{{dns}\n\trespond "It works"\n}}\n'


CADDY: Final = Client("caddy", "Caddy", FOLDER, ("standalone", "dns"), _entries, _steps)
