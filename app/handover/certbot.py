"""certbot (tried with 5.8): its folder /etc/letsencrypt with `accounts`, `archive`, `live` and `renewal`."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Final

from app.encoding.key_types import KEY_TYPES
from app.handover.client import Client, Step, unpack
from app.handover.plan import Plan, PrivateKeys, is_ec
from app.handover.proofs import DNS_CODES, OWN_WAY, Proof
from app.handover.tar import Entry
from app.pki.jwk import to_jwk
from app.pki.pem import to_pem

FOLDER: Final = "/etc/letsencrypt"
ADD_SCRIPT: Final = f"{FOLDER}/dns-add"
REMOVE_SCRIPT: Final = f"{FOLDER}/dns-remove"

_FILES: Final = ("cert", "chain", "fullchain", "privkey")
_VERSION: Final = "5.8.0"
_WITHOUT_FILE: Final = "route53"  # takes its credentials from where Amazon's own tools have them
_CODES: Final = {id_: codes.certbot for id_, codes in DNS_CODES.items() if codes.certbot}


def account_id(public: bytes) -> str:
    """What certbot calls an account: a digest of its public key (DER SubjectPublicKeyInfo)."""
    return hashlib.md5(to_pem("PUBLIC KEY", public).encode("ascii"), usedforsecurity=False).hexdigest()


def _entries(plan: Plan, keys: PrivateKeys) -> tuple[Entry, ...]:
    name, id_ = plan.base_name, account_id(keys.account_public)
    account = "/".join(filter(None, ("accounts", plan.host, plan.path, id_)))
    made = datetime.fromtimestamp(plan.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = {"creation_dt": made, "creation_host": "keystay", "register_to_eff": None}
    chain = plan.chain
    contents = {
        "cert": chain.cert_pem,
        "chain": chain.chain_pem,
        "fullchain": chain.fullchain_pem,
        "privkey": to_pem("PRIVATE KEY", keys.certificate),
    }
    return (
        Entry(f"{account}/private_key.json", to_jwk(keys.account)),
        Entry(f"{account}/regr.json", json.dumps({"body": {}, "uri": plan.account_url})),
        Entry(f"{account}/meta.json", json.dumps(meta)),
        *(Entry(f"archive/{name}/{file}1.pem", contents[file], public=file != "privkey") for file in _FILES),
        *(Entry(f"live/{name}/{file}.pem", link=f"../../archive/{name}/{file}1.pem") for file in _FILES),
        Entry(f"renewal/{name}.conf", _renewal(plan, id_), public=True),
    )


def _renewal(plan: Plan, account: str) -> str:
    """The settings of the certificate. certbot takes its names from the certificate itself."""
    name = plan.base_name
    lines = [
        f"version = {_VERSION}",
        f"archive_dir = {FOLDER}/archive/{name}",
        *(f"{file} = {FOLDER}/live/{name}/{file}.pem" for file in _FILES),
        "",
        "[renewalparams]",
        f"account = {account}",
        f"server = {plan.directory}",
        *_key(plan),
        *([f"preferred_profile = {plan.profile}"] if plan.profile else []),
        *_proof(plan.proof, plan.names),
    ]
    return "\n".join(lines) + "\n"


def _key(plan: Plan) -> list[str]:
    key = KEY_TYPES[plan.key_spec]
    if is_ec(plan.key_spec):
        return ["key_type = ecdsa", f"elliptic_curve = secp{key.bits}r1"]
    return ["key_type = rsa", f"rsa_key_size = {key.bits}"]


def _proof(proof: Proof, names: tuple[str, ...]) -> list[str]:
    if proof.method == "webroot":
        served = [f"{name} = {proof.webroot}" for name in names]
        return ["authenticator = webroot", f"webroot_path = {proof.webroot},", "[[webroot_map]]", *served]
    if proof.method in ("nginx", "apache"):
        return [f"authenticator = {proof.method}", f"installer = {proof.method}"]
    if proof.method == "standalone":
        return ["authenticator = standalone"]
    if proof.provider == OWN_WAY:
        hooks = [f"manual_auth_hook = {ADD_SCRIPT}", f"manual_cleanup_hook = {REMOVE_SCRIPT}"]
        return ["authenticator = manual", "pref_challs = dns-01,", *hooks]
    plugin = _CODES[proof.provider]
    credentials = [] if plugin == _WITHOUT_FILE else [f"dns_{plugin}_credentials = {_credentials(plugin)}"]
    return [f"authenticator = dns-{plugin}", *credentials]


def _credentials(plugin: str) -> str:
    return f"{FOLDER}/{plugin}.{'json' if plugin == 'google' else 'ini'}"


def _steps(plan: Plan, file: str) -> tuple[Step, ...]:
    name, proof = plan.base_name, plan.proof
    credentials: tuple[Step, ...] = ()
    if proof.method == "dns" and proof.provider == OWN_WAY:
        credentials = (Step("credentials", f"{ADD_SCRIPT}\n{REMOVE_SCRIPT}"),)
    elif proof.method == "dns":
        plugin = _CODES[proof.provider]
        credentials = (
            Step("credentials", "" if plugin == _WITHOUT_FILE else f"sudo install -m 600 /dev/null {_credentials(plugin)}"),
        )
    return (
        Step("unpack", unpack(file, FOLDER, sudo=True)),
        *credentials,
        Step("check", f"sudo certbot renew --cert-name {name} --dry-run"),
        Step("use", f"{FOLDER}/live/{name}/fullchain.pem\n{FOLDER}/live/{name}/privkey.pem"),
        Step("schedule", "systemctl list-timers '*certbot*'"),
    )


CERTBOT: Final = Client(
    "certbot", "certbot", FOLDER, ("webroot", "nginx", "apache", "standalone", "dns"), _entries, _steps, _CODES
)
