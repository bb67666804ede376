"""acme.sh (tried with 3.1.4): its folder ~/.acme.sh with a folder for the CA, and one for the certificate."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from app.encoding.key_types import KEY_TYPES
from app.errors import InputError
from app.handover.client import Client, Step, unpack
from app.handover.plan import Plan, PrivateKeys, is_ec
from app.handover.proofs import DNS_CODES, OWN_WAY, Proof
from app.handover.tar import Entry
from app.pki.private_key import traditional_pem

FOLDER: Final = "~/.acme.sh"
PROGRAM: Final = f"{FOLDER}/acme.sh"
OWN_HOOK: Final = "dns_myapi"
"""What acme.sh calls the model of a hook that one writes oneself."""

_CODES: Final = {id_: codes.acme_sh for id_, codes in DNS_CODES.items() if codes.acme_sh}


def _entries(plan: Plan, keys: PrivateKeys) -> tuple[Entry, ...]:
    key = traditional_pem(keys.account)
    host = urlsplit(plan.directory).hostname or ""
    ca = "/".join(filter(None, ("ca", host, plan.path)))
    digest = base64.b64encode(hashlib.sha256(key.encode("ascii")).digest()).decode("ascii")
    name, folder = plan.main_name, f"{plan.main_name}{'_ecc' if is_ec(plan.key_spec) else ''}"
    return (
        Entry(f"{ca}/account.key", key),
        Entry(f"{ca}/account.json", json.dumps({"status": "valid"})),
        Entry(f"{ca}/ca.conf", _settings({"ACCOUNT_URL": plan.account_url, "CA_KEY_HASH": digest, "CA_EMAIL": ""})),
        Entry(f"{folder}/{name}.key", traditional_pem(keys.certificate)),
        Entry(f"{folder}/{name}.cer", plan.chain.cert_pem, public=True),
        Entry(f"{folder}/ca.cer", plan.chain.chain_pem, public=True),
        Entry(f"{folder}/fullchain.cer", plan.chain.fullchain_pem, public=True),
        Entry(f"{folder}/{name}.conf", _settings(_certificate(plan))),
    )


def _certificate(plan: Plan) -> Mapping[str, str]:
    """The settings of the certificate; a new key at each renewal, as this page makes them."""
    bits = KEY_TYPES[plan.key_spec].bits
    return {
        "Le_Domain": plan.main_name,
        "Le_Alt": ",".join(plan.other_names) or "no",
        "Le_Webroot": _webroot(plan.proof),
        "Le_PreHook": "",
        "Le_PostHook": "",
        "Le_RenewHook": "",
        "Le_API": plan.directory,
        "Le_Keylength": f"ec-{bits}" if is_ec(plan.key_spec) else str(bits),
        "Le_OrderFinalize": plan.finalize_url,
        "Le_LinkOrder": plan.order_url,
        "Le_LinkCert": plan.certificate_url,
        "Le_CertCreateTime": str(int(plan.chain.certificate.not_before.timestamp())),
        "Le_NextRenewTime": str(plan.due),
        "Le_ForceNewDomainKey": "1",
        **({"Le_Certificate_Profile": plan.profile} if plan.profile else {}),
    }


def _webroot(proof: Proof) -> str:
    if proof.method == "dns":
        return OWN_HOOK if proof.provider == OWN_WAY else _CODES[proof.provider]
    return proof.webroot if proof.method == "webroot" else "no"


def _settings(values: Mapping[str, str]) -> str:
    """Settings that a shell reads. Raises `InputError` for a value that would be more than a text to it."""
    for value in values.values():
        if "'" in value or not value.isprintable():
            raise InputError("move-out-odd-text", detail=value[:200])
    return "".join(f"{name}='{value}'\n" for name, value in values.items())


def _steps(plan: Plan, file: str) -> tuple[Step, ...]:
    kind = " --ecc" if is_ec(plan.key_spec) else ""
    name = f"'{plan.main_name}'" if plan.main_name.startswith("*") else plan.main_name
    files = f"--fullchain-file /etc/ssl/{plan.base_name}.pem --key-file /etc/ssl/{plan.base_name}.key"
    return (
        Step("unpack", unpack(file, FOLDER)),
        *([Step("credentials", _webroot(plan.proof))] if plan.proof.method == "dns" else []),
        Step("check", f"{PROGRAM} --renew -d {name}{kind} --force"),
        Step("use", f'{PROGRAM} --install-cert -d {name}{kind} {files} --reloadcmd "systemctl reload nginx"'),
        Step("schedule", f"{PROGRAM} --install-cronjob"),
    )


ACME_SH: Final = Client("acme.sh", "acme.sh", FOLDER, ("webroot", "standalone", "dns"), _entries, _steps, _CODES)
