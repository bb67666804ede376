"""Unpacks programs from Debian packages under .cache, without installing them: servers and readers of files, for tests.

Only where apt is; elsewhere, or where it fails, those tests are skipped and say so. The DNS servers, and the programs of `make
test-targets`, each share a folder with the libraries that they need and this machine lacks. Standard library only.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tools.paths import CACHE
from tools.steps import StepError, key_of, once, output_of, remove, run, say

PACKAGES = ("nginx", "pebble", "apache2-bin", "libapr1", "libaprutil1", "lego")
DNS_PACKAGES = ("knot", "unbound", "dnsdist")
DNS_FOLDER = "dns-servers"
TARGET_PACKAGES = {
    "haproxy": ("haproxy",),
    "postfix": ("postfix",),
    "lighttpd": ("lighttpd", "lighttpd-mod-openssl"),
    "vsftpd": ("vsftpd",),
    "redis": ("redis-server",),
    "libnss3-tools": ("libnss3-tools",),
    "gnutls-bin": ("gnutls-bin",),
}
JAVA_PACKAGE = "openjdk-17-jre-headless"
POWERDNS_PACKAGES = ("pdns-server", "pdns-backend-sqlite3")
POWERDNS_FOLDER = "powerdns"
FOLDER = CACHE / "debian"


def unpacked(package: str) -> Path:
    """The folder of a package's programs; it may not be there."""
    folder = FOLDER / package / "usr"
    return next((folder / name for name in ("sbin", "bin") if (folder / name).is_dir()), folder / "bin")


def libraries(package: str) -> Path:
    """The folder of the libraries that were unpacked with `package`; it may not be there."""
    folder = FOLDER / package / "usr" / "lib"
    return next(iter(sorted(folder.glob("*-linux-gnu*"))), folder)


def unpack(package: str) -> None:
    """Unpack one package; where apt cannot fetch it, this only says so."""
    _set_up(package, key_of(package), partial(list, [package]))


def install(package: str) -> None:
    """Install a package for the whole machine, which only root may. Raises `StepError`."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        raise StepError("only root can install packages, and only where apt is.")
    say(f"{package} by apt …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run([apt, "update", "-q"], env=quiet)
    except StepError as error:
        say(f"apt could not update its package lists: {error}")
    run([apt, "install", "-q", "-y", "--no-install-recommends", package], env=quiet)


def set_up_debian() -> None:
    """Unpack the packages, where apt has them."""
    if not has_apt():
        say("There is no apt here, so the tests with Debian's nginx, Apache, lego and older Pebble are skipped.")
        return
    for package in PACKAGES:
        unpack(package)


def set_up_dns_servers() -> None:
    """Unpack Knot, Unbound, dnsdist and PowerDNS with the libraries that this machine lacks, where apt has them."""
    if not has_apt():
        say("There is no apt here, so the tests with real DNS servers are skipped.")
        return
    for folder, packages in ((DNS_FOLDER, DNS_PACKAGES), (POWERDNS_FOLDER, POWERDNS_PACKAGES)):
        _set_up(folder, key_of(*packages), partial(_with_libraries, *packages))


def set_up_target_programs() -> None:
    """Unpack the programs to which certificates are handed over, each with the libraries that this machine lacks."""
    if not has_apt():
        say("There is no apt here, so certificates are handed over to the programs that are installed, and to no others.")
        return
    java = {} if shutil.which("keytool") else {JAVA_PACKAGE: (JAVA_PACKAGE,)}  # 200 MB
    for name, packages in {**TARGET_PACKAGES, **java}.items():
        _set_up(name, key_of(*packages), partial(_with_libraries, *packages))


def has_apt() -> bool:
    """Whether packages can be fetched and unpacked."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def _with_libraries(*packages: str) -> list[str]:
    """What apt would install for `packages` on this machine: they, and the libraries that are missing or too old.

    With a library it would also bring up to date what programs are compiled with, if that is here; nothing needs it to run.
    """
    plan = output_of(["apt-get", "-s", "-q", "install", "--no-install-recommends", *packages])
    names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    return [name for name in names if not name.endswith("-dev")]


def _set_up(name: str, key: str, packages: Callable[[], Sequence[str]]) -> None:
    try:
        once(f"{name} from Debian", FOLDER / name / ".stamp", key, partial(_unpack, name, packages))
    except StepError as error:
        say(f"apt could not fetch {name}, so its tests are skipped: {error}")


def _unpack(name: str, packages: Callable[[], Sequence[str]]) -> None:
    """Fetch `packages` and unpack them into the folder `name`."""
    folder, log = FOLDER / name, CACHE / "log" / f"{name}.log"
    remove(folder)
    folder.mkdir(parents=True)
    try:
        _download(packages(), folder, log)
    except StepError:
        if os.geteuid() != 0:
            raise
        run(["apt-get", "update", "-q"], log=log)  # a fresh machine has no lists yet
        _download(packages(), folder, log)
    for archive in folder.glob("*.deb"):
        run(["dpkg-deb", "-x", archive, folder], log=log)
        archive.unlink()
    _relocate_links(folder)


def _relocate_links(folder: Path) -> None:
    """Let links to absolute paths, such as Java's to its settings in /etc, lead to what was unpacked in `folder`."""
    for link in [path for path in folder.rglob("*") if path.is_symlink()]:
        target = link.readlink()
        if target.is_absolute() and (folder / target.relative_to("/")).exists():
            link.unlink()
            link.symlink_to(folder / target.relative_to("/"))


def _download(packages: Sequence[str], folder: Path, log: Path) -> None:
    if not packages:
        raise StepError("apt does not know it.")
    run(["apt-get", "download", "-q", *packages], cwd=folder, log=log)
