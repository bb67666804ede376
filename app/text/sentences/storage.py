"""What goes wrong in this browser’s storage."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "storage-refused": N_("The browser’s storage (IndexedDB) reported an error."),
    "stored-record-damaged": N_("A saved record is damaged and cannot be read."),
    "key-not-made": N_("This browser could not make the key."),
    "key-not-imported": N_("This browser cannot read the key."),
    "key-of-another-kind": N_("The key is not of the kind {kind}."),
    "key-not-here": N_("This browser does not have the key any more."),
    "stored-key-damaged": N_("A key in this browser is damaged and cannot be used."),
    "secret-damaged": N_("A token that was kept in this browser is damaged and cannot be used."),
    "key-not-extractable": N_("The browser does not export this key."),
}
