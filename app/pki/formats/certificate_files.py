"""The certificates in forms without a key: DER, and the certs-only message of CMS that is called PKCS#7 or P7B."""

from typing import Final

from asn1crypto.cms import CertificateChoices, ContentInfo, SignedData

from app.pki.formats.file import Format, Source
from app.pki.pem import read_certificates, to_pem


async def _der(source: Source) -> bytes:
    return read_certificates(source.chain.cert_pem)[0]


async def _p7b(source: Source) -> bytes:
    """A SignedData without content and signers (RFC 5652 §5.1), in PEM (RFC 7468 §8).

    PEM, because CAs hand it out so and because it can also be pasted; Windows, Java and OpenSSL read it as well as DER.
    """
    signed = SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data"},
            "certificates": [CertificateChoices("certificate", certificate) for certificate in source.certificates()],
            "signer_infos": [],
        }
    )
    return to_pem("PKCS7", ContentInfo({"content_type": "signed_data", "content": signed}).dump()).encode("ascii")


CERTIFICATE_FORMATS: Final = (
    Format("der", "certificate.cer", "application/pkix-cert", _der),
    Format("p7b", "certificate.p7b", "application/x-pkcs7-certificates", _p7b),
)
"""The certificate alone as DER; the certificate and its intermediates as P7B."""
