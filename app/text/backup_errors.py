"""What can be wrong with a backup, in a person's words."""

from collections.abc import Mapping
from typing import Final

from app.backup.file_format import MAX_BYTES
from app.errors import BackupError, BackupFault
from app.text.catalog import N_, _
from app.text.message import Message, sentences

_WORDS: Final[Mapping[BackupFault, tuple[str, str]]] = {
    "none": (N_("There is nothing to back up yet"), N_("This browser keeps no account, no order and no key.")),
    "unreadable": (
        N_("The file cannot be read"),
        N_("It was moved or deleted, or the browser is not allowed to read it. Choose it again."),
    ),
    "empty": (
        N_("The file is empty"),
        N_("Perhaps it was not copied completely. Copy it again from where it was saved first."),
    ),
    "foreign": (
        N_("This is not a Keystay backup"),
        N_("A backup begins with a line that says so, and its name ends in .keystay. Choose that file."),
    ),
    "newer": (
        N_("This backup was made by a newer Keystay"),
        N_("This page does not know its format yet. Open the newest version of the page, and restore it there."),
    ),
    "rounds": (
        N_("This file asks for an unsafe or endless computation"),
        N_(
            "A passphrase is turned into a key in many rounds. This file asks for fewer than are safe, or for more than "
            "any backup needs. Keystay does not make such files: do not trust this one."
        ),
    ),
    "damaged": (
        N_("The file is damaged"),
        N_(
            "It is incomplete, or was changed after it was made: its checksum does not match. Copy it again from where it "
            "was saved first."
        ),
    ),
    "large": (
        N_("The file is too big"),
        N_("Keystay reads and makes backups of at most {most:size}. Is it the right file?"),
    ),
    "passphrase": (
        N_("The passphrase does not open this backup"),
        N_("Type it again; capitals and spaces count. Without it nobody can open the file."),
    ),
    "content": (
        N_("What is in this backup cannot be read"),
        N_(
            "The passphrase is right, but a newer version of Keystay made this backup, or it was made by hand. Try the "
            "newest version of the page."
        ),
    ),
}


def backup_message(error: BackupError) -> Message:
    """The message for `error`: every fault has its own."""
    title, text = _WORDS[error.fault]
    return Message(_(title), sentences(_(text, most=MAX_BYTES), _("Nothing in this browser was changed.")), error.detail)
