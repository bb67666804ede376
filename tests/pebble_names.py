"""By which name Pebble knows a certificate that an order replaces (RFC 9773 §5)."""

from cryptography import x509

from app.pki.certificate import renewal_id

NEW_ORDER = "/order-plz"
"""What the address of Pebble's newOrder ends with."""


def accepted_name(certificate_pem: str) -> str:
    """The ARI identifier of the certificate, or "" where Pebble 2.10 answers it in newOrder with 500.

    That is one certificate in 256, whose serial number has a leading zero in DER: Pebble remembers it without and looks for it
    with the zero (github.com/letsencrypt/pebble, issue 550). The page then orders again without `replaces`.
    """
    serial = x509.load_pem_x509_certificate(certificate_pem.encode("ascii")).serial_number
    return "" if serial.bit_length() % 8 == 0 else renewal_id(certificate_pem)
