"""What goes wrong with certificate files that a person wants to look into (`app.pki.viewer`)."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "no-file-to-look-into": N_("Choose a file first, or paste its text."),
    "file-unreadable": N_("The browser could not read this file. Choose it again."),
    "file-empty": N_("This file is empty."),
    "file-too-large": N_("This is {length:size}. Certificate files are small; this page looks into {most:size} at most."),
    "file-without-certificates": N_(
        "There is no certificate and no private key in this file, as far as this page can read it. It reads PEM, DER, P7B and "
        "PFX."
    ),
    "file-damaged": N_("This file is damaged, or of a kind that this page cannot read. It reads PEM, DER, P7B and PFX."),
    "file-is-a-zip": N_("This is a zip file. Unpack it, and choose the files that are in it."),
    "file-is-a-java-keystore": N_(
        "This is a Java keystore, which this page cannot read. Convert it: keytool -importkeystore -srckeystore OLD.jks "
        "-destkeystore new.pfx -deststoretype PKCS12"
    ),
    "file-is-a-web-page": N_("This is a web page, not a certificate. Probably the download needed a login."),
    "file-needs-password": N_("This file is locked. Type its password."),
    "file-wrong-password": N_("This password does not open the file."),
    "file-with-too-many-certificates": N_(
        "This file has more than {most} certificates; this page shows no more than that. It is probably a list of trusted "
        "roots."
    ),
    "file-with-too-many-keys": N_("This file has more than {most} private keys; this page shows no more than that."),
    "file-with-too-many-rounds": N_(
        "To turn the password into a key, this file asks for more than {most} rounds. This page does not do that many."
    ),
    "file-with-too-much-triple-des": N_(
        "This file has more than {most:size} under 3DES, an old cipher that is slow in this page. It is not opened."
    ),
    "file-under-rc2": N_(
        "A part of this file is locked with RC2, an old and weak cipher that this page cannot open. OpenSSL can: "
        "openssl pkcs12 -legacy -nokeys -in OLD.pfx -out certificates.pem"
    ),
    "file-under-unknown-cipher": N_(
        "A part of this file is locked with {name}, which this page cannot open. It opens AES with 128 or 256 bits, and 3DES."
    ),
    "pfx-with-public-key": N_("A part of this PFX file is locked with a public key, not a password. This page cannot open it."),
    "pfx-under-unknown-mac": N_("This PFX file is protected by {name}, which this page does not know, so it is not opened."),
    "pfx-damaged": N_("A part of this PFX file is damaged, or of a kind that this page cannot read."),
    "certificate-in-file-damaged": N_("A certificate in this file is damaged, or of a kind that this page cannot read."),
    "block-damaged": N_("The part “{label}” is damaged. Was it copied completely?"),
    "block-end-missing": N_("The end of a part is missing: the line -----END {label}-----. Was it copied completely?"),
    "block-unknown": N_("This page does not know what a part “{label}” is. It was left out."),
    "key-locked-by-headers": N_(
        "A private key is locked in OpenSSL’s old way (Proc-Type: 4,ENCRYPTED), which this page cannot open. Convert it: "
        "openssl pkcs8 -topk8 -in OLD.pem -out new.pem"
    ),
    "key-needs-password": N_("A private key is locked. With its password, this page can tell where it belongs."),
    "key-wrong-password": N_("This password does not open the private key."),
}
