"""What goes wrong in `app.encoding`. `where` names a resource of RFC 8555 or a file, `member` a member of its JSON."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "json-not-object": N_("“{where}” is not a JSON object."),
    "json-member-missing": N_("“{where}” has no member “{member}”."),
    "json-wrong-type": N_("“{where}” has a member “{member}” of a wrong type."),
    "json-number-too-large": N_("“{where}” has a member “{member}” whose number is too large."),
    "json-too-many-entries": N_("“{where}” has {count} entries in “{member}”; at most {most} are read."),
    "json-too-long": N_("“{where}” has {length:size}; at most {most:size} are read."),
    "json-invalid": N_("“{where}” is not JSON."),
    "json-too-deep": N_("“{where}” has more than {most} nested objects and lists."),
    # lists in static/data/
    "list-not-a-list": N_("“{where}” is not a list."),
    "list-duplicate-id": N_("“{where}” has two entries with the id “{id}”."),
    "list-unknown-member": N_("“{where}” has an entry with an unknown member “{member}”."),
    # texts
    "not-base64url": N_("A text that should be base64url is not."),
}
