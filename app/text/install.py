"""Where a certificate goes, in words: what the choice leads to, which keys are refused, and how it is installed."""

from collections.abc import Sequence

from app.encoding.key_types import KEY_TYPES
from app.install.targets import Target
from app.ports import KeySpec
from app.text.catalog import _, ngettext
from app.text.message import sentences

# ---- step 1 ----


def unsure_effect(need_rsa: Sequence[str]) -> str:
    """What it leads to that nobody has said where the certificate goes; `need_rsa` are targets that refuse EC keys."""
    return sentences(
        _("You get all the files one by one, and one zip of them."),
        _("Some printers and older devices take RSA keys only, and so do {names:and}.", names=need_rsa) if need_rsa else "",
    )


def target_effect(target: Target, files: Sequence[str], made: KeySpec | None) -> str:
    """What `target` leads to: its `files`, and the kind of key that is `made` for it (None where none is)."""
    count, values = len(files), {"files": list(files), "target": target.name}
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
    locked = any(file.format in ("pfx", "pfx-legacy", "privkey-encrypted") for file in target.files)
    return sentences(
        gets,
        _("A password locks the key.") if locked else "",
        _("The key will be {type}.", type=KEY_TYPES[made].name) if made else "",
        target.key_reason if made else "",
    )


def key_may_be_refused(target: Target, spec: KeySpec) -> str:
    """That `target`, or some version of it, may refuse the chosen kind of key."""
    return sentences(_("The key is {type}.", type=KEY_TYPES[spec].name), target.key_reason)
