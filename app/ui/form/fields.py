"""The fields of the form, and the errors in them: which field an error belongs to, and how all are collected.

The rooms below raise `InputError`, because they know no form. Where a presenter calls them, it says in which field the input
was (`at_field`). For errors of a running order, a table has the field (`in_its_field`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from app.errors import FieldError, InputError

T = TypeVar("T")
E = TypeVar("E", bound=InputError)

FIELD_ORDER: Final = (
    *(
        "domains",
        "target",
        "challenge",
        "persist-until",
        "ca",
        "directory-url",
        "eab-kid",
        "eab-key",
        "key-type",
        "profile",
        "csr",
    ),
    *("account-choice", "contact", "account-key-type", "agree-tos"),
)
"""The fields of the form from top to bottom."""

FIELD_OF_CODE: Final[Mapping[str, str]] = {
    "unknown-ca": "ca",
    "ca-closed": "ca",
    "ca-needs-relay": "ca",
    "directory-url-private-key": "directory-url",
    "directory-url-invalid": "directory-url",
    "directory-url-not-allowed": "directory-url",
    "challenge-not-offered": "challenge",
    "no-known-challenge-offered": "challenge",
    "name-without-tls-certificate": "challenge",
    "persist-until-over": "persist-until",
    "credentials-needed": "eab-kid",
    "credentials-for-new-account": "eab-kid",
    "account-not-chosen": "account-choice",
    "no-account-to-renew-with": "agree-tos",
    "terms-not-agreed": "agree-tos",
    "terms-for-new-account": "agree-tos",
}
"""The code of an error that comes out of a running order → the field of the form in which it is to be corrected."""


@contextmanager
def at_field(field: str) -> Iterator[None]:
    """Inside, an `InputError` from the rooms below becomes the `FieldError` of `field`."""
    try:
        yield
    except FieldError:
        raise
    except InputError as error:
        raise FieldError(field, error.code, detail=error.detail, **error.values) from error


def ca_field(id_: str, choice: str = "ca", directory: str = "directory-url") -> str:
    """The field in which an error about the CA `id_` stands: its `directory` URL where it is a custom one, or the `choice`."""
    return directory if id_ == "custom" else choice


def in_its_field(error: InputError) -> FieldError | None:
    """The `error` of a running order in the field where it is to be corrected; None where there is no such field."""
    if isinstance(error, FieldError):
        return error
    field = FIELD_OF_CODE.get(error.code)
    return FieldError(field, error.code, detail=error.detail, **error.values) if field else None


class ErrorCollector(Generic[E]):
    """Collects the errors of one class, so that a person sees everything that must be corrected at once."""

    def __init__(self, kind: type[E]) -> None:
        self._kind = kind
        self.errors: list[E] = []

    def add(self, *errors: E | None) -> None:
        """Add `errors`; None is no error."""
        self.errors += filter(None, errors)

    def read(self, reader: Callable[[], T]) -> T | None:
        """What `reader` gives. None where it raises an error of this kind, which is kept."""
        try:
            return reader()
        except self._kind as error:
            self.errors.append(error)
            return None

    def read_at(self: "ErrorCollector[FieldError]", field: str, reader: Callable[[], T]) -> T | None:
        """What `reader` gives. None where it raises an `InputError`, which is kept as one of `field`."""

        def read() -> T:
            with at_field(field):
                return reader()

        return self.read(read)


def first_of_each(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """One error for each field, the first that was found, in the order of the form."""
    found: dict[str, FieldError] = {}
    for error in errors:
        found.setdefault(error.field, error)
    return tuple(sorted(found.values(), key=lambda error: FIELD_ORDER.index(error.field)))


def remaining(
    shown: tuple[FieldError, ...], found: tuple[FieldError, ...], untouched: frozenset[str] = frozenset()
) -> tuple[FieldError, ...]:
    """What is left of the errors that are `shown`: as they are `found` now, or as they were where a field is `untouched`."""
    now = {error.field: error for error in found}
    left = (now.get(error.field, error if error.field in untouched else None) for error in shown)
    return tuple(error for error in left if error)
