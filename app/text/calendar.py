"""The reminder to renew a certificate: what stands in the calendar, and what a link from there leads to."""

from datetime import datetime

from app.text.catalog import _
from app.text.message import Message, paragraphs


def event_title(names: str) -> str:
    """What is to be done, as the calendar shows it."""
    return _("Renew the certificate for {names}", names=names)


def event_text(names: str, end: datetime, link: str, *, hours: bool) -> str:
    """What the event says. `end` is when the certificate ends, to the minute where its life is counted in `hours`."""
    last = (
        _("Browsers accept the certificate for {names} until {end:datetime}.", names=names, end=end)
        if hours
        else _("Browsers accept the certificate for {names} until {end:date}.", names=names, end=end)
    )
    return paragraphs(
        last,
        _("Open this link in the browser in which you ordered it, and press its button to renew:"),
        link,
    )


# ---- a link from a calendar ----


def renew_here(names: str) -> str:
    """The link was opened where the certificate is, and its button has the focus."""
    return _("Your calendar led you here: this is the certificate for {names}.", names=names)


def renewed_already(names: str) -> str:
    """The link was opened, but a newer certificate is here."""
    return _("There is nothing to do: a newer certificate for {names} has taken the place of that one.", names=names)


def not_here() -> Message:
    """The link was opened in a browser that does not have the certificate."""
    return Message(
        _("The certificate of that link is not in this browser"),
        _(
            "Open the link in the browser in which you ordered it. If that one is gone, restore a backup here, or order a new "
            "certificate for the same names below."
        ),
    )
