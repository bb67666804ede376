"""Step 3: what the target wants, and the steps that put it there."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from app.install.targets import find_target, parse_targets
from app.pki.certificate import read_chain
from app.ui.steps.certificate import CertificatePresenter
from app.ui.steps.install import InstallModel, install_model
from tests.unit.chains import chain
from tests.unit.records import record
from tests.unit.visit import GOOD, Visit

LIST = parse_targets(Path("static/data/targets.json").read_text(encoding="utf-8"))


def model(target: str, *names: str, key: str = "ec-p256", has_key: bool = True) -> InstallModel:
    names = names or ("shop.example",)
    issuance = record(*names, state="issued", certificate_pem=chain(*names))
    issuance = replace(issuance, choices=replace(issuance.choices, key_spec=key))  # type: ignore[arg-type]
    return install_model(find_target(LIST, target), issuance, read_chain(issuance.certificate_pem), has_key=has_key)


async def visit_to(target: str, **members: Any) -> Visit:
    visit = Visit(fields=replace(GOOD, target=target, **members), targets=LIST)
    await visit.issued()
    return visit


def shown(visit: Visit) -> InstallModel:
    assert visit.page.view.certificate
    return visit.page.view.certificate.install


# ---- what is shown ----


def test_steps_end_with_the_command_that_reloads() -> None:
    nginx = model("nginx")
    assert (nginx.target, nginx.download, nginx.locked) == ("nginx", "Download the 2 files (.zip)", False)
    assert nginx.hint == "fullchain.pem and privkey.pem, and a note that says how to install them."
    assert [step.title for step in nginx.steps] == [
        *("Put the files on the server", "Add two lines to the server block", "Make it use the new files")
    ]
    assert nginx.steps[-1].code == ("sudo nginx -t && sudo systemctl reload nginx",)
    assert nginx.check.startswith("echo | openssl s_client -connect shop.example:443")


def test_what_nobody_verified_is_said_as_usual() -> None:
    assert model("synology").steps[0].way == "Usually under Control Panel › Security › Certificate."
    assert model("homeassistant").steps[1].way == "Under Settings › System › Network › HTTP server."
    assert [step.lead for step in model("caddy").steps] == ["", "Usually:", "Usually:"]


def test_public_files_are_there_to_copy_and_the_key_is_not() -> None:
    paste = model("cpanel").steps[1]
    assert [(box.label, box.format, box.text.count("BEGIN CERTIFICATE")) for box in paste.boxes] == [
        ("Certificate: (CRT)", "cert", 1),
        ("Private Key (KEY)", "privkey", 0),
        ("Certificate Authority Bundle: (CABUNDLE)", "chain", 1),
    ]
    assert paste.boxes[1].text == ""


def test_key_that_a_target_may_refuse_is_told_and_so_is_that_it_takes_none() -> None:
    assert model("synology").warnings == ("The key is EC P-256. DSM 6 takes RSA keys only; DSM 7 takes EC keys, too.",)
    assert model("synology", key="rsa-2048").warnings == ()
    assert len(model("website-builder").warnings) == 1


def test_other_ports_and_other_words_before_tls() -> None:
    postfix = model("postfix")
    assert "-connect shop.example:25 -servername shop.example -starttls smtp" in postfix.check
    assert postfix.check_hint == "If it listens on another port than 25, change that in the line."
    assert model("nginx").check_hint == ""
    assert model("azure-keyvault").check == ""


@pytest.mark.parametrize("target", ["", "gone"])
def test_without_a_target_there_is_the_command_and_no_more(target: str) -> None:
    general = model(target)
    assert (general.target, general.steps, general.download) == ("", (), "")
    assert "shop.example:443" in general.check


def test_without_its_key_the_files_of_a_target_cannot_be_made() -> None:
    general = model("iis", has_key=False)
    assert (general.target, general.chosen, general.steps) == ("", "iis", ())


# ---- what is handed out ----


def entries(body: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(body))
    return {name: archive.read(name) for name in archive.namelist()}


async def test_several_files_come_as_a_zip_with_the_steps() -> None:
    visit = await visit_to("mailcow")
    await visit.session.files.download("target")
    (file,) = visit.page.files
    assert (file.name, file.private) == ("shop.example-mailcow.zip", True)
    files = entries(file.body)
    assert list(files) == ["cert.pem", "key.pem", "README.txt"]
    assert files["cert.pem"].count(b"BEGIN CERTIFICATE") == 2
    readme = files["README.txt"].decode()
    assert "How to install it: mailcow" in readme
    assert "    cp cert.pem key.pem data/assets/ssl/" in readme
    assert "From outside, this shows the certificate:" in readme


async def test_one_file_comes_as_it_is_under_the_name_that_is_wanted() -> None:
    visit = await visit_to("haproxy")
    await visit.session.files.download("target")
    (file,) = visit.page.files
    assert file.name == "shop.example.pem"
    labels = [line[11:-5] for line in file.body.decode().splitlines() if line.startswith("-----BEGIN")]
    assert labels == ["CERTIFICATE", "CERTIFICATE", "PRIVATE KEY"]


async def test_windows_gets_a_file_that_old_and_new_ones_open_with_the_password() -> None:
    visit = await visit_to("iis", key_type="rsa-2048")
    assert shown(visit).locked
    await visit.session.files.download("target", "")
    assert visit.page.files == []
    assert visit.page.password_error
    await visit.session.files.download("target", "k7Rm-x2Vd")
    (file,) = visit.page.files
    assert file.name == "shop.example.pfx"
    key, certificate, more = load_key_and_certificates(file.body, b"k7Rm-x2Vd")
    assert key
    assert certificate
    assert len(more) == 1


async def test_zip_of_all_has_the_files_of_the_target_in_a_folder_where_their_names_are_others() -> None:
    visit = await visit_to("haproxy")
    await visit.session.files.download("zip")
    files = entries(visit.page.files[-1].body)
    assert list(files) == [*("cert.pem", "chain.pem", "fullchain.pem", "privkey.pem", "haproxy/shop.example.pem", "README.txt")]
    assert "The files for it are in the folder “haproxy”." in files["README.txt"].decode()
    await visit.session.files.download("zip")
    usual = await visit_to("nginx")
    await usual.session.files.download("zip")
    assert list(entries(usual.page.files[-1].body)) == [
        *("cert.pem", "chain.pem", "fullchain.pem", "privkey.pem", "README.txt")
    ]


# ---- clicks ----


async def test_another_target_may_be_chosen_and_is_kept() -> None:
    visit = await visit_to("not-sure")
    assert shown(visit).target == ""
    presenter = CertificatePresenter(visit.workflow, visit.session, visit.page)
    await presenter.choose_target("qnap")
    assert shown(visit).target == "qnap"
    assert visit.page.said[-1] == "The steps and the download are for QNAP now."
    (saved,) = await visit.workflow.saved()
    assert saved.choices.target == "qnap"
    await presenter.choose_target("not-sure")
    assert shown(visit).target == ""
    assert visit.page.said[-1] == "The steps are general now."


async def test_private_key_is_shown_after_a_click_only() -> None:
    visit = await visit_to("cpanel")
    assert visit.page.private_texts == {}
    await visit.session.files.show_private("privkey")
    assert visit.page.private_texts["privkey"].startswith("-----BEGIN PRIVATE KEY-----")
