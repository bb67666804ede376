"""What both key stores must do: keys of each kind, made, signed with, taken out, brought in, deleted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, get_args

from app.errors import DamagedKeyError, StorageError
from app.ports import KeyHandle, KeySpec, Ports
from tests.contract.suite import Check, Evidence, Place, error_of, group

CHECKS: dict[str, Check] = {}
"""Checks that hold in both worlds, by name."""
LARGE_CHECKS: dict[str, Check] = {}
"""Those with large keys, which take long to make."""

_check = group(CHECKS)

SPECS: Final[tuple[KeySpec, ...]] = get_args(KeySpec)
LARGE: Final[tuple[KeySpec, ...]] = ("rsa-3072", "rsa-4096")


def _for_every_kind(function: Callable[[Ports, Place, KeySpec], Awaitable[list[Evidence]]]) -> None:
    def of_kind(spec: KeySpec) -> Check:
        return lambda ports, place: function(ports, place, spec)

    for spec in SPECS:
        checks = LARGE_CHECKS if spec in LARGE else CHECKS
        checks[f"{getattr(function, '__name__', '')}_{spec}"] = of_kind(spec)


async def evidence_of(key: KeyHandle, pkcs8: bytes = b"", data: bytes = b"to be signed") -> Evidence:
    signature = await key.sign(data)
    return {
        "spec": key.spec,
        "jwk": dict(key.public_jwk),
        "spki": key.public_spki.hex(),
        "data": data.hex(),
        "signature": signature.hex(),
        "pkcs8": pkcs8.hex(),
    }


@_for_every_kind
async def key_signs_and_can_be_taken_out_and_found_again(ports: Ports, _: Place, spec: KeySpec) -> list[Evidence]:
    """A key of each kind: what it shows, what it signs, its PKCS#8, and the same key loaded by its name."""
    name = f"taken out {spec}"
    made = await ports.keys.generate(name, spec, extractable=True)
    found = await ports.keys.load(name)
    assert found is not None
    assert made.spec == found.spec == spec
    assert made.extractable is found.extractable is True
    assert dict(made.public_jwk) == dict(found.public_jwk)
    assert made.public_spki == found.public_spki
    pkcs8 = await ports.keys.export_pkcs8(name)
    return [await evidence_of(made, pkcs8), await evidence_of(found, pkcs8, data=b"\x00\xff" * 5000)]


@_for_every_kind
async def key_that_was_brought_in_is_the_same_key(ports: Ports, _: Place, spec: KeySpec) -> list[Evidence]:
    """Extractable or not, as was asked; and it signs as the one that went out."""
    made = await ports.keys.generate(f"out {spec}", spec, extractable=True)
    pkcs8 = await ports.keys.export_pkcs8(f"out {spec}")
    locked = await ports.keys.import_pkcs8(f"in {spec}", pkcs8, spec, extractable=False)
    await assert_refused(ports.keys.export_pkcs8(f"in {spec}"))
    free = await ports.keys.import_pkcs8(f"in {spec}", pkcs8, spec, extractable=True)
    assert made.public_spki == locked.public_spki == free.public_spki
    assert locked.spec == free.spec == spec
    assert (locked.extractable, free.extractable) == (False, True)
    return [await evidence_of(locked), await evidence_of(free, await ports.keys.export_pkcs8(f"in {spec}"))]


@_check
async def key_that_is_damaged_or_of_another_kind_is_not_brought_in(ports: Ports, _: Place) -> None:
    """And leaves no trace."""
    await ports.keys.generate("of a kind", "ec-p256", extractable=True)
    pkcs8 = await ports.keys.export_pkcs8("of a kind")
    await _damaged(ports.keys.import_pkcs8("wrong", pkcs8[:-40], "ec-p256", extractable=True))
    await ports.keys.generate("another", "ec-p256", extractable=True)
    halves = pkcs8[:-64] + (await ports.keys.export_pkcs8("another"))[-64:]  # the public key stands at the end (RFC 5915 §3)
    await _damaged(ports.keys.import_pkcs8("wrong", halves, "ec-p256", extractable=True))
    for spec in SPECS[1:]:
        await _damaged(ports.keys.import_pkcs8("wrong", pkcs8, spec, extractable=True))
    await ports.keys.generate("of a kind", "rsa-2048", extractable=True)
    pkcs8 = await ports.keys.export_pkcs8("of a kind")
    await _damaged(ports.keys.import_pkcs8("wrong", pkcs8, "rsa-3072", extractable=True))
    assert await ports.keys.load("wrong") is None


