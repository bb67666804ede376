"""Makes the <option>s of the form from the list of DNS providers, so that they are there before Python is."""

from collections.abc import Iterable
from html import escape

from app.dns.providers import DnsProvider
from app.text.provider_list import NO_PROVIDER, Translate, option_groups


def provider_options(providers: Iterable[DnsProvider], indent: str, translate: Translate = str) -> str:
    """Return the HTML of the options, one a line; all lines but the first start with `indent`. No provider stands first.

    `translate` gives the translation of a message; without it they are in English.
    """
    lines = [f'<option value="">{escape(translate(NO_PROVIDER), quote=False)}</option>']
    for label, group in option_groups(providers, translate):
        options = [f'<option value="{escape(p.id)}">{escape(p.name, quote=False)}</option>' for p in group]
        if label:
            options = [f'<optgroup label="{escape(label)}">', *(f"  {option}" for option in options), "</optgroup>"]
        lines += options
    return f"\n{indent}".join(lines)
