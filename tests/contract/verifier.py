"""What both verifiers must do: take the signatures of the key store, with every digest, and no altered ones."""

from typing import Final, get_args

from app.ports import HashName, KeySpec, Ports
from tests.contract.suite import Check, Place, group

CHECKS: dict[str, Check] = {}

_check = group(CHECKS)

DATA: Final = b"to be signed"

# ECDSA and RSASSA-PKCS1-v1_5 over DATA with SHA-512, made by `cryptography`: the key store itself signs with other digests.
SHA512_SIGNATURES: Final[tuple[tuple[KeySpec, bytes, bytes], ...]] = (
    (
        "ec-p256",
        bytes.fromhex(
            "3059301306072a8648ce3d020106082a8648ce3d0301070342000428379681310215aad75d78d247fc495dcd70d033e6a906"
            "2163a4baf3d51e22aaf1ad93224397e309a18418b38ef3a615e0d168c45021b55141d46262e0193e9e"
        ),
        bytes.fromhex(
            "a25613beea2b88ea14f8454b466bca9a293e773d3c456b3ac308f0339bb33c258f8cee020e04e0406de4be7c7903da079bcb"
            "52d0b25e4567bd286c49721f9c08"
        ),
    ),
    (
        "rsa-2048",
        bytes.fromhex(
            "30820122300d06092a864886f70d01010105000382010f003082010a0282010100ba8559457224308f87695aadd2fffaadcc"
            "c803b781034d5cb3050903ebacea2655d277792b767eae00cb8452587ab5e4e6067b0d260fce460e9dc7eeb6b54564e4939b"
            "9f850f2009dcb5fb05dd201bd9933d283e6cf32089444992ff051be79f4b90159abb31e5251e0c6036cd1f53186f7a67f7aa"
            "252571a9f53f6559ce1d31714ada68eac483665a3680cf2d455f9955af85cd2df376048654df0d52ea442d3365ee4abfc353"
            "a4429ec963124c470e8462b6316dd5507d37444004507da9ebeb07d4e24cac78a8ba433121b27ac3895ce3dd51e92b8e3f2f"
            "a6606809f8fbf44220738dca3d5e28014c61776da2ffe53262a360b95bb7acf23a34fc0b934b370203010001"
        ),
        bytes.fromhex(
            "83fb7424d43c4441c54617dab8a8d133ec021e037964d604513884625be9a76385e5b5cc2fa6788028c1d5095ce3bd0e963c"
            "7b2d103269fd98e68dcd31a56487df9fee633f43344c2db42029bec3d26917e8f4b077e668dd45e528775df58db4858bd05f"
            "e890e45c9f4dc2eea3bc887f928741a874f75d0c90f7a0cd0073907cb19c683ccc2835cd622cba7c6ab4905929e102d3a4f5"
            "995c1c0a5d96e4f0fce0bb7f6dc83b35c9985e93da97fc86ec8f6f891cd1405465c236087c7e38c60bebfdf796953b5a78fe"
            "be7c88eb09c757e012c60da0d1ecfe26557edf70c92fc8cc619f6aee1e5f1149bb082e9332787b66fd14858f69f379666719"
            "65bc3a0f697d"
        ),
    ),
)


@_check
async def signatures_of_every_kind_of_key_are_taken(ports: Ports, _: Place) -> None:
    """And none over other data, of another key, with another digest, or cut."""
    kinds: dict[KeySpec, HashName] = {"ec-p256": "sha256", "ec-p384": "sha384", "rsa-2048": "sha256"}
    other = await ports.keys.generate("verifier other", "ec-p256", extractable=False)
    for spec, digest in kinds.items():
        key = await ports.keys.generate("verifier", spec, extractable=False)
        signature = await key.sign(DATA)
        verify, spki = ports.verifier.verify, key.public_spki
        assert await verify(spki, spec, digest, signature, DATA)
        assert not await verify(spki, spec, digest, signature, DATA + b"!")
        assert not await verify(spki, spec, "sha512", signature, DATA)
        assert not await verify(spki, spec, digest, bytes([signature[0] ^ 1]) + signature[1:], DATA)
        assert not await verify(spki, spec, digest, signature[:-1], DATA)
        assert not await verify(other.public_spki, "ec-p256", digest, signature, DATA)
    for name in ("verifier", "verifier other"):
        await ports.keys.delete(name)


@_check
async def every_digest_is_known(ports: Ports, _: Place) -> None:
    """Requests are signed with SHA-256, SHA-384 or SHA-512, whatever the key."""
    for spec, spki, signature in SHA512_SIGNATURES:
        outcomes = [await ports.verifier.verify(spki, spec, digest, signature, DATA) for digest in get_args(HashName)]
        assert outcomes == [False, False, True]


@_check
async def what_is_no_key_has_signed_nothing(ports: Ports, _: Place) -> None:
    """Any bytes may come."""
    for spki in (b"", b"0", bytes(91)):
        assert not await ports.verifier.verify(spki, "ec-p256", "sha256", bytes(64), DATA)
