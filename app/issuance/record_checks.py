"""Checks a record before anything in it is shown, sent or put into a command. Its members already have the right types.

A record comes from this browser's storage or from a backup, and someone else may have written either. Both must be as this page
writes them (`check_issuance`, `check_account`). A backup is untrusted, so its records must also pass what the form and the ACME
client check later (`check_restored`): names that a CA accepts, URLs of that CA only, a certificate for these names, no time in
the future.

Each check raises `RecordFaultError`, or `AddressError` for a URL.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.accounts.record_checks import check_account_id, check_past, check_url, is_word, require
from app.acme.challenge import DNS_TYPES, DnsRecord, Publication, TlsCertificate, WebFile, account_label, url_host
from app.acme.dns_persist import LABEL
from app.acme.identifier import Identifier, ip_text
from app.acme.urls import check_same_origin
from app.errors import CertificateError, InputError, ProtocolError, RecordFaultError, StorageError, UnreadableRecordError
from app.issuance.issuance import MAX_NAMES, Issuance, OrderOptions, Proof, WrittenTxt
from app.issuance.record import read_issuance
from app.pki.certificate import read_chain
from app.pki.certification_request import parse_request

MAX_CHAINS: Final = 16
MAX_TTL: Final = 604_800  # seconds; a week
MAX_CHAIN: Final = 1 << 22  # characters

_HOST: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]+(\.[a-z0-9_-]+)*")  # safe to show and in a command
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PROFILE: Final = re.compile(r"[!-~]{0,64}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{0,100000}={0,2}")
_RENEWAL_ID: Final = re.compile(r"([A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]{1,100})?")  # RFC 9773 §4.1
_TARGET: Final = re.compile(r"[a-z0-9-]{0,40}")
_PEM: Final = re.compile(r"[ -~\r\n\t]*")
_CERTIFICATES: Final = re.compile(r"(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+")
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url
_PROOF: Final = re.compile(r"(?P<token>[A-Za-z0-9_-]{1,255})\.(?P<thumbprint>[A-Za-z0-9_-]{43})")  # RFC 8555 §8.1
_PERSIST: Final = re.compile(  # app.acme.dns_persist.record_value
    r"[a-z0-9.-]{1,253}; accounturi=(?P<uri>[!-:<-~]{1,2500})(; policy=wildcard)?(; persistUntil=-?[0-9]{1,14})?"
)
_HASHED: Final = re.compile(r"[!-:<-~]*sha-256/[A-Za-z0-9_-]{43}")  # draft-ietf-acme-dns-persist-02 §3.1


def read_stored(record: Mapping[str, Any] | StorageError, id_: str) -> Issuance:
    """Read and check the record that is stored under `id_`. Raises `StorageError`, also one that is in place of the record."""
    if isinstance(record, StorageError):
        raise record
    issuance = read_checked(record)
    if issuance.id != id_:
        raise UnreadableRecordError("order-damaged", reason=RecordFaultError("record-under-another-name"))
    return issuance


def read_checked(record: Mapping[str, Any]) -> Issuance:
    """Read and check a record from storage or from a backup. Raises `StorageError` where it cannot be used."""
    issuance = read_issuance(record)
    try:
        check_issuance(issuance)
    except (RecordFaultError, ProtocolError) as error:
        raise UnreadableRecordError("order-damaged", reason=error) from error
    return issuance


def check_issuance(issuance: Issuance) -> None:
    """Refuse a record that this page would not have saved itself."""
    require(_ID.fullmatch(issuance.id), "order-id")
    _check_choices(issuance.choices)
    for url in (issuance.account_url, issuance.order_url):
        check_url(url, issuance.choices.directory)
    require(len(issuance.proofs) <= MAX_NAMES, "order-proof-count")
    for proof in issuance.proofs:
        _check_proof(issuance, proof)
    require(len(issuance.written) <= MAX_NAMES, "order-written-damaged")
    for written in issuance.written:
        _check_written(written)
    chains = (issuance.certificate_pem, *issuance.chains)
    require(len(chains) <= MAX_CHAINS, "order-chain-count")
    require(all(len(chain) <= MAX_CHAIN and _PEM.fullmatch(chain) for chain in chains), "order-certificate-damaged")


def _check_written(written: WrittenTxt) -> None:
    """What stands at a DNS service is removed by its name and values, so both must be such as an order writes."""
    names = all(_HOST.fullmatch(name) for name in (written.zone, written.name)) and written.name.endswith(f".{written.zone}")
    values = len(written.values) <= MAX_NAMES and all(map(_DIGEST.fullmatch, written.values))
    named = bool(_ID.fullmatch(written.service)) and 0 < written.min_ttl <= MAX_TTL
    require(named and names and values, "order-written-damaged")


def check_restored(issuance: Issuance, now: float) -> None:
    """Refuse a record from a backup with a URL of another host, a time after `now` or a certificate for other names."""
    directory = issuance.choices.directory
    for identifier in issuance.choices.identifiers:
        require(_is_certifiable(identifier), "order-name-not-certifiable")
        require(_suits(issuance.choices.kind_for(identifier), identifier), "order-challenge-unsuitable")
    proof_urls = (url for proof in issuance.proofs for url in (proof.authorization_url, proof.challenge_url))
    for url in (issuance.finalize_url, issuance.certificate_url, *issuance.authorization_urls, *proof_urls):
        check_url(url, directory)
    asked = issuance.window.asked if issuance.window else 0.0
    check_past((issuance.created, issuance.since, issuance.revoked, issuance.key_destroyed, asked), now)
    if issuance.window:
        require(issuance.window.start < issuance.window.end, "order-renewal-window")
    for chain in dict.fromkeys((issuance.certificate_pem, *issuance.chains)):
        _check_chain(issuance, chain)
    require(issuance.certificate_pem or issuance.state != "issued", "order-without-certificate")
    if issuance.choices.csr:
        _check_csr(issuance.choices)


def thumbprints(issuance: Issuance) -> set[str]:
    """The thumbprints of account keys that the proofs of `issuance` name. A DNS record has only a hash of its own."""
    proofs = {publication.body for publication in _publications(issuance) if isinstance(publication, WebFile)}
    proofs |= {publication.proof for publication in _publications(issuance) if isinstance(publication, TlsCertificate)}
    return {proof.rpartition(".")[2] for proof in proofs}


def _publications(issuance: Issuance) -> Iterable[Publication]:
    return (proof.publication for proof in issuance.proofs)


def _check_choices(choices: OrderOptions) -> None:
    check_same_origin(choices.directory, choices.directory)
    require(is_word(choices.ca), "record-ca-id")
    check_account_id(choices.account, choices.directory)
    require(0 < len(choices.identifiers) <= MAX_NAMES, "order-name-count")
    require(len(set(choices.identifiers)) == len(choices.identifiers), "order-name-twice")
    require(all(map(_is_safe, choices.identifiers)), "order-name-unusable")
    require(len(choices.challenges) <= MAX_NAMES, "order-challenge-count")
    require(all(_is_name(name) for name, _ in choices.challenges), "order-challenge-name")
    require(_PROFILE.fullmatch(choices.profile), "order-profile")
    require(_BASE64.fullmatch(choices.csr), "order-csr-damaged")
    require(_RENEWAL_ID.fullmatch(choices.replaces), "order-replaces")
    require(_TARGET.fullmatch(choices.target), "order-target")
    require(not choices.same_key_as or _ID.fullmatch(choices.same_key_as), "order-same-key")


def _is_safe(identifier: Identifier) -> bool:
    """Whether it can be shown, and put into a command."""
    if identifier.type == "ip":
        return _is_ip(identifier.value)
    return identifier.type == "dns" and bool(_HOST.fullmatch(identifier.base))


def _suits(kind: str, identifier: Identifier) -> bool:
    """Whether this challenge type can prove it: a wildcard needs a DNS record, and an address has none (RFC 8738 §7)."""
    by_dns = kind in DNS_TYPES
    return not by_dns if identifier.type == "ip" else by_dns or not identifier.is_wildcard


def _is_name(value: str) -> bool:
    return _is_ip(value) or bool(_HOST.fullmatch(value.removeprefix("*.")))


def _is_ip(value: str) -> bool:
    return ip_text(value) == value and "%" not in value and not value.startswith("::ffff:")


def _is_certifiable(identifier: Identifier) -> bool:
    """Whether the form takes it (app.ui.form.names): an address, or a name of two labels or more in ASCII."""
    labels = identifier.base.split(".")
    return identifier.type == "ip" or (len(labels) > 1 and not labels[-1].isdigit() and all(map(_is_label, labels)))


def _is_label(label: str) -> bool:
    """Whether a CA takes it as a label: letters, digits and hyphens; “--” in third place marks Punycode (RFC 5890)."""
    if not _LABEL.fullmatch(label):
        return False
    if label[2:4] != "--":
        return True
    try:
        return label.startswith("xn--") and bool(label[4:].encode("ascii").decode("punycode"))
    except UnicodeError:
        return False


def _check_proof(issuance: Issuance, proof: Proof) -> None:
    """Refuse a publication that does not follow from its name, a challenge type of the order and the account.

    The name may also be a parent of one that was ordered: a CA may accept a proof for that one instead (RFC 9444).
    """
    require(
        _is_safe(proof.identifier) and any(_covers(proof.identifier, name) for name in issuance.choices.identifiers),
        "order-proof-of-another-name",
    )
    if not any(_fits(kind, proof, issuance.account_url) for kind in issuance.choices.kinds):
        raise RecordFaultError("order-publication-foreign", name=proof.identifier.value)


def _covers(proven: Identifier, ordered: Identifier) -> bool:
    parent = "." in proven.base and proven.type == "dns" and ordered.base.endswith(f".{proven.base}")
    return proven.type == ordered.type and (proven.base == ordered.base or parent)


def _fits(kind: str, proof: Proof, account_url: str) -> bool:
    base = proof.identifier.base
    match kind, proof.publication:
        case "dns-01", DnsRecord(name, (value,)):
            return name == f"_acme-challenge.{base}" and bool(_DIGEST.fullmatch(value))
        case "dns-account-01", DnsRecord(name, (value,)):
            return name == f"_{account_label(account_url)}._acme-challenge.{base}" and bool(_DIGEST.fullmatch(value))
        case "dns-persist-01", DnsRecord(name, (value,)):
            found = _PERSIST.fullmatch(value)
            own = found and (found["uri"] == account_url or _HASHED.fullmatch(found["uri"]))
            return name == f"{LABEL}.{base}" and bool(own)
        case "http-01", WebFile(url, body):
            found = _PROOF.fullmatch(body)
            path = f"http://{url_host(proof.identifier)}/.well-known/acme-challenge/"
            return bool(found and url == f"{path}{found['token']}")
        case "tls-alpn-01", TlsCertificate(identifier, key_authorization):
            return identifier == proof.identifier and bool(_PROOF.fullmatch(key_authorization))
    return False


def _check_chain(issuance: Issuance, pem: str) -> None:
    """Refuse a chain that is not certificates only, the first for all names of the order; some CAs add names to these."""
    if not pem:
        return
    try:
        chain = read_chain(pem)
    except CertificateError as error:
        raise RecordFaultError("order-certificate-damaged") from error
    names = {identifier.value for identifier in issuance.choices.identifiers}
    require(_CERTIFICATES.fullmatch(pem), "order-certificate-with-something-else")
    require(names.issubset(chain.certificate.names), "order-certificate-for-other-names")


def _check_csr(choices: OrderOptions) -> None:
    try:
        request = parse_request(choices.csr_der)
    except (InputError, ValueError) as error:
        raise RecordFaultError("order-csr-damaged") from error
    names = {identifier.value for identifier in choices.identifiers}
    require(set(request.names) == names, "order-csr-for-other-names")
