"""All errors that Keystay raises on purpose.

Every error that Keystay raises on purpose derives from `KeystayError`, so that one handler can show any of them. An error
carries a code and values, but no text: `app.text.sentences` has a sentence for each code. A class that is defined in another
module has that module's name after it::

    KeystayError
    ├── InputError                  what a person typed or chose cannot be used
    │   └── FieldError              … and it belongs to a field of the form; only `app.ui` raises it
    ├── NetworkError                no response could be read at all (offline, CORS, TLS, address)
    ├── ProtocolError               the response is not what RFC 8555 promises
    │   ├── AddressError            … because it names a URL that is not the CA's own
    │   ├── OversizeError           … because it is far longer than any that is needed
    │   ├── NoDirectoryError        … because it is a refusal that no CA would send      (app.acme.directory)
    │   ├── UnavailableError        … because the CA takes no requests now               (app.acme.problem)
    │   ├── DamagedError            … because it was cut off on its way                  (app.acme.response)
    │   ├── InvalidNonceError       … because its nonce is malformed                     (app.acme.response)
    │   └── HiddenNonceError        … because its nonce cannot be read                   (app.acme.nonce)
    ├── ProblemError                the CA refused, with an RFC 7807 document            (app.acme.problem)
    │   └── GoneError               … because the order does not exist any more          (app.acme.problem)
    ├── NotOfferedError             the CA does not offer what was asked for
    ├── ClosedAccountError          the account was closed at the CA                     (app.acme.account)
    ├── OtherAccountError           the CA has another account for this key              (app.issuance.registration)
    ├── NoProgressError             the CA has said nothing new for too long
    ├── CertificateError            the certificate is not the one that was ordered
    │   └── ValidityError           … because this computer's clock shows a time outside its validity
    ├── DnsServiceError             a DNS service did not do what was asked of it        (app.dns.services.service)
    │   ├── TokenError              … because of the token                               (app.dns.services.service)
    │   └── BusyServiceError        … because it was asked too often                     (app.dns.services.service)
    ├── RecordServerError           the practice CA's record server refused              (app.issuance.practice)
    │   └── SilentRecordServerError … because it did not respond                         (app.issuance.practice)
    ├── StorageError                this browser refused to store or return a record or key
    │   ├── LostKeyError            … because it does not have that key
    │   │   └── KeptKeyError        … which a renewal was to use again
    │   ├── FullStorageError        … because there is no space left
    │   ├── ClosedStorageError      … because it closed the page's storage
    │   ├── DamagedKeyError         … because that key is damaged, or of another kind
    │   └── UnreadableRecordError   … because that record is damaged, or of another version
    ├── RecordFaultError            a record contains what Keystay would not have written
    ├── OtherTabError               another tab of this browser works on it
    ├── GateError                   the page itself blocked a request
    ├── PackageError                a package that is loaded on demand did not come, or is not what was built
    └── BackupError                 a backup file cannot be made or used
        └── PassphraseError         … because the passphrase does not open it
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

Value = str | float | datetime | Sequence[str]
"""What a sentence may name: texts, numbers, times, lists of texts."""


class KeystayError(Exception):
    """Base of all errors that Keystay raises on purpose.

    `code` says what happened: `app.text.sentences` has a sentence for each. `values` fill its placeholders. `detail` is the
    other side's own text, verbatim and untrusted, or "".
    """

    def __init__(self, code: str, *, detail: str = "", **values: Value) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.detail = detail


class InputError(KeystayError):
    """What a person typed or chose cannot be used. Rooms below `app.ui` raise this one, because they know no form."""


class FieldError(InputError):
    """… and it belongs to a field of the form: `field` names it as the page's hooks do (`domains`, `ca`, …)."""

    def __init__(self, field: str, code: str, *, detail: str = "", **values: Value) -> None:
        super().__init__(code, detail=detail, **values)
        self.field = field


class NetworkError(KeystayError):
    """No response could be read.

    Browsers do not say why: offline, no CORS headers, a TLS failure and a bad host look alike. `url` is the URL that was
    requested. `reachable` is True when something is known to respond there (so CORS headers are missing), False when a second
    request, in `no-cors` mode, got no response either, and None when that was not tried.
    """

    def __init__(self, url: str, *, detail: str = "", reachable: bool | None = None) -> None:
        super().__init__("no-response", detail=detail, url=url)
        self.url = url
        self.reachable = reachable


