"""The list of targets in a person's language: what `static/data/targets.json` says of each, and how the form offers them.

The build makes the form's options of this, before there is a page with a language. So each function takes `translate`, which
gives the translation of a message or the message itself. Labels and menus of a target stay as it writes them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.install.targets import Group, InstallStep, Target, Trap
from app.text.catalog import N_

Translate = Callable[[str], str]

GROUPS: Final[Mapping[Group, str]] = {
    "hosting": N_("Web hosting"),
    "windows": N_("Windows"),
    "web": N_("Web servers"),
    "mail": N_("Mail"),
    "home": N_("Storage and home"),
    "printers": N_("Printers"),
    # Translators: a group of devices: routers, firewalls, switches
    "network": N_("Network devices"),
    "virtual": N_("Virtual machines"),
    "cloud": N_("Cloud services"),
    "databases": N_("Databases"),
    "apps": N_("Other programs"),
    "transfer": N_("File transfer (FTP)"),
}
"""Group of the form → its label, in the order of the form."""


def option_groups(targets: Iterable[Target], translate: Translate) -> tuple[tuple[str, tuple[Target, ...]], ...]:
    """The groups of the form's options, each a label and its targets in the order of the list."""
    listed = tuple(targets)
    groups = ((translate(label), tuple(one for one in listed if one.group == group)) for group, label in GROUPS.items())
    return tuple((label, members) for label, members in groups if members)


def localized(target: Target, translate: Translate) -> Target:
    """`target` with its sentences in another language.

    Those of a target that whoever hosts a copy has added to its list are in no catalogue, and stay as they are.
    """

    def said(text: str) -> str:
        return translate(text) if text else ""

    def said_step(step: InstallStep) -> InstallStep:
        return replace(step, do=said(step.do), text=said(step.text))

    return replace(
        target,
        name=said(target.name),
        key_reason=said(target.key_reason),
        own_note=said(target.own_note),
        steps=tuple(map(said_step, target.steps)),
        traps=tuple(Trap(said(trap.sign), said(trap.text)) for trap in target.traps),
    )
