"""The box for a certificate request of one's own: its names go into the names box, its key stays where it was made."""

import base64
from collections.abc import Sequence
from typing import Final, Protocol

from app.acme.identifier import Identifier, readable
from app.errors import InputError
from app.pki.own_request import FIELD, OwnRequest, parse_request, read_request
from app.pki.pem import to_pem
from app.ports import KeySpec

MOST_BYTES: Final = 65536  # a request for a hundred names has five thousand

_KINDS: Final[dict[KeySpec, str]] = {
    "ec-p256": "EC P-256",
    "ec-p384": "EC P-384",
    "rsa-2048": "RSA 2048",
    "rsa-3072": "RSA 3072",
    "rsa-4096": "RSA 4096",
}


class RequestBox(Protocol):
    """The box, as far as it must be filled."""

    def texts(self) -> tuple[str, str]:
        """What stands in the box, and in the names box."""
        ...

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """Put a text into the box or the names box, as if it was typed; None leaves it."""
        ...

    def show_request(self, summary: str, error: InputError | None) -> None:
        """Say how the request was read, or what is wrong with it; "" and None say nothing."""
        ...


class RequestDesk:
    """What happens when a person types into the box or drops a file on it."""

    def __init__(self, box: RequestBox) -> None:
        self._box = box

    def read(self) -> None:
        """The box changed: say what was understood, and fill in the names where there are none yet."""
        text, names = self._box.texts()
        if not text.strip():
            self._box.show_request("", None)
            return
        try:
            request = read_request(text)
        except InputError as error:
            self._box.show_request("", error)
            return
        self._box.show_request(in_words(request), None)
        if not names.strip():
            self._box.fill(names="\n".join(request.names))

    def take_file(self, body: bytes) -> None:
        """A file was chosen or dropped: PEM goes into the box as it is, DER as PEM."""
        self._box.fill(request=_as_text(body[:MOST_BYTES]))


def _as_text(body: bytes) -> str:
    if b"-----BEGIN" in body:
        return body.decode("utf-8", "replace")
    try:
        return to_pem("CERTIFICATE REQUEST", parse_request(body).der)
    except InputError:
        return body.decode("utf-8", "replace")[:2000]  # no DER: let the box say what it thinks of it


def in_words(request: OwnRequest) -> str:
    """What was understood, for a person."""
    names = ", ".join(map(readable, request.names))
    return f"A request for {names} with a key {_KINDS[request.spec]}. Its private key stays where you made it."


def check_request(text: str, identifiers: Sequence[Identifier]) -> tuple[OwnRequest | None, InputError | None]:
    """The request in the box, which must ask for exactly the names in the names box; (None, None) for an empty box."""
    if not text.strip():
        return None, None
    try:
        request = read_request(text)
    except InputError as error:
        return None, error
    wanted, asked = {identifier.value for identifier in identifiers}, set(request.names)
    if wanted == asked:
        return request, None
    parts = [
        f"Only in the request: {', '.join(sorted(asked - wanted))}." if asked - wanted else "",
        f"Only in the names box: {', '.join(sorted(wanted - asked))}." if wanted - asked else "",
    ]
    message = " ".join(["The request and the names box must have the same names.", *filter(None, parts)])
    return None, InputError(FIELD, message)


def to_choice(request: OwnRequest) -> str:
    """The request as `Choices.csr` keeps it: the base64 of its DER."""
    return base64.b64encode(request.der).decode("ascii")
