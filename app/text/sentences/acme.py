"""What goes wrong in `app.acme`."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # Requests and responses
    "refused": N_("The CA refused: {kind}."),
    "unavailable": N_("The CA’s address responded with HTTP status {status} and no ACME error type."),
    "no-directory": N_("The CA’s address responded with HTTP status {status} and no ACME error type instead of a directory."),
    "response-cut-off": N_("The CA’s response was cut off on the way."),
    "no-location-header": N_("The CA did not say where the new resource is: its response has no Location header."),
    "nonce-not-base64url": N_("The CA sent a nonce (Replay-Nonce) that is not base64url."),
    "nonce-hidden": N_("The CA sent no nonce (Replay-Nonce), or its CORS headers keep this page from reading it."),
    # URLs
    "invalid-url": N_("The CA sent an invalid URL."),
    "url-too-long": N_("The CA sent a URL of {length} characters."),
    "url-not-https": N_("The CA sent a URL that is not https."),
    "url-with-odd-characters": N_("The CA sent a URL with characters that are not allowed in a URL."),
    "url-with-user-name": N_("The CA sent a URL with a user name in it."),
    "url-of-another-origin": N_("The CA sent a URL that is not its own: all URLs of this CA are at {origin}."),
    # Accounts, orders and authorizations
    "account-closed": N_("The account is closed at the CA."),
    "account-still-open": N_("The CA agreed, but the account is still open."),
    "no-account-url": N_("The account’s URL is not known yet."),
    "unknown-status": N_("The CA sent “{where}” with a status that ACME does not have."),
    # Challenges
    "token-not-base64url": N_("The CA sent a challenge whose token is not base64url, or is too long."),
    "unknown-challenge-type": N_("Keystay does not know the challenge type “{type}”."),
    "persist-unknown-form": N_("The CA sent a dns-persist-01 challenge in a form that Keystay does not know."),
    "persist-other-account": N_("The CA sent a dns-persist-01 challenge for an account that is not yours."),
    "persist-no-hash-prefix": N_("The CA offers dns-persist-01 in its newer form, but its directory has no accountHashPrefix."),
    "persist-unusable-value": N_("The CA sent a dns-persist-01 challenge with a value that no DNS record can contain."),
    "persist-no-issuer": N_("The CA sent a dns-persist-01 challenge with no issuer domain names, or with too many."),
    # Renewal information
    "renewal-window-reversed": N_("The CA suggests a renewal window that ends before it starts."),
    "renewal-time-invalid": N_("The CA suggests a renewal window with an invalid time."),
}
