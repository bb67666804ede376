"""What is found in certificate files, in words (`app.pki.viewer`). Names and subjects in them come from outside."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from app.acme.identifier import readable
from app.pki.viewer.contents import FoundCertificate, FoundKey
from app.pki.viewer.findings import Finding, Weight
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences
from app.text.names import names_up_to
from app.text.untrusted import isolate_bidi, one_line

MAX_NAMES: Final = 100
"""Names of a certificate, as far as they are listed."""

MAX_TITLE: Final = 3
"""Names in the title of a certificate."""


def _copies(count: int) -> str:
    return ngettext(
        "A certificate is there twice. Remove the copy: some servers refuse it.",
        "{n} certificates are there twice. Remove the copies: some servers refuse them.",
        count,
    )


def _others(count: int) -> str:
    return ngettext(
        "One more certificate is there, which does not belong to this chain.",
        "{n} more certificates are there, which do not belong to this chain.",
        count,
    )


def _several_keys(count: int) -> str:
    return ngettext("There is {n} private key.", "There are {n} private keys. A server’s file should have one.", count)


FINDINGS: Final[Mapping[str, str | Callable[..., str]]] = {
    # Time
    "valid": N_("It is valid until {end:date}."),
    "expired": N_("It ended on {end:datetime}. Browsers refuse it."),
    "not-valid-yet": N_("It is valid only from {start:datetime}. Until then browsers refuse it."),
    "ends-soon": N_("It ends soon, on {end:date}. Renew it now."),
    # The server's certificate
    "no-names": N_(
        "Its name {common_name} is only in the subject (CN). Browsers look in subjectAltName alone, so they refuse it."
    ),
    "no-name-at-all": N_("It is for no name, so no browser accepts it."),
    "star-without-domain": N_("It covers the names one level below {name}, but not {name} itself."),
    "leaf-is-ca": N_("It is marked as a certificate of a CA (CA:TRUE). Browsers may refuse it for a server."),
    "not-for-servers": N_("It is not meant for servers: its extended key usage lacks “serverAuth”. Browsers refuse it."),
    "broken-digest": N_("It is signed with {digest}, which is broken. Browsers refuse it."),
    "short-key": N_("Its key is too short ({kind}). RSA keys must have 2048 bits or more."),
    "unusual-key": N_("Its key is of an unusual kind ({kind}). Not all clients accept it."),
    "self-signed": N_("It is signed by itself, not by a CA. Whoever should accept it must be told to trust it."),
    "only-ca-certificates": N_("This is a certificate of a CA, not of a server. It belongs in a chain, or in a list of roots."),
    # The chain
    "chain-whole": N_(
        "The chain is whole: each certificate is signed by the next one. The last one was issued by {root}, which clients must "
        "know."
    ),
    "chain-missing": N_(
        "The certificate is here alone. Most servers need the CA’s certificates with it: first that of {issuer}. They are in "
        "fullchain.pem or chain.pem."
    ),
    "chain-with-gap": N_("The chain has a gap: the certificate of its issuer, {issuer}, is not here."),
    "root-included": N_(
        "The chain is whole, up to the root {root}. A server need not send the root: clients that trust it have it."
    ),
    "signature-wrong": N_("The signature of {subject} is not from the certificate that should have made it."),
    "signature-unchecked": N_("The signature of {subject} is of a kind that this page cannot check."),
    "wrong-order": N_("The certificates are in the wrong order. The server’s must come first, and after each its issuer."),
    "copies": _copies,
    "others": _others,
    "issuer-not-valid": N_("The certificate of {subject} in the chain is valid from {start:date} to {end:date}, not today."),
    "issuer-is-no-ca": N_("{subject} has signed a certificate, but is not a CA."),
    "issuer-with-broken-digest": N_("The certificate of {subject} in the chain is signed with {digest}, which is broken."),
    # Private keys
    "key-belongs": N_("The private key belongs to the certificate."),
    "key-of-another": N_("The private key does not belong to the certificate. Most servers do not start with the two."),
    "key-not-compared": N_("The private key is of a kind that this page cannot compare with the certificate."),
    "no-key": N_(
        "There is no private key here. Choose its file, too, and this page tells whether it belongs to the certificate."
    ),
    "several-keys": _several_keys,
}
"""By the code of a finding: its sentence, or a function that says it. “It” is the server's certificate."""

_OUTSIDE: Final = ("issuer", "root", "subject", "common_name", "name")
"""The values of findings that come out of the files."""


