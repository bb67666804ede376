"""What both stores of secrets must do: give back what they were given, and forget it when told."""

from typing import Final

from app.ports import Ports, SecretStore
from tests.contract.suite import Check, Place, group

CHECKS: dict[str, Check] = {}

_check = group(CHECKS)

SECRET: Final = "gänse-blümchen-1234"  # noqa: S105 – a test’s


def _store(place: Place) -> SecretStore:
    assert place.secrets is not None
    return place.secrets


@_check
async def secret_comes_back_until_it_is_deleted(_: Ports, place: Place) -> None:
    """And another one takes its place."""
    store = _store(place)
    assert await store.get("secret 1") is None
    for secret in (SECRET, "another"):
        await store.put("secret 1", secret)
        assert await store.get("secret 1") == secret
    await store.delete("secret 1")
    await store.delete("secret 1")
    assert await store.get("secret 1") is None
