"""What is said of each kind of error but the CA's refusals (`problem_words`), the relay's faults and those of a backup."""

from collections.abc import Mapping
from typing import Final

from app.acme.account import ClosedAccountError
from app.acme.nonce import HiddenNonceError
from app.acme.problem import UnavailableError
from app.acme.response import InvalidNonceError
from app.errors import (
    AddressError,
    CertificateError,
    GateError,
    KeystayError,
    NoProgressError,
    OptionalService,
    OversizeError,
    ProtocolError,
)
from app.issuance.registration import OtherAccountError
from app.text.catalog import N_
from app.text.problem_words import CLOSED
from app.text.storage_errors import STORAGE_ERRORS
from app.text.tasks import KEPT, WAIT, Words

HIDDEN_FROM_BROWSERS: Final = Words(
    N_("{ca} does not let browsers in"),
    (
        N_(
            "Something answers at {url}, but without the CORS headers that a page needs to read it. Some CAs send none; a "
            "relay can add them (the README says how, under “A relay”). Or an overloaded server answered in the CA’s place: "
            "try again."
        ),
    ),
)

NO_ANSWER: Final = Words(
    N_("{ca} cannot be reached"),
    (
        N_(
            "No answer came from {url}. Check that this computer is online, that the address is right, and that this "
            "browser accepts its certificate; then try again. A firewall or an overloaded CA can also be the cause."
        ),
        KEPT,
    ),
)

NOT_OFFERED: Final[Mapping[OptionalService, Words]] = {
    "key change": Words(
        N_("{ca} does not let an account change its key"),
        (
            N_(
                "The account keeps the key that it has, and can be used as before. If that key is in the wrong hands, "
                "close the account: the next order makes another one."
            ),
        ),
    ),
    "revocation": Words(
        N_("{ca} offers no revocation by ACME"),
        (
            N_(
                "The certificate stays valid. Ask the CA how else it revokes one, and replace it with another certificate "
                "in the meantime."
            ),
        ),
    ),
    "renewal information": Words(
        N_("{ca} does not say when to renew"),
        (N_("It offers no renewal information (ARI), as many CAs do not. Come back on the day above."),),
    ),
}

OTHER_ACCOUNT: Final = Words(
    N_("{ca} has another account for this key"),
    (
        N_(
            "The CA does not know the account that this browser has, and returned another one for the same key. Nothing "
            "was ordered with that account, and the saved one is still here. To see the question again, press the button."
        ),
        KEPT,
    ),
)

TOO_MANY: Final = Words(
    N_("{ca} says: too many requests"),
    (
        N_("The CA, or a server in front of it, accepts no more requests for now, and gives no ACME reason."),
        WAIT,
        N_("Then press the button again."),
        KEPT,
    ),
)

NO_PRACTICE_CA: Final = Words(
    N_("The practice CA does not answer"),
    (
        N_(
            "It runs only while “make run” does, on this computer. It may have stopped by itself: then the terminal of “make "
            "run” says why. End “make run” there with Ctrl-C, start it again, and press the button again."
        ),
        KEPT,
    ),
)


ELSEWHERE: Final = Words(
    N_("Another tab is working on this order"),
    (
        N_(
            "It is open in another tab of this browser, and only one tab may change it at a time. Nothing was done here. Go on "
            "in that tab; or close it, or press “Start over” there, and try again here."
        ),
    ),
)

# The special ones stand first.
ERRORS: Final[tuple[tuple[type[KeystayError], Words], ...]] = (
    (
        GateError,
        Words(
            N_("Keystay blocked a request"),
            (
                N_(
                    "Every request is checked before it leaves this page, and this one was not sent; the reason is below. "
                    "If a field contains a private key, remove it. If not, something is wrong with this page or the CA: do "
                    "not go on."
                ),
            ),
        ),
    ),
    (ClosedAccountError, CLOSED),
    (OtherAccountError, OTHER_ACCOUNT),
    (
        UnavailableError,
        Words(
            N_("{ca} is not available now"),
            (
                N_("Its address answers, but not as a CA: it may be overloaded or under maintenance."),
                WAIT,
                N_("Try again in a few minutes."),
                KEPT,
            ),
        ),
    ),
    (
        HiddenNonceError,
        Words(
            N_("{ca} hides its one-time numbers from browsers"),
            (
                N_(
                    "Each request needs such a number (Replay-Nonce), and the CORS headers of {ca} keep a page from "
                    "reading it. The CA needs a relay that adds the headers; the README says how, under “A relay”. Or "
                    "choose another CA."
                ),
                KEPT,
            ),
        ),
    ),
    (
        InvalidNonceError,
        Words(
            N_("{ca} gave a damaged one-time number"),
            (
                N_(
                    "Each request needs such a number (Replay-Nonce), in characters that ACME allows (base64url). This one "
                    "has others. Probably the CA, or something between you and it, has a fault. Try again; if it happens "
                    "again, tell the CA."
                ),
                KEPT,
            ),
        ),
    ),
    (
        AddressError,
        Words(
            N_("{ca} named an address that Keystay does not contact"),
            (
                N_(
                    "All addresses of a CA must be at the host of its directory, and this one is not. Nothing was signed "
                    "for that address, and nothing was sent there. Either the CA is set up wrongly, or somebody is "
                    "interfering: tell the CA, and do not go on before it has answered."
                ),
                KEPT,
            ),
        ),
    ),
    (
        OversizeError,
        Words(
            N_("{ca} sent far more than any answer needs"),
            (
                N_(
                    "Keystay stopped reading, so that this page stays usable. Try again; if it happens again, the CA has a "
                    "fault, or the address is not a CA’s. Tell the CA, or choose another one."
                ),
                KEPT,
            ),
        ),
    ),
    (
        ProtocolError,
        Words(
            N_("{ca} answered in a way that Keystay cannot read"),
            (
                N_(
                    "Something answered that does not speak ACME as it should. Check the directory URL, and whether a "
                    "proxy or a login page is in between."
                ),
                KEPT,
            ),
        ),
    ),
    (
        CertificateError,
        Words(
            N_("The certificate is not what was ordered"),
            (
                N_(
                    "Keystay checks a certificate before it offers it, and this one failed. Do not use it; order another one. "
                    "If it happens again, tell the CA."
                ),
            ),
        ),
    ),
    (
        NoProgressError,
        Words(
            N_("{ca} is still working on the order"),
            (N_("Some CAs take hours for this. Press the button again later: Keystay then asks again."), KEPT),
        ),
    ),
    *STORAGE_ERRORS,
)
