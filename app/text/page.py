"""What the page around the steps says: its title, its status lines, what a button answers."""

from app.text.catalog import _, ngettext


def page_title(title: str) -> str:
    """The title of the document. `title` says what the page shows."""
    return _("{title} – Keystay", title=title)


def failed_title(title: str) -> str:
    """The title of the document while an error is shown; `title` is that of the error."""
    return _("Failed: {title} – Keystay", title=title)


def working() -> str:
    """What a panel says while it works."""
    return _("One moment.")


def revoking() -> str:
    """What the panel for a revocation says while it works."""
    return _("Asking the CA to revoke it.")


def waiting_since(moment: float) -> str:
    """Since when (Unix seconds) something is waited for, by this computer's own clock."""
    return _("Since {moment:clock}.", moment=moment)


def clock_time(moment: float) -> str:
    """The time of day at `moment` (Unix seconds) by this computer's own clock, with seconds."""
    return _("{moment:clock}", moment=moment)


def copied() -> str:
    """What a copy button says once the value is on the clipboard."""
    return _("Copied")


def copy_by_hand() -> str:
    """What a copy button says where the browser refuses; the value is selected then."""
    return _("Press Ctrl+C")


def version(number: str) -> str:
    """Which version of Keystay this is, at the foot of the page."""
    return _("Version {number}.", number=number)


def renewal_page() -> str:
    """The link to the CA's page about the time to renew (RFC 9773 §4.2, explanationURL)."""
    return _("The CA’s page on that")


def offline() -> str:
    """What a browser says that has no connection at all."""
    return _("This browser says that it is offline.")


def no_indexeddb() -> str:
    """Why nothing outlives the tab, where the browser gives no reason."""
    return _("IndexedDB refuses to open.")


def silent_indexeddb() -> str:
    """Why nothing outlives the tab, where the browser does not answer."""
    return _("IndexedDB does not answer.")


def sent_so_far(sent: int, leaked: int, blocked_keys: int) -> str:
    """The line in the header: how many requests went to others, and in how many of them a private key was found.

    `blocked_keys` is how many were blocked because a private key was found in them.
    """
    stopped = ngettext(
        "{n} request blocked because it held a private key",
        "{n} requests blocked because they held a private key",
        blocked_keys,
    )
    if not sent:
        return stopped if blocked_keys else _("Nothing sent yet")
    counted = (
        ngettext(
            "{n} of {sent} requests sent held a private key",
            "{n} of {sent} requests sent held a private key",
            leaked,
            sent=sent,
        )
        if leaked
        else ngettext("{n} request sent, {keys} private keys", "{n} requests sent, {keys} private keys", sent, keys=leaked)
    )
    return _("{counted}; {stopped}", counted=counted, stopped=stopped) if blocked_keys else counted
