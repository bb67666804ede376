import os
from pathlib import Path

import pytest

from tools.debian import TARGET_PACKAGES, set_up_target_programs

APT = """\
#!/bin/sh
case "$1" in
-s) for name; do :; done; echo "Inst libneeded [1.0] (1.1)"; echo "Inst libneeded-dev [1.0] (1.1)"; echo "Inst $name (2.0)" ;;
download) shift 2; for name; do : > "$name.deb"; done ;;
esac
"""
DPKG = """\
#!/bin/sh
mkdir -p "$3/etc/$(basename "$2" .deb)" "$3/usr/lib"
ln -s "/etc/$(basename "$2" .deb)" "$3/usr/lib/settings-of-$(basename "$2" .deb)"
ln -sf /dev/null "$3/usr/lib/elsewhere"
"""


def _program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are unpacked, on a machine with an apt of ours, with Java and without the rest."""
    (tmp_path / "bin").mkdir()
    for name, text in {"apt-get": APT, "dpkg-deb": DPKG, "keytool": "#!/bin/sh\n"}.items():
        _program(tmp_path / "bin", name, text)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setattr("tools.debian.FOLDER", tmp_path / "debian")
    monkeypatch.setattr("tools.debian.CACHE", tmp_path / "cache")
    return tmp_path / "debian"


def test_a_program_is_unpacked_with_its_libraries_and_without_what_only_compilers_need(folder: Path) -> None:
    set_up_target_programs()
    assert {path.name for path in folder.iterdir()} == set(TARGET_PACKAGES)
    assert {path.name for path in (folder / "haproxy" / "etc").iterdir()} == {"haproxy", "libneeded"}


def test_a_link_leads_to_what_was_unpacked_or_stays_as_it_is(folder: Path) -> None:
    set_up_target_programs()
    unpacked = folder / "haproxy" / "usr" / "lib"
    assert (unpacked / "settings-of-haproxy").readlink() == folder / "haproxy" / "etc" / "haproxy"
    assert (unpacked / "elsewhere").readlink() == Path("/dev/null")
