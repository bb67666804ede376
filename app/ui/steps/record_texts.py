"""Step 2: the DNS records as text, for other forms and programs than a provider's form."""

from app.ui.views import RecordsModel


def record_texts(model: RecordsModel, tool: str) -> dict[str, str]:
    """The records in each form, by the hook of the place where it is shown; the commands are those of `tool`."""
    return {}


def record_tools() -> tuple[tuple[str, str], ...]:
    """Id and name of each tool."""
    return ()