@_check
async def key_that_is_not_extractable_signs_but_is_never_given_out(ports: Ports, _: Place) -> list[Evidence]:
    """It also stays so when it is loaded again."""
    made = await ports.keys.generate("locked", "ec-p256", extractable=False)
    found = await ports.keys.load("locked")
    assert found is not None
    assert made.extractable is found.extractable is False
    await assert_refused(ports.keys.export_pkcs8("locked"))
    return [await evidence_of(made), await evidence_of(found)]


@_check
async def key_nobody_made_is_not_there(ports: Ports, _: Place) -> None:
    """Loading gives None, export is refused, deleting does no harm."""
    assert await ports.keys.load("never made") is None
    await assert_refused(ports.keys.export_pkcs8("never made"))
    await ports.keys.delete("never made")


@_check
async def key_made_under_the_same_name_replaces_the_other(ports: Ports, _: Place) -> list[Evidence]:
    """Also one of another kind."""
    first = await ports.keys.generate("replaced", "ec-p256", extractable=True)
    second = await ports.keys.generate("replaced", "ec-p384", extractable=True)
    found = await ports.keys.load("replaced")
    assert found is not None
    assert first.public_spki != second.public_spki == found.public_spki
    assert found.spec == "ec-p384"
    return [await evidence_of(found, await ports.keys.export_pkcs8("replaced"))]


@_check
async def key_that_was_deleted_is_gone_and_others_stay(ports: Ports, _: Place) -> None:
    """Names are told apart exactly."""
    for name in ("deleted", "deleted too"):
        await ports.keys.generate(name, "ec-p256", extractable=True)
    await ports.keys.delete("deleted")
    assert await ports.keys.load("deleted") is None
    assert await ports.keys.load("deleted too") is not None
    await assert_refused(ports.keys.export_pkcs8("deleted"))


@_check
async def names_of_keys_are_sorted(ports: Ports, _: Place) -> None:
    """By code point, as Python sorts; a deleted key has none."""
    names = {"named b", "named a", "named ü", "named B", "named 10", "named 9"}
    for name in names | {"named and deleted"}:
        await ports.keys.generate(name, "ec-p256", extractable=False)
    await ports.keys.delete("named and deleted")
    found = await ports.keys.names()
    assert found == sorted(found)
    assert {name for name in found if name.startswith("named ")} == names


@_check
async def keys_made_at_once_are_different_keys(ports: Ports, _: Place) -> None:
    """Nothing is mixed up between calls that are under way together."""
    made = await asyncio.gather(*(ports.keys.generate(f"at once {n}", "ec-p256", extractable=True) for n in range(8)))
    found = [await ports.keys.load(f"at once {n}") for n in range(8)]
    assert [key.public_spki for key in made] == [key and key.public_spki for key in found]
    assert len({key.public_spki for key in made}) == 8


@_check
async def key_may_have_any_name(ports: Ports, _: Place) -> None:
    """Such as the URLs that the flow uses."""
    name = "account https://ca.example/dir?ü=1 ‘x’\n"
    made = await ports.keys.generate(name, "ec-p256", extractable=False)
    found = await ports.keys.load(name)
    assert found is not None
    assert found.public_spki == made.public_spki


async def assert_refused(work: Awaitable[object]) -> None:
    assert str(await error_of(work, StorageError))


async def _damaged(work: Awaitable[object]) -> None:
    assert str(await error_of(work, DamagedKeyError))
