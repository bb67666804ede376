"""Keys in their file formats, certificate requests, certificates and the files that servers need."""

import asn1crypto.x509
from asn1crypto import _inet

# Python in the browser has no IPv6 in its socket module. asn1crypto has its own functions, for Windows; they work anywhere.
asn1crypto.x509.inet_ntop = _inet.inet_ntop
asn1crypto.x509.inet_pton = _inet.inet_pton
