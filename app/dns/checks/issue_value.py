"""The value by which a CA is named: in CAA records (RFC 8659 §4.2), and in records of dns-persist-01."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MAX_VALUE: Final = 4096
"""Characters of a value that is read."""

_LABEL: Final = r"[A-Za-z0-9](?:-*[A-Za-z0-9])*"
_ISSUER: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_TAG: Final = re.compile(_LABEL)
_VALUE: Final = re.compile(r"[!-:<-~]*")
_WSP: Final = " \t"


@dataclass(frozen=True)
class IssueValue:
    """A CA's `issuer` domain name in lower case, "" for nobody; and parameters: name in lower case → its values, in order."""

    issuer: str
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_issue_value(value: str) -> IssueValue | None:
    """Read `value` by the grammar of RFC 8659 §4.2; None where it breaks that, so that it names nobody."""
    if len(value) > MAX_VALUE:
        return None
    first, *rest = value.split(";")
    issuer = first.strip(_WSP)
    if issuer and not _ISSUER.fullmatch(issuer):
        return None
    parameters: dict[str, tuple[str, ...]] = {}
    for part in [] if [text.strip(_WSP) for text in rest] == [""] else rest:  # nothing may follow the first semicolon
        name, equals, text = part.partition("=")
        tag, text = name.strip(_WSP), text.strip(_WSP)
        if not equals or not _TAG.fullmatch(tag) or not _VALUE.fullmatch(text):
            return None
        parameters[tag.lower()] = (*parameters.get(tag.lower(), ()), text)
    return IssueValue(issuer.lower(), parameters)
