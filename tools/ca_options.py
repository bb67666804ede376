"""The CAs to choose from, as the <option>s of the form: made from the list, so that they are there before Python is."""

from collections.abc import Iterable
from html import escape
from typing import Final

from app.ca.catalog import CertificateAuthority

GROUPS: Final = {
    "relay": "Through a relay",
    "unknown": "Perhaps directly: not known to let browsers in",
    "none": "Needs a relay, and there is none here",
    "closed": "Closed",
}
"""Group → its label, in the order of the form. What is reached directly stands above them, in no group."""


def ca_options(authorities: Iterable[CertificateAuthority], indent: str) -> str:
    """Return the HTML of the options, one a line; all lines but the first start with `indent`."""
    grouped: dict[str, list[str]] = {"": [], **{group: [] for group in GROUPS}}
    for authority in authorities:
        grouped[_group(authority)].append(_option(authority))
    lines = grouped.pop("")
    for group, options in grouped.items():
        if options:
            lines += [f'<optgroup label="{GROUPS[group]}">', *(f"  {option}" for option in options), "</optgroup>"]
    return f"\n{indent}".join(lines)


def _group(authority: CertificateAuthority) -> str:
    if authority.closed:
        return "closed"
    if authority.records or (authority.reachability == "direct" and authority.cors == "yes"):
        return ""
    return "unknown" if authority.reachability == "direct" else authority.reachability


def _option(authority: CertificateAuthority) -> str:
    text, state = authority.name, ""
    if authority.records:
        text, state = f"{text} on this computer", " hidden disabled"  # form.mjs offers it where it is
    if authority.closed:
        text, state = f"{text}: {authority.closed}", " disabled"
    if not authority.trusted:
        text += " (test certificates)"
    if authority.terms or authority.records:  # the practice CA has no page of terms, and form.mjs knows it by that
        state += f' data-terms="{escape(authority.terms or "")}"'
    return f'<option value="{escape(authority.id)}"{state}>{escape(text, quote=False)}</option>'
