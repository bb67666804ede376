"""The commands of guides, run; and what keytool makes of the files, beside reading them."""

import re
from pathlib import Path

import pytest

from app.text.file_formats import keytool_command
from tests.targets.conftest import GENERATED, HandOver
from tests.targets.handed_over import NAMES
from tests.targets.installing import install, targets
from tests.targets.programs import find, run
from tests.targets.readers import PFX, keystore, run_keytool

COPIED = [
    target.id for target in targets() if any(code.startswith("sudo mkdir ") for step in target.steps for code in step.code)
]
"""Targets to which files are copied in a terminal."""

OF_UNIFI = "aircontrolenterprise"


@pytest.mark.nightly
@pytest.mark.parametrize("target", COPIED)
def test_commands_put_the_files_where_the_lines_look_and_show_the_key_to_nobody(
    handed_over: HandOver, tmp_path: Path, target: str
) -> None:
    installed = install(handed_over("ec-p256"), target, tmp_path)
    for name in installed.files:
        (copied,) = {path for path in tmp_path.rglob(name) if path.parent != tmp_path}
        assert copied.read_bytes() == (tmp_path / name).read_bytes()
        if b"PRIVATE KEY" in copied.read_bytes():
            assert not copied.stat().st_mode & 0o007
    named = [Path(name) for lines in installed.lines for name in re.findall(rf"{tmp_path}/[^\s;,\"']+", lines)]
    assert all(path.is_file() for path in named)
    assert named or target == "gitlab"  # which looks for names of its own


@pytest.mark.nightly
def test_keytool_makes_the_keystore_of_a_unifi_controller(handed_over: HandOver, tmp_path: Path) -> None:
    given = handed_over("rsa-2048")
    place = tmp_path / "usr" / "lib" / "unifi" / "data" / "keystore"
    place.parent.mkdir(parents=True)
    store = ["-keystore", str(place), "-storetype", "PKCS12", "-storepass", OF_UNIFI]
    run_keytool("-genkeypair", "-alias", "unifi", "-keyalg", "RSA", "-dname", "CN=old", *store)
    install(given, "unifi-controller", tmp_path, answers=f"{given.password}\nyes\n")
    found = keystore(place, "PKCS12", OF_UNIFI)
    assert (found.certificates, found.key, found.name) == (given.certificates, given.key, "unifi")


@pytest.mark.nightly
@pytest.mark.parametrize("format_", PFX)
def test_the_line_for_keytool_makes_a_jks_of_a_pfx(handed_over: HandOver, tmp_path: Path, format_: str) -> None:
    given, file = handed_over("ec-p256"), handed_over("ec-p256").files[format_]
    program, *line = keytool_command(str(file)).split()
    assert program == "keytool"
    line[line.index("-destkeystore") + 1] = str(tmp_path / "keystore.jks")
    run_keytool(*line, answers=f"{given.password}\n{given.password}\n{given.password}\n".encode())
    found = keystore(tmp_path / "keystore.jks", "JKS", given.password)
    assert (found.certificates, found.key, found.name) == (given.certificates, given.key, NAMES[0])


@pytest.mark.nightly
@pytest.mark.parametrize("format_", ["p7b", "fullchain"])
def test_keytool_takes_the_files_without_a_key_as_the_answer_to_its_own_request(
    handed_over: HandOver, tmp_path: Path, format_: str
) -> None:
    given, waiting = handed_over("rsa-2048"), str(tmp_path / "keystore.p12")
    pair = ["-in", str(given.files["cert"]), "-inkey", str(given.files["privkey"]), "-name", "tomcat"]
    run([find("openssl", "openssl"), "pkcs12", "-export", *pair, "-out", waiting, "-passout", f"pass:{GENERATED}"])
    store = ["-keystore", waiting, "-storetype", "PKCS12", "-storepass", GENERATED]
    run_keytool("-importcert", "-noprompt", "-alias", "tomcat", "-file", str(given.files[format_]), *store)
    assert keystore(Path(waiting), "PKCS12", GENERATED).certificates == given.certificates
