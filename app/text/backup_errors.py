"""What can be wrong with a backup, in a person's words."""

from collections.abc import Mapping
from typing import Final

from app.backup.file_format import MAX_BYTES
from app.errors import BackupError, BackupFault
from app.text.message import Message

_UNTOUCHED: Final = "Nothing in this browser was changed."

_WORDS: Final[Mapping[BackupFault, tuple[str, str]]] = {
    "none": ("There is nothing to back up yet", "This browser keeps no account, no order and no key."),
    "unreadable": ("The file cannot be read", "It was moved or deleted, or the browser may not read it. Choose it again."),
    "empty": ("The file is empty", "Copying it went wrong, perhaps. Copy it again from where it was saved first."),
    "foreign": (
        "This is no backup of Keystay",
        "A backup begins with a line that says so, and its name ends in .keystay. Choose that file.",
    ),
    "newer": (
        "This backup was made by a newer Keystay",
        "This page does not know its format yet. Open the newest version of the page, and restore it there.",
    ),
    "rounds": (
        "This file asks for an unsafe or endless computation",
        "A passphrase becomes a key by many rounds. This file asks for fewer than are safe, or for more than any backup needs. "
        "Keystay does not make such files: do not trust it.",
    ),
    "damaged": (
        "The file is damaged",
        "It is not whole, or was changed on its way: its checksum does not fit. Copy it again from where it was saved first.",
    ),
    "large": (
        "The file is too big",
        f"Keystay reads and makes backups of at most {MAX_BYTES >> 20} MB. Is it the right file?",
    ),
    "passphrase": (
        "The passphrase does not open this backup",
        "Type it again; capitals and spaces count. Without it nobody can open the file.",
    ),
    "content": (
        "What is in this backup cannot be read",
        "The passphrase is right, but a newer version of Keystay made this backup, or it was put together by hand. Try the "
        "newest version of the page.",
    ),
}


def backup_message(error: BackupError) -> Message:
    """The message for `error`: every fault has its own."""
    title, text = _WORDS[error.fault]
    return Message(title, f"{text} {_UNTOUCHED}", error.detail)
