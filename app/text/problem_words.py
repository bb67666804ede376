"""What is said of a CA's refusals: by their type (RFC 8555 §6.7), by the HTTP status, and for some by what was asked.

In the messages `{ca}` is the CA, `{names}` are the names that were refused, and `{status}` is the HTTP status.
"""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_
from app.text.tasks import KEPT, NEXT, WAIT, Task, Words

REFUSED: Final = Words(N_("{ca} refused"), (N_("Its reason is below."), NEXT, KEPT))

REJECTED: Final = Words(
    N_("{ca} does not issue for {names}"),
    (
        N_(
            "Names of others, test names and names on a block list are refused. Leave them out or correct them, then start "
            "again. An IP address needs a profile that allows it (at Let’s Encrypt: “shortlived”), and many CAs have none."
        ),
    ),
)

REJECTED_SOME_NAME: Final = N_("{ca} does not issue for a name of this order")

CONTACT: Final = Words(
    N_("{ca} does not take this contact address"), (N_("Correct it, or leave it out: it is optional."), KEPT)
)

UNUSABLE: Final = Words(
    N_("{ca} could not use the request"), (N_("Its reason is below. Choose another key type, or start over."), KEPT)
)

TOO_MANY: Final = Words(
    N_("{ca} says: too many requests"),
    (
        N_("CAs limit how many orders, failures and certificates a name or an address may have in a time."),
        WAIT,
        N_("Its text below says which limit it was and how long it lasts. For trials use a test CA."),
        KEPT,
    ),
)

PAUSED: Final = Words(
    N_("{ca} has paused this account"),
    (
        N_(
            "It does so after many failures in a row, until somebody has looked at them. Open the link below, follow it, and "
            "then press the button again."
        ),
        KEPT,
    ),
)

REDUNDANT: Final = Words(
    N_("{ca} takes either a wildcard or the names that it covers"),
    (
        N_(
            "A wildcard such as *.shop.example covers www.shop.example, and this CA refuses an order that has both. Leave one "
            "of them out, then start again."
        ),
        KEPT,
    ),
)

CLOSED: Final = Words(
    N_("The account at {ca} is closed"),
    (
        N_(
            "Its owner or the CA has closed it, and nobody can open it again. For an order, choose “A new account” as the "
            "account at the CA, or forget this one under “Accounts at CAs”: the next order then makes another one."
        ),
    ),
)

BY_TYPE: Final[Mapping[str, Words]] = {
    "accountDoesNotExist": Words(
        N_("{ca} does not know this account any more"),
        (
            N_(
                "Either it has lost the account, as a practice CA does that is started anew, or not all of its servers know it "
                "yet. Wait a minute, then press the button again. An order registers the key again, and asks you before it "
                "uses another account."
            ),
            KEPT,
        ),
    ),
    "alreadyRevoked": Words(
        N_("This certificate was revoked before"), (N_("{ca} keeps it revoked; there is nothing left to do."),)
    ),
    "badCSR": UNUSABLE,
    "badNonce": Words(
        N_("{ca} refused every one-time number"),
        (
            N_(
                "Each request carries a number that the CA gave out before. Keystay tried many fresh ones in a row. The CA is "
                "in trouble, or something between you and it keeps old answers. Try again in a few minutes."
            ),
            KEPT,
        ),
    ),
    "badPublicKey": UNUSABLE,
    "badRevocationReason": Words(N_("{ca} does not take this reason"), (N_("Choose another one and try again."),)),
    "badSignatureAlgorithm": UNUSABLE,
    "caa": Words(
        N_("A CAA record keeps {ca} from issuing"),
        (
            N_(
                "The DNS of the name lists the CAs that may issue for it, and {ca} is not among them, or the DNS gave no "
                "answer. Change the CAA record or choose another CA."
            ),
        ),
    ),
    "conflict": Words(N_("{ca} refused"), (N_("It has another account with that key already."), NEXT, KEPT)),
    "externalAccountRequired": Words(
        N_("{ca} wants to know you as its customer"),
        (
            N_(
                "It takes new accounts only with credentials from its website (external account binding). Fill in the key ID "
                "and the HMAC key, then press the button again."
            ),
            KEPT,
        ),
    ),
    "invalidProfile": Words(
        N_("{ca} does not issue this kind of certificate here"),
        (
            N_(
                "It knows no such profile any more, not for these names, or not for your account. Choose another one, or “The "
                "CA’s own choice”, under “More options”."
            ),
            KEPT,
        ),
    ),
    "invalidContact": CONTACT,
    "orderGone": Words(
        N_("{ca} has closed this order"),
        (
            N_(
                "Orders end by themselves after some days, and a practice CA forgets them when it is started anew. Press “Try "
                "again with new values”. Names that were proven may need no new proof."
            ),
            KEPT,
        ),
    ),
    "rateLimited": TOO_MANY,
    "rejectedIdentifier": REJECTED,
    "serverInternal": Words(N_("{ca} had a fault of its own"), (N_("Try again in a few minutes."), KEPT)),
    "unsupportedIdentifier": REJECTED,
    "unsupportedContact": CONTACT,
    "userActionRequired": Words(
        N_("{ca} has new terms of service"),
        (
            N_(
                "It waits until you have read and accepted them. Do what it asks for, at the link below or in its own words, "
                "then press the button again."
            ),
            KEPT,
        ),
    ),
}
"""One entry a type that a person can meet. They speak of an order, unless `BY_TASK` has other words."""

