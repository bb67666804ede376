"""Step 2: everything that must be published, grouped by place."""

from typing import Final
from urllib.parse import urlsplit

from app.acme.challenge import DnsRecord, Publication, WebFile
from app.flow.issuance import Issuance
from app.ui.form import PROOF_WORDS
from app.ui.view import FileCard, ProveView, RecordCard

# Second-level labels under which countries hand out domains. It only shortens the name that is shown first, with the full
# name beside it, so a short list of the common ones is enough.
_PUBLIC_SECOND_LEVELS: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ltd", "me", "net", "ne", "or", "org", "plc"})


def prove_view(issuance: Issuance, *, practice: bool) -> ProveView:
    """Step 2 of `issuance`; `practice` tells that its CA has a record server that can be filled by a click."""
    publications = issuance.publications
    cards = tuple(_card(publication, issuance.choices.challenge) for publication in publications)
    commands = "" if practice else "\n".join(_command(publication) for publication in publications)
    return ProveView(issuance.choices.challenge, cards, commands, practice, issuance.state == "failed")


def prove_summary(issuance: Issuance) -> str:
    """Step 2 in one line, once it is done."""
    if not issuance.proofs:
        return "The CA knew from before that you control these names."
    count = len(issuance.proofs)
    what = PROOF_WORDS[issuance.choices.challenge]
    return f"Proven by {count} {what[1]}" if count > 1 else f"Proven by a {what[0]}"


def _card(publication: Publication, kind: str) -> RecordCard | FileCard:
    match publication:
        case DnsRecord(name, values):
            identifier = name.removeprefix("_acme-challenge.")
            zone = zone_of(identifier)
            return RecordCard(identifier, kind, name, name.removesuffix(f".{zone}"), zone, values)
        case WebFile(url, body):
            folder, _, filename = urlsplit(url).path.rpartition("/")
            return FileCard(urlsplit(url).netloc, kind, url, f"{folder}/", filename, body)


def zone_of(name: str) -> str:
    """The domain that `name` is probably managed under: its last two parts, or three under the likes of co.uk."""
    labels = name.split(".")
    in_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_SECOND_LEVELS
    return ".".join(labels[-3:] if in_country else labels[-2:])


def _command(publication: Publication) -> str:
    match publication:
        case DnsRecord(name, _):
            return f"nslookup -type=TXT {name}"
        case WebFile(url, _):
            return f"curl -L {url}"
