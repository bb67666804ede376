"""Step 3: what the target of a certificate wants, and the steps that put it there."""

from dataclasses import dataclass

from app.acme.identifier import Identifier
from app.install.guide import Guide, check_command, install_guide
from app.install.targets import InstallStep, Target
from app.issuance.issuance import Issuance
from app.pki.certificate import Certificate, Chain
from app.pki.formats import format_named
from app.text.certificate import all_names, day
from app.text.install import (
    check_hint,
    code_lead,
    download_hint,
    download_words,
    key_may_be_refused,
    reload_text,
    reload_title,
    step_way,
)

USUAL_PORT = 443
"""Where a client looks for the certificate of a target that is not known."""


@dataclass(frozen=True)
class PasteBox:
    """A box of a form at the target, by its `label`. `text` is what goes into it, "" where that holds the private key."""

    label: str
    format: str
    text: str


@dataclass(frozen=True)
class StepModel:
    """One step. `way` is where it is done, `lead` stands above the lines of `code`; each may be ""."""

    title: str
    way: str = ""
    text: str = ""
    lead: str = ""
    code: tuple[str, ...] = ()
    boxes: tuple[PasteBox, ...] = ()


@dataclass(frozen=True)
class InstallModel:
    """How the certificate gets to where it goes.

    `target` is the id of the target, "" where there is none or its files cannot be made here: then the page has general words
    for the steps. `chosen` is the id in any case. `download` is the button for what it wants, with a `hint`; `locked` tells
    that a password locks it. `warnings` are whole sentences. `traps` are pairs of a sign and what helps. `check` is the
    command that looks from outside, with a `check_hint` that may be "".
    """

    target: str
    chosen: str
    download: str = ""
    hint: str = ""
    locked: bool = False
    warnings: tuple[str, ...] = ()
    steps: tuple[StepModel, ...] = ()
    traps: tuple[tuple[str, str], ...] = ()
    check: str = ""
    check_hint: str = ""


def ordered_names(certificate: Certificate, issuance: Issuance) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the certificate that were ordered, and the others: some CAs add the name with or without `www.`."""
    ordered = {identifier.value for identifier in issuance.choices.identifiers}
    names = tuple(dict.fromkeys(certificate.names))
    return tuple(name for name in names if name in ordered), tuple(name for name in names if name not in ordered)


def install_model(target: Target | None, issuance: Issuance, chain: Chain, *, has_key: bool) -> InstallModel:
    """How the certificate of `issuance`, the first of `chain`, gets into `target`; `has_key` tells that its key is here."""
    if target is None or not has_key:
        command = check_command(_identifiers(issuance, chain), USUAL_PORT)
        return InstallModel("", target.id if target else "", check=command)
    guide, spec = guide_for(target, issuance, chain), issuance.choices.key_spec
    warnings = (target.own_note, key_may_be_refused(target, spec) if target.may_refuse(spec) else "")
    steps = [_step(step, chain) for step in guide.steps]
    if guide.reload:
        lead = code_lead(guess=not target.is_sure_of("reload"))
        steps.append(StepModel(reload_title(), text=reload_text(), lead=lead, code=(guide.reload,)))
    return InstallModel(
        target=target.id,
        chosen=target.id,
        download=download_words(guide),
        hint=download_hint(target, guide),
        locked=any(file.locked for file in guide.files),
        warnings=tuple(filter(None, warnings)),
        steps=tuple(steps),
        traps=tuple((trap.sign, trap.text) for trap in guide.traps),
        check=guide.check,
        check_hint=check_hint(target.port) if target.port else "",
    )


def guide_for(target: Target, issuance: Issuance, chain: Chain) -> Guide:
    """The guide of `target` for the certificate of `issuance`, the first of `chain`."""
    identifiers = _identifiers(issuance, chain)
    names = all_names([identifier.value for identifier in identifiers], ())
    return install_guide(target, identifiers, names, day(chain.certificate.not_after))


def _identifiers(issuance: Issuance, chain: Chain) -> tuple[Identifier, ...]:
    """The ordered names in the order of the certificate, as in the names of its files."""
    by_name = {identifier.value: identifier for identifier in issuance.choices.identifiers}
    return tuple(by_name[name] for name in ordered_names(chain.certificate, issuance)[0]) or issuance.choices.identifiers


def _step(step: InstallStep, chain: Chain) -> StepModel:
    boxes = tuple(PasteBox(label, format_, _public_text(format_, chain)) for label, format_ in step.paste)
    lead = code_lead(guess=step.guess and bool(step.code) and not step.menu)
    return StepModel(step.do, step_way(step), step.text, lead, step.code, boxes)


def _public_text(format_id: str, chain: Chain) -> str:
    """The text of a file without a private key; "" for one with it."""
    if format_named(format_id).private:
        return ""
    return {"cert": chain.cert_pem, "chain": chain.chain_pem}.get(format_id, chain.fullchain_pem)