def finding_words(finding: Finding) -> str:
    """A finding in one or two sentences."""
    said = FINDINGS[finding.code]
    values: dict[str, Any] = {
        name: isolate_bidi(readable(str(value))) if name in _OUTSIDE else value for name, value in finding.values.items()
    }
    return said(**values) if callable(said) else _(said, **values)


def verdict(weights: Sequence[Weight]) -> str:
    """All findings in one sentence, for the status line; `weights` are theirs."""
    bad, warn = (weights.count(weight) for weight in ("bad", "warn"))
    if bad:
        return ngettext("One thing is wrong.", "{n} things are wrong.", bad)
    if warn:
        return ngettext("One thing should be put right.", "{n} things should be put right.", warn)
    return _("Nothing is wrong, as far as this page can tell.")


def counted(certificates: int, keys: int, requests: int) -> str:
    """What there is, in numbers."""
    return sentences(
        ngettext("{n} certificate.", "{n} certificates.", certificates) if certificates else "",
        ngettext("{n} private key.", "{n} private keys.", keys) if keys else "",
        ngettext(
            "{n} certificate request, which this page does not look into.",
            "{n} certificate requests, which this page does not look into.",
            requests,
        )
        if requests
        else "",
    )


# ---- one certificate ----


def certificate_title(certificate: FoundCertificate) -> str:
    """What a certificate is called: its first names, or else its subject."""
    names = certificate.facts.names
    if names:
        return names_up_to([*_readable(names[:MAX_TITLE]), *names[MAX_TITLE:]], MAX_TITLE)
    return one_line(certificate.subject) or _("A certificate without a name")


def _readable(names: Sequence[str]) -> list[str]:
    return [readable(one_line(name, most=253)) for name in names]


def role_words(place: int | None, *, is_root: bool, is_ca: bool) -> str:
    """What a certificate is: `place` counts in the chain, None is outside it."""
    if place is None:
        return _("Not part of the chain")
    if place == 0 and not is_ca:
        return _("The server’s certificate")
    return _("Root") if is_root else _("Intermediate certificate of the CA")


def facts_of(certificate: FoundCertificate) -> dict[str, str]:
    """What stands in the facts of a certificate, by the name of the place."""
    facts = certificate.facts
    names = facts.names
    return {
        "names": names_up_to([*_readable(names[:MAX_NAMES]), *names[MAX_NAMES:]], MAX_NAMES) if names else _("None"),
        "subject": one_line(certificate.subject) or _("Empty"),
        "issuer": one_line(facts.issuer),
        "valid-from": _("{when:datetime}", when=facts.not_before),
        "valid-until": _("{when:datetime}", when=facts.not_after),
        "serial": facts.serial[:200],
        "key": certificate.key.kind,
        "signature": signature_words(certificate.algorithm),
        "sha256": _in_pairs(facts.fingerprint),
        "sha1": _in_pairs(certificate.sha1),
    }


_DIGESTS: Final = {
    "md2": "MD2",
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}


def signature_words(algorithm: str) -> str:
    """The algorithm of a signature as people write it, by its name in asn1crypto; an unknown one as it stands."""
    digest, found, kind = algorithm.partition("_")
    if digest in _DIGESTS and found:
        return _("{kind} with {digest}", kind=kind.upper(), digest=_DIGESTS[digest])
    return {"ed25519": "Ed25519", "ed448": "Ed448", "rsassa_pss": "RSA-PSS"}.get(algorithm, algorithm[:60])


def _in_pairs(digest: str) -> str:
    return ":".join(digest[start : start + 2] for start in range(0, len(digest), 2))


# ---- one private key ----


def key_title(key: FoundKey) -> str:
    """What a private key is."""
    return _("Private key, {kind}", kind=key.public.kind)


def key_words(key: FoundKey, owners: Sequence[FoundCertificate], *, alone: bool) -> str:
    """How a key is written, and to which certificates it belongs; with `alone` there are no certificates."""
    return sentences(_place_of(key), "" if alone else _belonging(key, owners))


def _place_of(key: FoundKey) -> str:
    if key.form == "handle":
        return _("In this browser.")
    if key.locked:
        return _("Written as {form}, locked with the password.", form=key.form)
    return _("Written as {form}, without a password.", form=key.form)


def _belonging(key: FoundKey, owners: Sequence[FoundCertificate]) -> str:
    if owners:
        return _("It belongs to this certificate: {title}.", title=certificate_title(owners[0]))
    if not key.public.spki:
        return _("This page cannot tell to which certificate it belongs.")
    return _("It belongs to none of these certificates.")


def order_looked_into() -> str:
    """What is said once the certificate of the open order is shown in the viewer."""
    return _("This is the certificate of the order that is open.")
