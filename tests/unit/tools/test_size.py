"""How many bytes the page loads until it is ready: every file of the site counts but those that are known to come later."""

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from tools.build import site_files
from tools.compress import compressed_copies
from tools.paths import ROOT
from tools.runtime import LATER_WHEELS

MAX_BYTES = 4_300_000
"""Compressed by brotli, as servers send them."""

NOT_AT_START = (*LATER_WHEELS, "LICENSE-", "README-")
"""How the names of files begin that the start does without: test_packages.py shows that no later wheel is asked for before it
is needed, and the licences are for people to read."""


def loaded_until_ready(site: Mapping[str, bytes]) -> dict[str, int]:
    """The files that count, each with its size as sent."""
    names = [name for name in site if not PurePosixPath(name).name.startswith(NOT_AT_START)]
    return {name: len(compressed_copies(name, site[name]).get(f"{name}.br", site[name])) for name in names}


@pytest.fixture(scope="module")
def sizes() -> dict[str, int]:
    return loaded_until_ready(site_files(ROOT, None, languages=()))


def test_what_is_loaded_until_the_page_is_ready_stays_small(sizes: Mapping[str, int]) -> None:
    listing = [f"{size:>9} {name}" for name, size in sorted(sizes.items(), key=lambda item: -item[1])]
    total = sum(sizes.values())
    assert total <= MAX_BYTES, "\n".join([f"{total:>9} bytes until ready, at most {MAX_BYTES}:", *listing])


def test_the_interpreter_its_library_and_the_app_are_counted(sizes: Mapping[str, int]) -> None:
    counted = {PurePosixPath(name).name for name in sizes}
    assert {"index.html", "pyodide.asm.wasm", "pyodide.asm.js", "python_stdlib.zip", "keystay.zip", "cas.json"} <= counted
    assert any(name.startswith("asn1crypto-") for name in counted)
