"""What moves, for tests."""

from typing import Any, Final

from app.handover.plan import Plan, PrivateKeys
from app.handover.proofs import Proof
from app.pki.certificate import read_chain
from tests.unit.chains import NOW, chain
from tests.unit.keys import native_key
from tests.unit.pki.test_jwk import FORM

DIRECTORY: Final = "https://acme-v02.api.letsencrypt.org/directory"
KEYS: Final = PrivateKeys(
    native_key(n=1).private.private_bytes(*FORM), native_key(n=1).public_spki, native_key(n=2).private.private_bytes(*FORM)
)


def plan(*names: str, proof: Proof = Proof("standalone"), **others: Any) -> Plan:  # noqa: B008 – frozen
    """A certificate of Let's Encrypt for `names`."""
    host = DIRECTORY.removesuffix("/directory")
    members: dict[str, Any] = {
        "chain": read_chain(chain(*names)),
        "directory": DIRECTORY,
        "account_url": f"{host}/acme/acct/1",
        "order_url": f"{host}/acme/order/1/2",
        "finalize_url": f"{host}/acme/finalize/1/2",
        "certificate_url": f"{host}/acme/cert/abc",
        "key_spec": "ec-p256",
        "account_spec": "ec-p256",
        "profile": "",
        "now": NOW.timestamp(),
    }
    return Plan(names=names, proof=proof, **{**members, **others})
