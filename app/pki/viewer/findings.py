"""What is odd about the certificates and keys of some files: codes with values, for which `app.text.viewer` has the words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from app.encoding.key_types import CURVES
from app.errors import Value
from app.pki.viewer.chain import CertificationPath, belongs, find_path
from app.pki.viewer.contents import Contents, FoundCertificate
from app.ports import Verifier

Weight = Literal["good", "note", "warn", "bad"]
"""How much a finding matters: as it should be; worth knowing; some clients will refuse it; it does not work."""

MIN_RSA_BITS: Final = 2048
SOON: Final = timedelta(days=30)
"""The end of a certificate is near then, or when less than a third of its life is left."""

_SERVER_PURPOSES: Final = ("1.3.6.1.5.5.7.3.1", "2.5.29.37.0")
"""serverAuth and anyExtendedKeyUsage (RFC 5280 §4.2.1.12)."""

_BROKEN_DIGESTS: Final = {"md2": "MD2", "md5": "MD5", "sha1": "SHA-1"}
_KINDS: Final = tuple(f"EC {curve.jose}" for curve in CURVES.values())


class Finding:
    """Something about the files. `code` says what, `values` fill its sentence, `weight` says how much it matters."""

    def __init__(self, weight: Weight, code: str, **values: Value) -> None:
        self.weight: Weight = weight
        self.code = code
        self.values = values

    def __repr__(self) -> str:
        return f"{self.weight}: {self.code} {self.values}"


@dataclass(frozen=True)
class Inspection:
    """What was found out about `contents`: the chain, where there are certificates, and all findings, the worst first."""

    contents: Contents
    chain: CertificationPath | None
    findings: tuple[Finding, ...]


async def inspect(contents: Contents, verifier: Verifier, now: datetime) -> Inspection:
    """Look at everything in `contents`; `now` is in UTC."""
    chain = await find_path(contents.certificates, contents.keys, verifier)
    found: list[Finding] = []
    if chain and chain.leaf.is_ca and not chain.leaf.facts.names:
        found = [Finding("note", "only-ca-certificates"), *_of_time(chain.leaf, now)]
    elif chain:
        found = [*_of_time(chain.leaf, now), *_of_leaf(chain.leaf), *_of_chain(chain), *_of_issuers(chain, now)]
        found += _of_keys(contents, chain)
    weights: tuple[Weight, ...] = ("bad", "warn", "note", "good")
    return Inspection(contents, chain, tuple(sorted(found, key=lambda finding: weights.index(finding.weight))))


def _of_time(leaf: FoundCertificate, now: datetime) -> Iterator[Finding]:
    start, end = leaf.facts.not_before, leaf.facts.not_after
    if end <= now:
        yield Finding("bad", "expired", end=end)
    elif start > now:
        yield Finding("bad", "not-valid-yet", start=start)
    elif end - now < min(SOON, (end - start) / 3):
        yield Finding("warn", "ends-soon", end=end)
    else:
        yield Finding("good", "valid", end=end)


def _of_leaf(leaf: FoundCertificate) -> Iterator[Finding]:
    yield from _of_names(leaf)
    if leaf.is_ca and not leaf.is_self_issued:
        yield Finding("bad", "leaf-is-ca")
    if leaf.purposes is not None and not set(leaf.purposes) & set(_SERVER_PURPOSES):
        yield Finding("bad", "not-for-servers")
    digest = leaf.algorithm.partition("_")[0]
    if digest in _BROKEN_DIGESTS and not leaf.is_self_issued:
        yield Finding("bad", "broken-digest", digest=_BROKEN_DIGESTS[digest])
    if 0 < leaf.key.bits < MIN_RSA_BITS:
        yield Finding("bad", "short-key", kind=leaf.key.kind)
    elif not leaf.key.bits and leaf.key.kind not in _KINDS:
        yield Finding("warn", "unusual-key", kind=leaf.key.kind)


def _of_names(leaf: FoundCertificate) -> Iterator[Finding]:
    names = leaf.facts.names
    if not names:
        yield Finding("bad", "no-names", common_name=leaf.common_name) if leaf.common_name else Finding("bad", "no-name-at-all")
    bare = [name.removeprefix("*.") for name in names if name.startswith("*.")]
    covered = set(names)
    uncovered = [name for name in bare if name not in covered]
    if uncovered:
        yield Finding("note", "star-without-domain", name=uncovered[0])


def _of_chain(chain: CertificationPath) -> Iterator[Finding]:
    yield from _of_end(chain)
    if chain.broken:
        yield Finding("bad", "signature-wrong", subject=_called(chain.broken[0]))
    if chain.unchecked:
        yield Finding("note", "signature-unchecked", subject=_called(chain.unchecked[0]))
    if not chain.in_order:
        yield Finding("warn", "wrong-order")
    if chain.copies:
        yield Finding("warn", "copies", count=chain.copies)
    if chain.others and chain.ends != "gap":
        yield Finding("note", "others", count=len(chain.others))


def _of_end(chain: CertificationPath) -> Iterator[Finding]:
    match chain.ends:
        case "alone":
            yield Finding("warn", "chain-missing", issuer=chain.leaf.facts.issuer)
        case "gap":
            yield Finding("bad", "chain-with-gap", issuer=chain.leaf.facts.issuer)
        case "self-signed":
            yield Finding("warn", "self-signed")
        case "root":
            yield Finding("note", "root-included", root=chain.path[-1].subject)
        case "issuer" if not chain.broken:
            yield Finding("good", "chain-whole", root=chain.path[-1].facts.issuer)


def _of_issuers(chain: CertificationPath, now: datetime) -> Iterator[Finding]:
    """The CA's certificates above the server's. A root's own signature proves nothing, so its digest does not matter."""
    for issuer in chain.path[1:]:
        called, digest = _called(issuer), issuer.algorithm.partition("_")[0]
        if not issuer.facts.not_before <= now < issuer.facts.not_after:
            yield Finding("bad", "issuer-not-valid", subject=called, start=issuer.facts.not_before, end=issuer.facts.not_after)
        if not issuer.is_ca:
            yield Finding("bad", "issuer-is-no-ca", subject=called)
        if digest in _BROKEN_DIGESTS and not issuer.is_self_issued:
            yield Finding("bad", "issuer-with-broken-digest", subject=called, digest=_BROKEN_DIGESTS[digest])


def _of_keys(contents: Contents, chain: CertificationPath) -> Iterator[Finding]:
    if any(belongs(key, chain.leaf) for key in contents.keys):
        yield Finding("good", "key-belongs")
    elif any(not key.public.spki for key in contents.keys):
        yield Finding("note", "key-not-compared")
    elif contents.keys:
        yield Finding("bad", "key-of-another")
    elif not contents.needs_password:
        yield Finding("note", "no-key")
    if len(contents.keys) > 1:
        yield Finding("note", "several-keys", count=len(contents.keys))


def _called(certificate: FoundCertificate) -> str:
    """How a certificate is called in a sentence: its subject, or its first name."""
    return certificate.subject or next(iter(certificate.facts.names), "")
