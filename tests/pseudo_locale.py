"""A pseudo-locale made from the English messages: text that is not in it is missing from the catalogue.

Each message is in ⟦brackets⟧ and has accents, so that people can read the page and see what is translated. Placeholders,
tags and code are as they were.
"""

import re
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog

from tools.localize import Language
from tools.messages import collect

TAG: Final = "en-XA"
_KEPT: Final = re.compile(r"(<code>.*?</code>|<[^>]*>|\{[^}]*\}|&[a-z0-9#]+;)")
_ACCENTS: Final = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


def pseudo_language(root: Path) -> Language:
    """The pseudo-language of the checkout at `root`."""
    catalog = Catalog(locale=TAG.replace("-", "_"), charset="utf-8", fuzzy=False)
    for message in collect(root):
        if message.id:
            catalog.add(message.id, pseudo(message.id) if isinstance(message.id, str) else tuple(map(pseudo, message.id)))
    return Language(TAG, catalog)


def pseudo(text: str) -> str:
    """`text` in the pseudo-language."""
    parts = _KEPT.split(text)
    return f"⟦{''.join(part if n % 2 else part.translate(_ACCENTS) for n, part in enumerate(parts))}⟧"
