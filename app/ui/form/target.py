"""Step 1: where the certificate will go, what that leads to, and which keys the chosen target refuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from app.acme.identifier import Identifier
from app.errors import FieldError
from app.install.guide import target_files
from app.install.targets import Target, find_target
from app.ports import KeySpec
from app.text.install import key_may_be_refused, target_effect

NOT_SURE: Final = "not-sure"
"""The value of the field where a person has not said where the certificate will go."""


@dataclass(frozen=True)
class TargetModel:
    """What stands below the choice of a target.

    `effect` is what it leads to; "" where the person is not sure, for which the page has words of its own. `warnings` are
    whole sentences on what may go wrong.
    """

    effect: str = ""
    warnings: tuple[str, ...] = ()


def target_model(targets: tuple[Target, ...], chosen: str, names: Sequence[Identifier], key: str) -> TargetModel:
    """What the `chosen` one of `targets` means for a certificate for `names` with a new key of the kind `key`.

    `key` is "" for a request of the person's own; whether its key will do is said beside the request. Never raises.
    """
    target, spec = find_target(targets, chosen), _spec(key)
    if target is None:
        return TargetModel()
    refused = spec if spec and target.may_refuse(spec) else None
    warnings = (target.own_note, key_may_be_refused(target, refused) if refused else "")
    effect = target_effect(target, target_files(target, names), None if refused else spec)
    return TargetModel(effect, tuple(filter(None, warnings)))


def check_key(target: Target | None, spec: KeySpec, field: str) -> FieldError | None:
    """The error at `field` where `target` is known to refuse a key of the kind `spec`."""
    if target is None or not target.refuses(spec):
        return None
    code = "target-refuses-key-of-request" if field == "csr" else "target-refuses-key"
    return FieldError(field, code, target=target.name, reason=target.key_reason, spec=spec)


def _spec(key: str) -> KeySpec | None:
    return next((spec for spec in get_args(KeySpec) if spec == key), None)
