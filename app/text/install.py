"""Where a certificate goes, in words: what the choice leads to, which keys are refused, and how it is installed."""

from collections.abc import Sequence
from textwrap import indent
from typing import Final

from app.encoding.key_types import KEY_TYPES
from app.install.guide import Guide, GuideFile
from app.install.targets import InstallStep, Target
from app.ports import KeySpec
from app.text.catalog import N_, _, ngettext
from app.text.message import lines, paragraphs, sentences

# ---- step 1 ----


def target_effect(target: Target, files: Sequence[GuideFile], made: KeySpec | None) -> str:
    """What `target` leads to: its `files`, and the kind of key that is `made` for it (None where none is)."""
    count, values = len(files), {"files": [file.name for file in files], "target": target.name}
    if target.is_sure_of("files"):
        gets = ngettext(
            "You get the file {files:and}, and the steps for {target}.",
            "You get the files {files:and}, and the steps for {target}.",
            count,
            **values,
        )
    else:
        gets = ngettext(
            "You get the file {files:and}, as {target} usually wants it, and the steps.",
            "You get the files {files:and}, as {target} usually wants them, and the steps.",
            count,
            **values,
        )
    return sentences(
        gets,
        _("A password locks the key.") if any(file.locked for file in files) else "",
        _("The key will be {type}.", type=KEY_TYPES[made].name) if made else "",
        target.key_reason if made else "",
    )


def key_may_be_refused(target: Target, spec: KeySpec) -> str:
    """That `target`, or some version of it, may refuse the chosen kind of key."""
    return sentences(_("The key is {type}.", type=KEY_TYPES[spec].name), target.key_reason)


# ---- step 3 ----

# Translators: what stands between the steps of a menu
_MENU_STEP: Final = N_(" › ")


def steps_are_for(target: Target | None) -> str:
    """Another target was chosen in step 3."""
    if target is None:
        return _("The steps are general now.")
    return _("The steps and the download are for {target} now.", target=target.name)


def download_words(guide: Guide) -> str:
    """The button that hands out what the target wants."""
    names = [file.name for file in guide.files]
    if len(names) == 1:
        return _("Download {file}", file=names[0])
    return ngettext("Download the {n} file (.zip)", "Download the {n} files (.zip)", len(names))


def download_hint(target: Target, guide: Guide) -> str:
    """What is in that download; the password, if it needs one, stands above it."""
    names = [file.name for file in guide.files]
    locked = _("It is locked with the password above.") if any(file.locked for file in guide.files) else ""
    if len(names) == 1:
        return sentences(_("All that {target} wants, in one file.", target=target.name), locked)
    return sentences(_("{files:and}, and a note that says how to install them.", files=names), locked)


def step_way(step: InstallStep) -> str:
    """Where in the menus of the target this step is done; "" where it has none."""
    if not step.menu:
        return ""
    path = _(_MENU_STEP).join(step.menu)
    return _("Usually under {path}.", path=path) if step.guess else _("Under {path}.", path=path)


def code_lead(*, guess: bool) -> str:
    """What stands above commands or lines that nobody has verified; "" for others."""
    return _("Usually:") if guess else ""


def reload_title() -> str:
    """The last step: the target must use the new files."""
    return _("Make it use the new files")


def reload_text() -> str:
    """Why that is needed."""
    return _("Until then it goes on with the old ones.")


def code_of_step(number: int) -> str:
    """What a copy button copies: the lines of step `number`."""
    return _("the lines of step {number}", number=number)


def content_for(label: str) -> str:
    """What a copy button copies: the content for a box of a form, by the label of that box."""
    return _("what goes into “{label}”", label=label)


def show_private_words(label: str) -> str:
    """The button that shows the private key for such a box."""
    return _("Show the private key for “{label}”", label=label)


def check_hint(port: int) -> str:
    """Beside the command that looks from outside, for a target that listens on `port`; "" for the usual port of https."""
    usual = 443
    return "" if port == usual else _("If it listens on another port than {port}, change that in the line.", port=str(port))


def guide_text(target: Target, guide: Guide) -> str:
    """The steps as plain text, for the note in a zip."""
    steps = [_numbered(number, step) for number, step in enumerate(guide.steps, start=1)]
    if guide.reload:
        words = sentences(reload_text(), code_lead(guess=not target.is_sure_of("reload")))
        steps.append(_numbered(len(steps) + 1, InstallStep(reload_title(), words, code=(guide.reload,))))
    traps = [lines(trap.sign, trap.text) for trap in guide.traps]
    check = lines(_("From outside, this shows the certificate:"), _indented(guide.check)) if guide.check else ""
    return paragraphs(*steps, *traps, check)


def _numbered(number: int, step: InstallStep) -> str:
    words = sentences(step_way(step), step.text, code_lead(guess=step.guess and bool(step.code) and not step.menu))
    return lines(_("{number}. {title}", number=str(number), title=step.do), words, *map(_indented, step.code))


def _indented(code: str) -> str:
    return indent(code, "    ")
