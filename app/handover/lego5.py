"""lego 5 (tried with 5.6.0): its folder .lego, with another layout of accounts than lego 4."""

import json
from typing import Final

from app.handover import lego
from app.handover.client import Client, Step, unpack
from app.handover.lego import ACCOUNT, CODES, FOLDER
from app.handover.plan import Plan, PrivateKeys, go_key_type
from app.handover.tar import Entry
from app.pki.pem import to_pem


def _entries(plan: Plan, keys: PrivateKeys) -> tuple[Entry, ...]:
    folder = f"{lego.server_folder(plan)}/{ACCOUNT}"
    account = {
        "id": ACCOUNT,
        "email": "",
        "keyType": go_key_type(plan.account_spec),
        "server": plan.directory,
        "registration": {"status": "valid", "accountURL": plan.account_url},
    }
    certificate = {
        "id": plan.main_name,
        "domains": [plan.main_name, *plan.other_names],
        "keyType": go_key_type(plan.key_spec),
        "certUrl": plan.certificate_url,
        "certStableUrl": plan.certificate_url,
    }
    return (
        Entry(f"{folder}/account.json", json.dumps(account)),
        Entry(f"{folder}/{ACCOUNT}.key", to_pem("PRIVATE KEY", keys.account)),
        *lego.certificate_files(plan, keys),
        Entry(f"certificates/{lego.file_base(plan)}.json", json.dumps(certificate)),
    )


def _steps(plan: Plan, file: str) -> tuple[Step, ...]:
    profile = f" --profile {plan.profile}" if plan.profile else ""
    command = (
        f"lego run --path {FOLDER} --server {plan.directory} --account-id {ACCOUNT} --key-type {go_key_type(plan.key_spec)} "
        f"{lego.domains(plan)} {lego.proof_options(plan)}{profile}"
    )
    return lego.steps(plan, unpack(file, FOLDER), command)


LEGO5: Final = Client("lego5", "lego 5", FOLDER, ("webroot", "standalone", "dns"), _entries, _steps, CODES)
