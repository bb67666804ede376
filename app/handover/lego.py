"""What lego 4 and lego 5 have in common: their folder, the files of a certificate, and their options."""

from typing import Final

from app.handover.client import Step
from app.handover.plan import Plan, PrivateKeys
from app.handover.proofs import DNS_CODES, OWN_WAY
from app.handover.tar import Entry
from app.pki.private_key import traditional_pem

FOLDER: Final = "~/.lego"
ACCOUNT: Final = "noemail@example.com"
"""What lego calls an account without an e-mail address. It is a name here: no mail goes there, and no CA hears of it."""

OWN_SCRIPT: Final = "exec"
"""lego's provider that calls a program of one's own."""

CODES: Final = {id_: codes.lego for id_, codes in DNS_CODES.items() if codes.lego}


def server_folder(plan: Plan) -> str:
    """The folder of the CA's accounts."""
    return f"accounts/{plan.host.replace(':', '_')}"


def file_base(plan: Plan) -> str:
    """How the files of the certificate begin."""
    return plan.main_name.replace("*", "_")


def certificate_files(plan: Plan, keys: PrivateKeys) -> tuple[Entry, ...]:
    """The certificate with its chain, the chain, and the key."""
    base = f"certificates/{file_base(plan)}"
    return (
        Entry(f"{base}.crt", plan.chain.fullchain_pem),
        Entry(f"{base}.issuer.crt", plan.chain.chain_pem),
        Entry(f"{base}.key", traditional_pem(keys.certificate)),
    )


def domains(plan: Plan) -> str:
    """The options that name the certificate's names."""
    names = (plan.main_name, *plan.other_names)
    return " ".join(f"--domains '{name}'" if name.startswith("*") else f"--domains {name}" for name in names)


def proof_options(plan: Plan) -> str:
    """The options that say how to prove control."""
    proof = plan.proof
    if proof.method == "dns":
        return f"--dns {OWN_SCRIPT if proof.provider == OWN_WAY else CODES[proof.provider]}"
    return f"--http --http.webroot {proof.webroot}" if proof.method == "webroot" else "--http"


def steps(plan: Plan, unpacking: str, command: str) -> tuple[Step, ...]:
    """What to do: `unpacking` the archive, and the `command` that renews when it is time, by default after a random pause."""
    base = f"{FOLDER}/certificates/{file_base(plan)}"
    code = proof_options(plan).partition(" ")[2]
    return (
        Step("unpack", unpacking),
        *([Step("credentials", f"lego dnshelp -c {code}")] if plan.proof.method == "dns" else []),
        Step("check", f"{command} --no-random-sleep"),
        Step("use", f"{base}.crt\n{base}.key"),
        Step("schedule", f"23 4 * * * {command}"),
    )
