"""What moves to a program on a server: the account, the certificate, the keys, and how it will prove control from then on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.encoding.key_types import KEY_TYPES
from app.errors import InputError
from app.handover.proofs import Proof
from app.pki.certificate import Chain
from app.ports import KeySpec

# Programs evaluate their settings as a shell does, or split them at commas: so a stranger's text has these characters or none.
_URL: Final = re.compile(r"https://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9/._~%?=&+@:-]*)?")
_NAME: Final = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_WORD: Final = re.compile(r"[A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Plan:
    """What moves, without its keys: nothing here is secret.

    `names` are the ordered names, without addresses. `directory`, `account_url`, `order_url`, `finalize_url` and
    `certificate_url` are the CA's URLs. `key_spec` is the kind of the certificate's key, `account_spec` that of the account's.
    `profile` is the CA's name of the certificate profile, or "". `now` is in Unix seconds.
    """

    names: tuple[str, ...]
    chain: Chain
    directory: str
    account_url: str
    order_url: str
    finalize_url: str
    certificate_url: str
    key_spec: KeySpec
    account_spec: KeySpec
    profile: str
    proof: Proof
    now: float

    @property
    def main_name(self) -> str:
        """The name after which programs call the certificate: the first without a `*.`, or else the first."""
        return next((name for name in self.names if not name.startswith("*.")), self.names[0])

    @property
    def other_names(self) -> tuple[str, ...]:
        """All names but `main_name`."""
        return tuple(name for name in self.names if name != self.main_name)

    @property
    def base_name(self) -> str:
        """`main_name` without `*.`."""
        return self.main_name.removeprefix("*.")

    @property
    def host(self) -> str:
        """Host of the directory, with its port where the URL has one."""
        return urlsplit(self.directory).netloc

    @property
    def path(self) -> str:
        """Path of the directory, without slashes around it."""
        return urlsplit(self.directory).path.strip("/")

    @property
    def due(self) -> int:
        """When two thirds of the certificate's life are over, in Unix seconds."""
        since, until = (moment.timestamp() for moment in (self.chain.certificate.not_before, self.chain.certificate.not_after))
        return int(since + (until - since) * 2 / 3)

    @property
    def file_name(self) -> str:
        """What the archive's name ends with."""
        return self.base_name


@dataclass(frozen=True)
class PrivateKeys:
    """The private keys that move (DER PKCS#8), and the account's public key (DER SubjectPublicKeyInfo)."""

    account: bytes
    account_public: bytes
    certificate: bytes


def check_plan(plan: Plan) -> Plan:
    """`plan`, unless a URL, a name or the profile has a character with which it could be more than that in settings.

    Raises `InputError`.
    """
    urls = [plan.directory, plan.account_url, plan.order_url, plan.finalize_url, plan.certificate_url]
    _check(_URL, [url for url in urls if url])
    _check(_NAME, plan.names)
    _check(_WORD, [plan.profile])
    return plan


def _check(pattern: re.Pattern[str], texts: Sequence[str]) -> None:
    for text in texts:
        if not pattern.fullmatch(text) or ".." in text:
            raise InputError("move-out-odd-text", detail=text[:200])


def is_ec(spec: KeySpec) -> bool:
    """Whether `spec` is a kind of EC key."""
    return KEY_TYPES[spec].curve is not None


def go_key_type(spec: KeySpec) -> str:
    """What lego calls a kind of key, such as EC256 or RSA2048."""
    return f"{'EC' if is_ec(spec) else 'RSA'}{KEY_TYPES[spec].bits}"
