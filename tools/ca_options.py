"""Makes the <option>s and the cards of the form from the list of CAs, so that they are there before Python is."""

from collections.abc import Iterable
from html import escape

from app.ca.catalog import CertificateAuthority
from app.text.ca_list import GROUPS, Translate, localized, option_text


def ca_options(authorities: Iterable[CertificateAuthority], indent: str, translate: Translate = str) -> str:
    """Return the HTML of the options, one a line; all lines but the first start with `indent`.

    `translate` gives the translation of a message; without it they are in English.
    """
    grouped: dict[str, list[str]] = {"": [], **{group: [] for group in GROUPS}}
    for authority in authorities:
        grouped[_group(authority)].append(_option(localized(authority, translate), translate))
    lines = grouped.pop("")
    for group, options in grouped.items():
        if options:
            lines += [
                f'<optgroup label="{escape(translate(GROUPS[group]))}">',
                *(f"  {option}" for option in options),
                "</optgroup>",
            ]
    return f"\n{indent}".join(lines)


def ca_cards(authorities: Iterable[CertificateAuthority], indent: str, translate: Translate = str) -> str:
    """Return the HTML of the cards, for those CAs with a summary that the page can reach; else as `ca_options`.

    The practice CA stands first. static/form.mjs takes it out where it is not there: so nothing moves where it is.
    """
    shown = [authority for authority in authorities if authority.summary and authority.reachability != "none"]
    shown.sort(key=lambda authority: not authority.records)
    return f"\n{indent}".join(line for authority in shown for line in _card(localized(authority, translate)))


def _card(authority: CertificateAuthority) -> list[str]:
    wide = ' class="card wide-card"' if authority.records else ' class="card"'
    return [
        f"<label{wide}>",
        f'  <input type="radio" name="ca-card" value="{escape(authority.id)}" data-sets="ca">',
        f'  <strong translate="no">{escape(authority.name, quote=False)}</strong>',
        f"  <span>{escape(authority.summary, quote=False)}</span>",
        *([f'  <span class="tag">{escape(authority.limits, quote=False)}</span>'] if authority.limits else []),
        "</label>",
    ]


def _group(authority: CertificateAuthority) -> str:
    if authority.closed:
        return "closed"
    if authority.records or (authority.reachability == "direct" and authority.cors == "yes"):
        return ""
    return "unknown" if authority.reachability == "direct" else authority.reachability


def _option(authority: CertificateAuthority, translate: Translate) -> str:
    text, state = option_text(authority, translate), ""
    if authority.records:
        state = " hidden disabled"  # form.mjs offers it where it is
    if authority.closed:
        state = " disabled"
    if authority.terms or authority.records:  # the practice CA has no page of terms, and form.mjs knows it by that
        state += f' data-terms="{escape(authority.terms or "")}"'
    return f'<option value="{escape(authority.id)}"{state}>{escape(text, quote=False)}</option>'
