"""lego 4 (tried with 4.9.1 and 4.35.2): its folder .lego with `accounts` and `certificates`."""

import json
from typing import Final

from app.handover import lego
from app.handover.client import Client, Step, unpack
from app.handover.lego import ACCOUNT, CODES, FOLDER
from app.handover.plan import Plan, PrivateKeys, go_key_type
from app.handover.tar import Entry
from app.pki.private_key import traditional_pem


def _entries(plan: Plan, keys: PrivateKeys) -> tuple[Entry, ...]:
    folder = f"{lego.server_folder(plan)}/{ACCOUNT}"
    registration = {"body": {"status": "valid"}, "uri": plan.account_url}
    certificate = {"domain": plan.main_name, "certUrl": plan.certificate_url, "certStableUrl": plan.certificate_url}
    return (
        Entry(f"{folder}/account.json", json.dumps({"email": ACCOUNT, "registration": registration})),
        Entry(f"{folder}/keys/{ACCOUNT}.key", traditional_pem(keys.account)),  # lego before 4.10 reads no PKCS#8
        *lego.certificate_files(plan, keys),
        Entry(f"certificates/{lego.file_base(plan)}.json", json.dumps(certificate)),
    )


def _steps(plan: Plan, file: str) -> tuple[Step, ...]:
    command = (
        f"lego --path {FOLDER} --server {plan.directory} --email {ACCOUNT} --key-type {go_key_type(plan.key_spec).lower()} "
        f"{lego.domains(plan)} {lego.proof_options(plan)} renew --days 30"
    )
    return lego.steps(plan, unpack(file, FOLDER), command)


LEGO4: Final = Client("lego4", "lego 4", FOLDER, ("webroot", "standalone", "dns"), _entries, _steps, CODES)
