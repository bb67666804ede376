"""The message for an error. Its words are imported when there is an error: few visits have one, and they are many."""

from app.ca.catalog import CertificateAuthority
from app.text.message import Message
from app.text.tasks import Task


def message_for(error: Exception, authority: CertificateAuthority | None = None, task: Task = "order") -> Message:
    """See `app.text.error_messages.message_for`."""
    from app.text import error_messages

    return error_messages.message_for(error, authority, task)
