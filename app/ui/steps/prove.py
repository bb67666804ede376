"""Step 2: everything that must be published, grouped by place."""

from typing import Final

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile, url_host
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices
from app.issuance.issuance import Issuance
from app.ui.steps.files import file_card, tls_card
from app.ui.steps.prove_models import Card, ProofTrouble, ProveModel
from app.ui.steps.records import records_model

NO_PROVIDER: Final = ProviderChoices()


def prove_view(issuance: Issuance, dns: ProviderChoices = NO_PROVIDER, ca: str = "", *, practice: bool) -> ProveModel:
    """Step 2 of `issuance`, with DNS records as the providers of `dns` want them; `ca` is the name of its CA.

    `practice` tells that its CA has a record server that can be filled by a click.
    """
    publications = issuance.publications
    owners = {_place(proof.publication): proof for proof in issuance.proofs}
    records = records_model(issuance, dns, ca)
    others = tuple(
        _card(publication, owner.identifier, issuance.kind_of(owner))
        for publication in publications
        for owner in (owners[_place(publication)],)
        if not isinstance(publication, DnsRecord)
    )
    commands = "" if practice else "\n".join(_command(publication) for publication in publications)
    cards = (*records.cards, *others)
    return ProveModel(issuance.choices.kinds, cards, records, commands, practice, issuance.state == "failed")


def trouble_of(issuance: Issuance) -> ProofTrouble:
    """What is wrong with the proofs of `issuance`."""
    if issuance.state == "failed":
        return "failed"
    if issuance.state not in ("proving", "verifying") or not any(proof.problem for proof in issuance.proofs):
        return ""
    return "again" if issuance.state == "proving" else "looking"


def _place(publication: Publication) -> str:
    """Where it is published: everything at one place is one card."""
    match publication:
        case DnsRecord(name, _):
            return name
        case WebFile(url, _):
            return url
        case TlsCertificate(identifier, _):
            return f"tls {identifier.value}"


def _card(publication: WebFile | TlsCertificate, owner: Identifier, kind: str) -> Card:
    match publication:
        case WebFile():
            return file_card(publication, owner, kind)
        case TlsCertificate():
            return tls_card(publication, kind)


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
