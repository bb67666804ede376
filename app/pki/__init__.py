"""Keys in disk formats, certificate requests, certificates and the files that servers want."""

import asn1crypto.x509
from asn1crypto import _inet

# Python in the browser knows no IPv6 in its socket module. asn1crypto has functions of its own, for Windows; they do anywhere.
asn1crypto.x509.inet_ntop = _inet.inet_ntop
asn1crypto.x509.inet_pton = _inet.inet_pton
