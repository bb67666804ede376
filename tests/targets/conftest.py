"""Certificates to hand over, and the programs that read them."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from app.pki.formats.password import generate_password
from app.ports import KeySpec
from tests.conftest import PracticeFactory
from tests.targets.handed_over import HandedOver, hand_over
from tools.practice import PracticeCA

HandOver = Callable[[KeySpec], HandedOver]

GENERATED = generate_password(os.urandom)
TYPED = """5 o'clock, "tea" & $HOME %d \\ ~"""
"""One that a person made up: all in it is ASCII, and half of it means something to a shell."""


@pytest.fixture(scope="session")
def handed_over(practice_with: PracticeFactory, practice: PracticeCA, tmp_path_factory: pytest.TempPathFactory) -> HandOver:
    """A function that gives the files of a certificate with a key of that kind.

    Those with an RSA key have two intermediates, so that their order shows, and a password that a person typed.
    """

    @cache
    def ordered(key: KeySpec) -> HandedOver:
        if key.startswith("rsa-"):
            return hand_over(practice_with(env={"PEBBLE_CHAIN_LENGTH": "2"}), key, tmp_path_factory.mktemp(key), TYPED)
        return hand_over(practice, key, tmp_path_factory.mktemp(key), GENERATED)

    return ordered


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """For a server: where the tests run as root, its workers do not."""
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    return tmp_path