class ProtocolError(KeystayError):
    """A response came, but it is not what RFC 8555 promises: HTML for JSON, a missing member, a wrong type."""


class AddressError(ProtocolError):
    """The CA named a URL that is not its own, or not a URL. Nothing was signed for it, and nothing was sent there."""


class OversizeError(ProtocolError):
    """The CA's response is far longer than any that is needed. It was not read to its end."""


OptionalService = Literal["key change", "revocation", "renewal information"]
"""What a CA need not offer."""

_NOT_OFFERED: Final[Mapping[OptionalService, str]] = {
    "key change": "no-key-change",
    "revocation": "no-revocation",
    "renewal information": "no-renewal-information",
}


class NotOfferedError(KeystayError):
    """The CA does not offer `what`. Nothing has changed there."""

    def __init__(self, what: OptionalService, *, detail: str = "") -> None:
        super().__init__(_NOT_OFFERED[what], detail=detail)
        self.what: OptionalService = what


class NoProgressError(KeystayError):
    """The CA has said nothing new for longer than anyone should wait; the same step can be repeated later."""


class GateError(KeystayError):
    """The page's own gate blocked a request: nothing was sent. `reason` is the code, as the request log stores it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PackageError(KeystayError):
    """A Python package that is loaded on demand did not come, or is not what was built. `name` is the package's."""

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__("package-not-loaded", detail=detail, name=name)
        self.name = name


class OtherTabError(KeystayError):
    """Another tab of this browser works on this record, and only one may change it. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("open-in-another-tab")


class CertificateError(KeystayError):
    """The certificate that the CA sent is not the one that was ordered. It is not offered for download."""


class ValidityError(CertificateError):
    """The certificate is the one ordered, but not valid at the time that this computer’s clock shows. All times are UTC.

    CAs issue no certificate whose validity starts later or has ended: if the certificate is new, the clock is wrong.
    """

    def __init__(self, now: datetime, not_before: datetime, not_after: datetime) -> None:
        super().__init__("certificate-not-valid-now", now=now, start=not_before, end=not_after)
        self.now = now
        self.not_before = not_before
        self.not_after = not_after


class StorageError(KeystayError):
    """This browser refused to store a record or a key, or to return it."""


class LostKeyError(StorageError):
    """The key that is needed is not in this browser: it was destroyed, or was not restored with its order."""


class KeptKeyError(LostKeyError):
    """The key that a renewal was to use again is not in this browser. A new key would do."""

    def __init__(self) -> None:
        super().__init__("kept-key-missing")


class FullStorageError(StorageError):
    """There is no space left: the disk is full, or the browser allows this page no more. What was stored before stays."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__("storage-full", detail=detail)


class ClosedStorageError(StorageError):
    """The browser closed the page's storage while the page was open: this tab can store and read nothing any more."""

    def __init__(self) -> None:
        super().__init__("storage-closed")


class DamagedKeyError(StorageError):
    """A private key, stored or to be stored, cannot be read: it is damaged, or of another kind."""


class RecordFaultError(KeystayError):
    """A record, or an entry of a backup, contains what Keystay would not have written: `code` says what."""


class UnreadableRecordError(StorageError):
    """A saved record is damaged, or was made by another version of Keystay; the others can be used.

    `reason` is what is wrong in it, where that is known.
    """

    def __init__(self, code: str, *, reason: KeystayError | None = None, detail: str = "") -> None:
        super().__init__(code, detail=detail)
        self.reason = reason


BackupFault = Literal["none", "unreadable", "empty", "foreign", "newer", "rounds", "damaged", "large", "passphrase", "content"]
"""What can be wrong with a backup file, from the outside to the inside."""


class BackupError(KeystayError):
    """A file is not a backup that can be restored, or none can be made. Nothing was changed. `fault` says what is wrong."""

    def __init__(self, fault: BackupFault, code: str, *, detail: str = "", **values: Value) -> None:
        super().__init__(code, detail=detail, **values)
        self.fault = fault


class PassphraseError(BackupError):
    """The passphrase does not open the backup: it is the wrong one, or someone has altered the file on purpose."""

    def __init__(self) -> None:
        super().__init__("passphrase", "wrong-passphrase")
