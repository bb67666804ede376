"""The one error tree.

Every error that Keystay raises on purpose hangs from `KeystayError`, so that one handler at the page's edge can turn
any of them into a sentence::

    KeystayError
    ├── InputError            what a person typed or chose cannot be used
    │   └── FieldError        … and it stands in a field of the form
    ├── NetworkError          no answer could be read at all (offline, CORS, TLS, address)
    ├── ProtocolError         an answer came that is not what RFC 8555 promises
    │   ├── AddressError      … since it names an address that is not the CA's own
    │   ├── OversizeError     … since it is far longer than any that is needed
    │   └── NoDirectoryError  … since it refuses to give the directory, and not as a CA (app.acme.nonce)
    ├── ProblemError          the CA refused, with an RFC 7807 document   (app.acme.problem)
    ├── NotOfferedError       the CA has no such thing as was asked of it
    ├── ClosedAccountError    the account was closed at the CA                (app.acme.account)
    ├── OtherAccountError     the CA has another account for this key         (app.issuance.registration)
    ├── StuckError            the CA says nothing new for too long
    ├── CertificateError      the certificate that came is not the one that was asked for
    │   └── ValidityError     … since this computer’s clock shows a time outside its validity
    ├── RecordServerError     the practice CA's record server refused       (app.issuance.practice)
    │   └── SilentRecordServerError … since it did not answer             (app.issuance.practice)
    ├── StorageError          this browser refused to keep or give back a record or key
    │   ├── LostKeyError      … since it does not have that key (any more)
    │   ├── FullStorageError  … since there is no room left
    │   ├── ClosedStorageError … since it took the page's storage away
    │   ├── DamagedKeyError   … since it cannot read it: it is damaged, or of another kind
    │   └── UnreadableRecordError … since that record is damaged, or of another version
    ├── ElsewhereError        another tab of this browser works on it
    ├── GateError             a request was held back by the page itself
    └── BackupError           a backup file cannot be made or used
        └── PassphraseError   … since the passphrase does not open it
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

Value = str | float | datetime | Sequence[str]
"""What a sentence may name: texts, numbers, moments, lists of texts."""


class KeystayError(Exception):
    """Base of all errors that Keystay raises on purpose.

    `code` says what happened, as `app.text.sentences` knows it, and `values` are what its sentence names. `detail` is the other
    side's own text, verbatim and untrusted, or "".
    """

    def __init__(self, code: str, *, detail: str = "", **values: Value) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.detail = detail


class InputError(KeystayError):
    """What a person typed or chose cannot be used. The rooms below `app.ui` raise this: they know no form."""


class FieldError(InputError):
    """… and it stands in a field of the form: `field` names it as the page's hooks do (`domains`, `ca`, …)."""

    def __init__(self, field: str, code: str, *, detail: str = "", **values: Value) -> None:
        super().__init__(code, detail=detail, **values)
        self.field = field


class NetworkError(KeystayError):
    """No answer could be read.

    Browsers do not say why: offline, no CORS headers, a TLS failure and a bad host look alike. `url` is the address that
    was tried. `reachable` is True when something is known to answer there (so CORS is what is missing), False when a
    second, blind request got no answer either, and None when nobody looked.
    """

    def __init__(self, url: str, *, detail: str = "", reachable: bool | None = None) -> None:
        super().__init__(f"No answer could be read from {url}.", detail=detail)
        self.url = url
        self.reachable = reachable


class ProtocolError(KeystayError):
    """An answer came, but it is not what RFC 8555 promises: HTML for JSON, a missing field, a wrong type."""


class AddressError(ProtocolError):
    """The CA named an address that is not its own, or none at all. Nothing was signed for it, and nothing was sent there."""


class OversizeError(ProtocolError):
    """The CA's answer is far longer than any that is needed. It was not read to its end."""


OptionalService = Literal["key change", "revocation", "renewal information"]
"""What a CA may leave out."""


class NotOfferedError(KeystayError):
    """The CA does not have what was asked of it: `what`. Nothing has changed there."""

    def __init__(self, what: OptionalService, *, detail: str = "") -> None:
        super().__init__(f"The CA offers no {what}.", detail=detail)
        self.what: OptionalService = what


class StuckError(KeystayError):
    """The CA has said nothing new for longer than anybody should wait; the same step can be taken again later."""


class GateError(KeystayError):
    """The page's own gate held a request back: nothing was sent. `reason` says what was wrong, and never holds the secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Nothing was sent: {reason}.")
        self.reason = reason


class ElsewhereError(KeystayError):
    """Another tab of this browser works on this record, and only one may change it. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("Another tab of this browser works on this.")


class CertificateError(KeystayError):
    """The certificate that the CA sent is not the one that was ordered. It is not offered for download."""


class ValidityError(CertificateError):
    """The certificate is what was ordered, but not valid at the time that this computer’s clock shows. All times are UTC.

    CAs issue no certificate that is valid only later, and none that has ended: if it is fresh, the clock is wrong.
    """

    def __init__(self, now: datetime, not_before: datetime, not_after: datetime) -> None:
        valid = f"valid from {not_before:%Y-%m-%d %H:%M} to {not_after:%Y-%m-%d %H:%M} UTC"
        detail = f"{valid}; this computer’s clock shows {now:%Y-%m-%d %H:%M} UTC"
        super().__init__("The certificate is not valid now.", detail=detail)
        self.now = now
        self.not_before = not_before
        self.not_after = not_after


class StorageError(KeystayError):
    """This browser refused to keep a record or a key, or to give it back."""


class LostKeyError(StorageError):
    """The key that is needed is not in this browser: it was destroyed, or never came here with its order."""


class FullStorageError(StorageError):
    """There is no room left: the disk is full, or the browser allows this page no more. What was kept before stays."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__("There is no room left for this page in the browser’s storage.", detail=detail)


class ClosedStorageError(StorageError):
    """The browser took the page's storage away while the page was open: nothing can be kept or read in this tab any more."""

    def __init__(self) -> None:
        super().__init__("The browser has closed the storage of this page.")


class DamagedKeyError(StorageError):
    """A private key, kept or to be kept, cannot be read: it does not hold together, or is of another kind."""


class UnreadableRecordError(StorageError):
    """A saved record is damaged, or another version of Keystay made it; the others can be used."""


BackupFault = Literal["none", "unreadable", "empty", "foreign", "newer", "rounds", "damaged", "large", "passphrase", "content"]
"""What can be wrong with a backup file, from the outside to the inside."""


class BackupError(KeystayError):
    """A file is no backup that can be restored, or one cannot be made. Nothing was changed. `fault` says which of all."""

    def __init__(self, fault: BackupFault, message: str, *, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.fault = fault


class PassphraseError(BackupError):
    """The passphrase does not open the backup: it is another one, or somebody has altered the file on purpose."""

    def __init__(self) -> None:
        super().__init__("passphrase", "The passphrase does not open the backup.")
