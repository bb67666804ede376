"""Saved records for tests."""

from dataclasses import replace
from typing import Any, Final

from app.accounts.stored_account import RECORD_PREFIX
from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance, OrderOptions
from app.ports import KeySpec

DIRECTORY: Final = "https://ca.example/dir"

Others = tuple[tuple[str, str], ...]

CA: Final = CertificateAuthority(
    id="test",
    name="Test CA",
    directory=DIRECTORY,
    terms="https://ca.example/terms",
    failed_validations="Test CA allows five failed tries in an hour.",
)


def choices(*names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256") -> OrderOptions:
    """What a person asks `CA` for."""
    identifiers = tuple(Identifier("dns", name) for name in names)
    return OrderOptions(identifiers, CA.id, CA.directory, CA.directory, challenge, key, terms_agreed=True)


def record(*names: str, challenge: str = "dns-01", others: Others = (), **fields: Any) -> Issuance:
    """A record for `names` with `fields` filled in; `others` are the names with another kind of proof."""
    wanted = replace(choices(*names, challenge=challenge), challenges=others)
    return Issuance(**{"id": "1", "created": 1000.0, "since": 1001.0, "choices": wanted, **fields})


def account_key(issuance: Issuance) -> str:
    """The key store's name for the first key of the account that `issuance` goes by: one account a CA."""
    return RECORD_PREFIX + issuance.choices.directory
