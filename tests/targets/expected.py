"""What programs must find in the files of a certificate."""

from collections.abc import Callable, Sequence

from tests.targets.handed_over import NAMES, HandedOver
from tests.targets.readers import COMBINED, PFX, READERS, Contents


def assert_reads(program: str, format_: str, given: HandedOver) -> None:
    """A program of `READERS` finds in a file what belongs there, in its order, and under its name."""
    reader, wanted = READERS[program], _expected(format_, given)
    found = reader.read(given.files[format_], format_, given.password)
    as_it_is = reader.ordered and format_ != "p7b"  # that one holds a set (RFC 2315 §9.1)
    order: Callable[[tuple[bytes, ...]], Sequence[bytes]] = tuple if as_it_is else sorted
    assert order(found.certificates) == order(wanted.certificates)
    assert (found.key, found.name) == (wanted.key, wanted.name)


def _expected(format_: str, given: HandedOver) -> Contents:
    leaf, *rest = given.certificates
    certificates = {"cert": (leaf,), "der": (leaf,), "chain": tuple(rest)}.get(format_, given.certificates)
    if format_.startswith("privkey"):
        return Contents((), given.key)
    if format_ in PFX:
        return Contents(certificates, given.key, NAMES[0])
    return Contents(certificates, given.key if format_ in COMBINED else None)
