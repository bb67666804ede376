"""What goes wrong in `app.issuance`."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # What a person must say or change before the order can go on
    "challenge-not-offered": N_("The CA does not offer the proof {kind} for {name}. It offers: {offered:list}."),
    "no-known-challenge-offered": N_("The CA does not offer the proof {kind} for {name}, and offers none that Keystay knows."),
    "name-without-tls-certificate": N_("No certificate needs to be shown for {name}."),
    "terms-not-agreed": N_(
        "The CA has its own terms of service. The link beside the box now leads to them. Read them, then tick the box."
    ),
    "terms-for-new-account": N_(
        "The CA no longer knows the account of this browser, and only you can agree to its terms for a new one. Fill in the "
        "names, tick the box and order again."
    ),
    "credentials-for-new-account": N_(
        "The CA no longer knows the account of this browser, and accepts new ones only with credentials from its website. "
        "Choose “A new account” as the account at the CA, fill them in and order again."
    ),
    "credentials-needed": N_(
        "This CA accepts new accounts only with credentials from its website (a key ID and an HMAC key). Fill them in and "
        "order again."
    ),
    "no-account-to-renew-with": N_(
        "This browser no longer has an account at this CA, and only you can agree to its terms for a new one. Fill in the "
        "names and order again."
    ),
    "persist-until-over": N_(
        "The DNS record of the last order was valid until a day that is now past. Fill in the names, choose a later day "
        "and order again."
    ),
    "key-of-another-certificate": N_("This key belongs to another certificate."),
    # What a CA does
    "proof-of-another-name": N_("The CA asks for proof of other names than were ordered."),
    "no-certificate-url": N_("The CA says that the certificate is ready, but not where it is."),
    "unexpected-order-status": N_("The CA says that the order has a status that makes no sense here."),
    "order-takes-too-long": N_("The CA has been working on the order for a quarter of an hour."),
    "other-account": N_("The CA has another account for this key."),
    "account-lost": N_("The CA no longer knows the account that made this order."),
    "no-reason-given": N_("The CA ended the order and did not say why."),
    # The record server of the practice CA
    "record-server-silent": N_("The practice record server does not answer. Is “make run” running?"),
    "record-server-refused": N_("The practice record server answered with HTTP status {status}."),
    "record-server-without-ip-certificates": N_("The practice TLS server cannot show a certificate for the address {address}."),
    # A key that is not in this browser
    "account-key-missing": N_("This browser does not hold the key of the account that made this order."),
    "certificate-key-missing": N_("This browser does not hold the certificate’s key, so the certificate cannot be used."),
    "kept-key-missing": N_("This browser does not hold the key that the certificate was to keep."),
    # A saved order
    "order-of-another-version": N_("A saved order was made by another version of Keystay, so it cannot be opened here."),
    "order-damaged": N_("A saved order is damaged and cannot be opened."),
    "order-id": N_("Its id is not valid."),
    "order-name-count": N_("It is for no name, or for too many."),
    "order-name-twice": N_("It has the same name twice."),
    "order-name-unusable": N_("One of its names is neither a host name nor an IP address."),
    "order-name-not-certifiable": N_("It is for a name that no CA accepts."),
    "order-challenge-count": N_("It has too many kinds of proof."),
    "order-challenge-name": N_("It has a proof for something that is not a name."),
    "order-challenge-unsuitable": N_("It has a kind of proof that cannot prove its name."),
    "order-profile": N_("The name of its kind of certificate is not valid."),
    "order-target": N_("The place where it goes has no usable name."),
    "order-same-key": N_("The order whose key it uses has an id that is not valid."),
    "order-replaces": N_("What it replaces is not a certificate."),
    "order-csr-damaged": N_("Its certificate request is damaged."),
    "order-csr-for-other-names": N_("Its certificate request is for other names."),
    "order-proof-count": N_("It has too many proofs."),
    "order-proof-of-another-name": N_("It has a proof for a name that was not ordered."),
    "order-publication-foreign": N_("What it asks you to publish for {name} does not belong to this name and account."),
    "order-written-damaged": N_("What it notes of records at a DNS service cannot be used."),
    "order-chain-count": N_("It has too many certificate chains."),
    "order-certificate-damaged": N_("Its certificate is damaged."),
    "order-certificate-for-other-names": N_("Its certificate is for other names."),
    "order-certificate-with-something-else": N_("Something else is stored with its certificate."),
    "order-without-certificate": N_("It is finished, but has no certificate."),
    "order-renewal-window": N_("The time to renew it ends before it starts."),
}