ORDER_ONLY: Final = (
    *("badCSR", "badPublicKey", "badSignatureAlgorithm", "caa"),
    *("invalidProfile", "orderGone", "rejectedIdentifier", "unsupportedIdentifier"),
)
"""Types whose words tell what to change in an order; for other tasks the CA's own words must do."""

LIMITED: Final = Words(
    N_("{ca} says: too many requests"),
    (
        N_("CAs limit how much may be asked of them in a time."),
        WAIT,
        N_("Its text below says which limit it was and how long it lasts."),
        KEPT,
    ),
)

NO_FIELDS: Final = Words(
    N_("{ca} does not find this account without credentials"),
    (
        N_(
            "It wants credentials from its website (external account binding) even to look an account up by its key, and often "
            "they count only once. So this account cannot be brought in: use it where it was made, or make a new one here with "
            "the next order."
        ),
        KEPT,
    ),
)

UNKNOWN_KEY: Final = Words(
    N_("{ca} knows no account of this key"),
    (
        N_(
            "Perhaps the key belongs to another CA (a CA and its test CA have accounts of their own), was replaced by another "
            "one, or is the key of a certificate. Choose the right CA, or paste the right key."
        ),
        KEPT,
    ),
)

NO_ACCOUNT_TO_REVOKE: Final = Words(
    N_("{ca} does not know this account any more"),
    (
        N_(
            "So the account cannot revoke the certificate. The certificate’s own key can: under “Revoke with the certificate’s "
            "key”."
        ),
        KEPT,
    ),
)

NOT_FOUND: Final = Words(
    N_("{ca} does not find what it made itself"),
    (
        N_(
            "It answers with {status}. It has several servers, and they may not all know yet what one of them has made. "
            "Keystay asked several times. Wait a minute, then press the button again."
        ),
        KEPT,
    ),
)

NO_ADVICE: Final = Words(
    N_("{ca} says nothing about this certificate"),
    (N_("It answers with {status}: it knows none of that number, or keeps nothing about old ones."), NEXT, KEPT),
)

CREDENTIALS: Final = Words(
    N_("{ca} does not take these credentials"),
    (
        N_(
            "The key ID and the HMAC key from its website do not fit, have expired, or were used before: at many CAs they "
            "count once. Make new ones on its website, fill them in and press the button again."
        ),
        KEPT,
    ),
)

BY_TASK: Final[Mapping[tuple[Task, str], Words]] = {
    ("import", "externalAccountRequired"): NO_FIELDS,
    ("import", "accountDoesNotExist"): UNKNOWN_KEY,
    ("revocation", "accountDoesNotExist"): NO_ACCOUNT_TO_REVOKE,
}

DENIED: Final = Words(
    N_("{ca} does not allow this"),
    (
        N_(
            "It answers with {status} and gives no reason that ACME knows; what it says is below. The account may be closed, "
            "or a firewall or a login page stands before the CA. Try again later; if it stays so, ask the CA."
        ),
        KEPT,
    ),
)

ACCOUNT_REFUSED: Final = Words(
    N_("{ca} does not accept this account"),
    (
        N_(
            "It answers with {status}, as CAs do once an account is closed. If that is so, nobody can open it again: choose “A "
            "new account” as the account at the CA, or forget this one under “Accounts at CAs”."
        ),
        KEPT,
    ),
)

MISSING: Final = Words(
    N_("{ca} has nothing at that address"),
    (
        N_(
            "It named the address itself, and now answers with {status}. Perhaps it has forgotten what was there, or it is set "
            "up wrongly. Try again later; if it stays so, tell the CA."
        ),
        KEPT,
    ),
)

NOT_POSSIBLE: Final = Words(
    N_("{ca} does not offer this"), (N_("It answers with {status}: it cannot do what was asked."), KEPT)
)

NO_TYPE: Final = Words(
    N_("{ca} refused"), (N_("It answers with {status} and gives no reason that ACME knows; what it says is below."), NEXT, KEPT)
)

BY_STATUS: Final[Mapping[int, Words]] = {
    401: DENIED,
    403: DENIED,
    404: MISSING,
    405: NOT_POSSIBLE,
    410: MISSING,
    429: TOO_MANY,
    501: NOT_POSSIBLE,
}
"""What a status means where the CA names no type of refusal."""
