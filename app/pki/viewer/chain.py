"""Which of some certificates is the server's, what its chain is, and whether the links of that chain are signed as they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.pki.certification_request import raw_signature
from app.pki.viewer.contents import FoundCertificate, FoundKey
from app.ports import HashName, Verifier

ChainEnd = Literal["alone", "gap", "issuer", "root", "self-signed"]
"""How a chain ends: with the server's certificate, alone in the file; with it, though others are there; with a CA's certificate
whose issuer clients must know; with a root; with the server's certificate, because that names itself as its issuer."""

_DIGESTS: Final = {digest: digest for digest in get_args(HashName)}


@dataclass(frozen=True)
class CertificationPath:
    """The chain of a server's certificate among some certificates.

    `path` starts with that certificate. `others` do not belong to it; `copies` counts those that are there twice. `in_order`
    tells whether the file has the path in its order, which most servers need. `broken` are the certificates of `path` whose
    signature was not made by the next one; `unchecked` those whose signature is of a kind that this page cannot check.
    """

    path: tuple[FoundCertificate, ...]
    others: tuple[FoundCertificate, ...]
    copies: int
    in_order: bool
    ends: ChainEnd
    broken: tuple[FoundCertificate, ...]
    unchecked: tuple[FoundCertificate, ...]

    @property
    def leaf(self) -> FoundCertificate:
        """The server's certificate."""
        return self.path[0]


def belongs(key: FoundKey, certificate: FoundCertificate) -> bool:
    """Whether `key` is the private key of `certificate`."""
    return bool(key.public.spki) and key.public.spki == certificate.key.spki


async def find_path(
    certificates: Sequence[FoundCertificate], keys: Sequence[FoundKey], verifier: Verifier
) -> CertificationPath | None:
    """The chain of the server's certificate among `certificates`; None where there are none."""
    if not certificates:
        return None
    distinct = list({certificate.parsed.der: certificate for certificate in certificates}.values())
    path = [_leaf(distinct, keys)]
    broken: list[FoundCertificate] = []
    unchecked: list[FoundCertificate] = []
    while not path[-1].is_self_issued:
        lower = path[-1]
        upper, verdict = await _issuer(lower, [one for one in distinct if one not in path], verifier)
        if upper is None:
            break
        if verdict is not True:
            (unchecked if verdict is None else broken).append(lower)
        path.append(upper)
    return CertificationPath(
        path=tuple(path),
        others=tuple(one for one in distinct if one not in path),
        copies=len(certificates) - len(distinct),
        in_order=[one for one in distinct if one in path] == path,
        ends=_end(path, len(distinct)),
        broken=tuple(broken),
        unchecked=tuple(unchecked),
    )


def _leaf(certificates: Sequence[FoundCertificate], keys: Sequence[FoundKey]) -> FoundCertificate:
    """The one to which a private key belongs; else the first that signs no others; else the first."""
    paired = [one for one in certificates if any(belongs(key, one) for key in keys)]
    issuers = [one for one in certificates if one.is_ca or any(_is_issued_by(other, one) for other in certificates)]
    return next((one for one in (*paired, *certificates) if one in paired or one not in issuers), certificates[0])


def _is_issued_by(lower: FoundCertificate, upper: FoundCertificate) -> bool:
    return lower is not upper and lower.parsed.issued_by(upper.parsed)


async def _issuer(
    lower: FoundCertificate, candidates: Sequence[FoundCertificate], verifier: Verifier
) -> tuple[FoundCertificate | None, bool | None]:
    """The issuer of `lower` among those with its name, and what `is_signed_by` says of it.

    One whose key has made the signature counts first, then one with the named key, then the first: several may have the name,
    such as cross-signed ones.
    """
    named = [upper for upper in candidates if _is_issued_by(lower, upper)]
    named.sort(key=lambda upper: not upper.parsed.key_id or upper.parsed.key_id != lower.parsed.issuer_key_id)
    verdicts = [(upper, await is_signed_by(lower, upper, verifier)) for upper in named]
    for wanted in (True, None):
        for upper, verdict in verdicts:
            if verdict is wanted:
                return upper, verdict
    return verdicts[0] if verdicts else (None, None)


async def is_signed_by(lower: FoundCertificate, upper: FoundCertificate, verifier: Verifier) -> bool | None:
    """Whether the key of `upper` has signed `lower`; None where the kind of key or signature cannot be checked here."""
    digest, _, algorithm = lower.algorithm.partition("_")
    spec = upper.key.spec
    if spec is None or digest not in _DIGESTS or algorithm != ("rsa" if spec.startswith("rsa") else "ecdsa"):
        return None
    signature = raw_signature(lower.signature, spec)
    return await verifier.verify(upper.key.spki, spec, _DIGESTS[digest], signature, lower.signed)


def _end(path: Sequence[FoundCertificate], count: int) -> ChainEnd:
    if path[-1].is_self_issued:
        return "root" if len(path) > 1 else "self-signed"
    if len(path) > 1:
        return "issuer"
    return "alone" if count == 1 else "gap"
