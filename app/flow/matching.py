"""Which of the ordered names an authorization is about (RFC 8555 §7.1.4, RFC 9444).

A CA need not have one authorization for each name (§7.1.3), so authorizations are matched by what they name, never by their
place or number. One that is pending asks a person to publish something. That is done only for a name that was ordered, or for
a domain above one: whoever can publish there controls the ordered name as well. A name beside or below the ordered ones is a
stranger's business, and is refused: the CA could collect proof for other certificates that way.
"""

from collections.abc import Sequence

from app.acme.identifier import Identifier
from app.errors import ProtocolError


def ordered_names(asked: Identifier, ordered: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Those of the `ordered` names that proof for `asked` serves, the closest one first.

    The same name with or without `*.` counts: some CAs have one authorization for both, or set `wildcard` wrongly. Raises
    `ProtocolError` where `asked` has nothing to do with any of them.
    """
    same = [name for name in ordered if (name.type, name.base) == (asked.type, asked.base)]
    names = sorted(same, key=lambda name: name != asked) or [name for name in ordered if name.is_below(asked)]
    if not names:
        raise ProtocolError("The CA asks for proof of other names than were ordered.", detail=asked.value[:500])
    return tuple(names)
