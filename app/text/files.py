"""Step 2 in words: files on the web server, and certificates on port 443."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_, _, ngettext

_TWO: Final = 2  # of which English says “both”

FILE_PARTS: Final[Mapping[str, str]] = {
    "url": N_("the address of file {number}"),
    "content": N_("the content of file {number}"),
    "filename": N_("the name of file {number}"),
}
"""What a button on the card of a file copies → how it is named after “Copy”."""

CERTIFICATE_PARTS: Final[Mapping[str, str]] = {
    "server-name": N_("the server name of certificate {number}"),
    "command": N_("the command for certificate {number}"),
}
"""The same on the card of a certificate."""


def file_title(number: int) -> str:
    """The heading of the card of one file; what it proves stands behind it."""
    return _("File {number}", number=number)


def certificate_title(number: int) -> str:
    """The heading of the card of one certificate; what it proves stands behind it."""
    return _("Certificate {number}", number=number)


def proves(name: str) -> str:
    """What a file or certificate is for, behind its title."""
    return _("proves {name}", name=name)


def part_of(parts: Mapping[str, str], part: str, number: int) -> str:
    """What is copied, one of `parts`, from the card with this `number`."""
    return _(parts[part], number=number)


def open_address() -> str:
    """The link on the card of a file that opens its address."""
    return _("Open the address")


def open_address_of(number: int) -> str:
    """The same link, as a screen reader names it among others."""
    return _("Open the address of file {number}", number=number)


def download_file(number: int) -> str:
    """The button on the card of a file."""
    return _("Download file {number}", number=number)


def download_certificate(filename: str) -> str:
    """The button on the card of a certificate, whose file this is."""
    return _("Download {file}", file=filename)


def download_title(count: int) -> str:
    """The first thing to do with `count` files."""
    return ngettext("Download the file", "Download the files", count)


def zip_words(count: int) -> str:
    """What is in the zip of `count` files."""
    if count == _TWO:
        return _("One zip with both, in the folders that they need. They have no ending such as .txt; it must stay so.")
    return ngettext(
        "A zip with the file, in the folders that it needs. It has no ending such as .txt; it must stay so.",
        "One zip with all {n}, in the folders that they need. They have no ending such as .txt; it must stay so.",
        count,
    )


def servers_words(hosts: int) -> str:
    """What to do where the files are for several `hosts`; "" for one."""
    if hosts < _TWO:
        return ""
    return _(
        "If your names have different folders or servers, unpack the same zip in each of them. The files of the other names do "
        "no harm there."
    )


def open_title(count: int) -> str:
    """The last thing to do with `count` files."""
    if count == _TWO:
        return _("Open both addresses")
    return ngettext("Open the address", "Open all {n} addresses", count)


def show_title(count: int) -> str:
    """The first thing to do with the files of `count` certificates."""
    return ngettext("Put the file on the server", "Put each file on its server", count)
