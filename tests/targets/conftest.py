"""Certificates to hand over, and the programs that read them."""

from collections.abc import Callable
from functools import cache

import pytest

from app.ports import KeySpec
from tests.conftest import PracticeFactory
from tests.targets.handed_over import HandedOver, hand_over
from tools.practice import PracticeCA

HandOver = Callable[[KeySpec], HandedOver]


@pytest.fixture(scope="session")
def handed_over(practice_with: PracticeFactory, practice: PracticeCA, tmp_path_factory: pytest.TempPathFactory) -> HandOver:
    """A function that gives the files of a certificate with a key of that kind.

    Those with an RSA key have two intermediates, so that their order shows.
    """

    @cache
    def ordered(key: KeySpec) -> HandedOver:
        ca = practice_with(env={"PEBBLE_CHAIN_LENGTH": "2"}) if key.startswith("rsa-") else practice
        return hand_over(ca, key, tmp_path_factory.mktemp(key))

    return ordered
