"""What goes wrong in `app.pki`: with keys and requests that a person pasted, and with certificates."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # Private keys
    "key-too-long": N_("This is far longer than a private key. Paste only the key."),
    "key-damaged": N_("This private key is damaged. Was it copied completely?"),
    "no-key": N_("There is no private key in PEM form here. A private key starts with -----BEGIN PRIVATE KEY-----."),
    "several-keys": N_("There are several private keys here. Paste only one."),
    "key-locked": N_(
        "This key is protected by a password. Remove the password first: openssl pkey -in key.pem -out unlocked.pem"
    ),
    "key-end-missing": N_("The end of this key is missing: the line -----END {label}-----. Was it copied completely?"),
    "key-of-unsupported-kind": N_("This is a key of another kind ({kind}). Keystay works with these: {accepted:or}."),
    "key-with-own-curve": N_("This is an EC key with its own curve. Keystay works with these: {accepted:or}."),
    "key-openssh": N_(
        "This is a key in OpenSSH’s own form. Make a copy of its file and convert that: ssh-keygen -p -m PKCS8 -f copy"
    ),
    "key-putty": N_(
        "This is a key in PuTTY’s own form. PuTTYgen can export it in OpenSSH’s form; then ssh-keygen -p -m PKCS8 -f copy "
        "makes a PEM file of that."
    ),
    "key-pgp": N_("This is a PGP key, which no web server can use."),
    "key-is-a-request": N_("This is a certificate request. The private key is another file."),
    "key-is-a-certificate": N_("This is a certificate. The private key is another file."),
    "key-is-public": N_("This is a public key. The private key is another file."),
    "jwk-damaged": N_("This is not a private key as JWK with all its members."),
    "jwk-encrypted": N_("This key is protected by a password (JWE). Remove the password first."),
    "jwk-public": N_("This is a public key as JWK: it has no member “d”. The private key has one."),
    "jwk-incomplete": N_("This JWK is incomplete. These members are missing: {members:list}."),
    # The password of files
    "no-file-password": N_("Type a password, or let Keystay make one. A file without one opens in some programs only."),
    "file-password-not-ascii": N_(
        "Use only the letters a to z, digits and the signs on an English keyboard. Programs disagree about all others, and "
        "then say that the password is wrong."
    ),
    "file-password-with-spaces": N_("The password starts or ends with a space. Take it away: nobody will see it later."),
    "file-password-too-long": N_("This is longer than some programs can read. Use at most {most} characters."),
    # Files that prove control
    "proof-file-elsewhere": N_("This order asks for a file outside the folder for such files, so Keystay does not make it."),
    # Certificate requests
    "request-with-private-key": N_("This contains a private key. Paste only the request: the key stays with you."),
    "several-requests": N_("These are {count} requests. Paste only one: each one is a separate order."),
    "not-a-request": N_("This is not a certificate request. It starts with -----BEGIN CERTIFICATE REQUEST-----."),
    "not-a-request-but": N_(
        "This is a PEM block “{label}”. A certificate request starts with -----BEGIN CERTIFICATE REQUEST-----."
    ),
    "request-end-missing": N_("The end of the request is missing: the line -----END {label}-----. Was it copied completely?"),
    "request-damaged": N_("This certificate request is damaged, or of a kind that Keystay cannot read."),
    "request-with-unsupported-key": N_("Its key is of a kind that CAs do not accept. They accept these: {accepted:or}."),
    "request-signed-with-pss": N_(
        "It is signed with RSA-PSS, which CAs do not accept. Make it again with PKCS#1 v1.5 padding and SHA-256."
    ),
    "request-signed-otherwise": N_(
        "It is signed with {digest} and {algorithm}, which CAs do not accept. Make it again with SHA-256."
    ),
    "request-without-names": N_("It asks for no name. The names must be in its subjectAltName."),
    "request-with-several-name-lists": N_(
        "Its names are in more than one subjectAltName, but CAs read only one. Make it again with all names in one."
    ),
    "request-signature-invalid": N_(
        "Its signature is invalid: the request was altered after it was made, or copied badly. Make it again."
    ),
    # Certificates
    "no-certificate": N_("There is no certificate here."),
    "chain-too-long": N_("The CA sent {length} characters for a certificate chain; at most {most} are read."),
    "chain-with-other-blocks": N_("The CA sent something besides certificates, so Keystay refuses all of it."),
    "chain-not-pem": N_("The CA sent something that is not a PEM certificate chain."),
    "chain-of-too-many": N_("The CA sent a chain of {count} certificates; at most {most} are read."),
    "chain-damaged": N_("The CA sent a damaged certificate chain."),
    "chain-without-issuer": N_("The certificates of the chain do not follow one another."),
    "certificate-unreadable": N_("A certificate that the CA sent cannot be read."),
    "certificate-of-another-key": N_("The certificate is for a different key than the one made here."),
    "certificate-for-other-names": N_(
        "The certificate is not for all names that were ordered. These are missing: {missing:list}."
    ),
    "certificate-of-a-ca": N_("The certificate is a CA certificate, for signing other certificates. No server should use one."),
}
