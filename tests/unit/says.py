"""Checks the sentence of an error."""

import re
from collections.abc import Callable

from app.errors import KeystayError
from app.text.sentences import sentence


def says(pattern: str) -> Callable[[KeystayError], bool]:
    """For `pytest.raises(…, check=says("…"))`: the error's sentence matches the regular expression `pattern` somewhere."""
    return lambda error: bool(re.search(pattern, sentence(error)))
