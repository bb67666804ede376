"""Step 2: everything that must be published, grouped by place."""

from typing import Final
from urllib.parse import urlsplit

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile, txt_strings, url_host
from app.acme.identifier import Identifier
from app.issuance.issuance import Issuance
from app.text.prove import failed_title, missing_title, proven, publish_title
from app.ui.views import Card, FileCard, ProofTrouble, ProveModel, RecordCard, TlsCard

# Second-level labels under which countries register domains. They only shorten the name that is shown first, with the full
# name beside it, so a short list of common ones is enough.
_PUBLIC_SECOND_LEVELS: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ltd", "me", "net", "ne", "or", "org", "plc"})


_SERVE: Final = "sudo openssl s_server -quiet -accept 443 -alpn acme-tls/1 -cert {file} -key {file}"


def prove_view(issuance: Issuance, *, practice: bool) -> ProveModel:
    """Step 2 of `issuance`; `practice` tells that its CA has a record server that can be filled by a click."""
    publications = issuance.publications
    owners = {_place(proof.publication): proof for proof in issuance.proofs}
    cards = tuple(
        _card(publication, owner.identifier, issuance.kind_of(owner))
        for publication in publications
        for owner in (owners[_place(publication)],)
    )
    commands = "" if practice else "\n".join(_command(publication) for publication in publications)
    return ProveModel(issuance.choices.kinds, cards, commands, practice, issuance.state == "failed")


def trouble_of(issuance: Issuance) -> ProofTrouble:
    """What is wrong with the proofs of `issuance`."""
    if issuance.state == "failed":
        return "failed"
    if issuance.state not in ("proving", "verifying") or not any(proof.problem for proof in issuance.proofs):
        return ""
    return "again" if issuance.state == "proving" else "looking"


def prove_title(issuance: Issuance) -> str:
    """The heading of step 2: where the order stands."""
    missing = sum(bool(proof.problem) for proof in issuance.proofs)
    match trouble_of(issuance):
        case "":
            return publish_title()
        case "looking":
            return missing_title(missing)
        case "again" | "failed":
            return failed_title(missing)


def prove_summary(issuance: Issuance) -> str:
    """Step 2 in one line, once it is done."""
    return proven(issuance.kind_of(proof) for proof in issuance.proofs)


def _place(publication: Publication) -> str:
    """Where it is published: everything at one place is one card."""
    match publication:
        case DnsRecord(name, _):
            return name
        case WebFile(url, _):
            return url
        case TlsCertificate(identifier, _):
            return f"tls {identifier.value}"


def _card(publication: Publication, owner: Identifier, kind: str) -> Card:
    match publication:
        case DnsRecord(name, values):
            zone = zone_of(owner.base)
            host = name.removesuffix(f".{zone}")
            written = tuple(_in_strings(value) for value in values)
            return RecordCard(owner.base, kind, name, host, zone, written, long=written != values)
        case WebFile(url, body):
            folder, _, filename = urlsplit(url).path.rpartition("/")
            return FileCard(owner.base, kind, url, f"{folder}/", filename, body)
        case TlsCertificate(identifier, _):
            name = identifier.server_name
            return TlsCard(identifier.value, kind, name, f"{name}.pem", _SERVE.format(file=f"{name}.pem"))


def _in_strings(value: str) -> str:
    """A value as one types it: as it is, or in quoted parts where it is longer than a string of a TXT record may be."""
    strings = txt_strings(value)
    return value if len(strings) < 2 else " ".join(f'"{part}"' for part in strings)


def zone_of(name: str) -> str:
    """The domain that `name` is probably managed under: its last two parts, or three under suffixes such as co.uk."""
    labels = name.split(".")
    in_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_SECOND_LEVELS
    return ".".join(labels[-3:] if in_country else labels[-2:])


def _command(publication: Publication) -> str:
    match publication:
        case DnsRecord(name, _):
            return f"nslookup -type=TXT {name}"
        case WebFile(url, _):
            # Shells read the brackets of an IPv6 address as a pattern.
            return f"curl -L '{url}'" if "[" in url else f"curl -L {url}"
        case TlsCertificate(identifier, _):
            ask = f"-connect '{url_host(identifier)}:443' -servername {identifier.server_name} -alpn acme-tls/1"
            return f"openssl s_client {ask} </dev/null | openssl x509 -noout -text"
