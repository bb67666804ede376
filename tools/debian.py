"""Unpacks programs from Debian packages under .cache, without installing them: older and other servers for a few tests.

Only where apt is; elsewhere, or where it fails, those tests are skipped and say so. Standard library only.
"""

import os
import shutil
from functools import partial
from pathlib import Path

from tools.paths import CACHE
from tools.steps import StepError, key_of, once, remove, run, say

PACKAGES = ("nginx", "pebble", "apache2-bin", "libapr1", "libaprutil1")
FOLDER = CACHE / "debian"


def unpacked(package: str) -> Path:
    """The folder of a package's programs; it may not be there."""
    folder = FOLDER / package / "usr"
    return next((folder / name for name in ("sbin", "bin") if (folder / name).is_dir()), folder / "bin")


def set_up_debian() -> None:
    """Unpack the packages, where apt has them."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        say("There is no apt here, so the tests with Debian's nginx, Apache and older Pebble are skipped.")
        return
    for package in PACKAGES:
        try:
            once(f"{package} from Debian", FOLDER / package / ".stamp", key_of(package), partial(_unpack, package))
        except StepError as error:
            say(f"apt could not fetch {package}, so its tests are skipped: {error}")


def _unpack(package: str) -> None:
    folder, log = FOLDER / package, CACHE / "log" / f"{package}.log"
    remove(folder)
    folder.mkdir(parents=True)
    try:
        run(["apt-get", "download", "-q", package], cwd=folder, log=log)
    except StepError:
        if os.geteuid() != 0:
            raise
        run(["apt-get", "update", "-q"], log=log)  # a fresh machine has no lists yet
        run(["apt-get", "download", "-q", package], cwd=folder, log=log)
    (archive,) = folder.glob("*.deb")
    run(["dpkg-deb", "-x", archive, folder], log=log)
    archive.unlink()
