"""Makes the <option>s of the form from the list of targets, so that they are there before Python is."""

from collections.abc import Iterable
from html import escape

from app.install.targets import Target
from app.text.target_list import Translate, localized, option_groups


def target_options(targets: Iterable[Target], indent: str, translate: Translate = str) -> str:
    """Return the HTML of the options, one a line; all lines but the first start with `indent`.

    Each says by `data-also` what else people call it, and by `data-key` which kind of key static/form.mjs chooses for it.
    `translate` gives the translation of a message; without it they are in English.
    """
    lines: list[str] = []
    for label, group in option_groups((localized(target, translate) for target in targets), translate):
        lines += [f'<optgroup label="{escape(label)}">', *(f"  {_option(target)}" for target in group), "</optgroup>"]
    return f"\n{indent}".join(lines)


def _option(target: Target) -> str:
    also = f' data-also="{escape(" ".join(target.also))}"' if target.also else ""
    key = f' data-key="{target.usual_key}"' if target.usual_key else ""
    return f'<option value="{escape(target.id)}"{also}{key}>{escape(target.name, quote=False)}</option>'
