"""What goes wrong in `app.install`: with the file that lists targets."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "target-list-unknown-value": N_("“targets.json” has a “{member}” that cannot be used."),
}
