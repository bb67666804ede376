"""A person in Chromium takes files and instructions from step 3, and hands them to other programs."""

import zipfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import expect

from app.pki.formats import FORMATS
from app.ports import KeySpec
from tests.browser.person import Person
from tests.targets.client import assert_trusted
from tests.targets.conftest import TYPED
from tests.targets.expected import assert_reads
from tests.targets.handed_over import NAMES, handed_over_in
from tests.targets.installing import follow, target_named
from tests.targets.readers import READERS
from tests.targets.servers import SERVERS
from tools.ports import Ports
from tools.practice import PracticeCA

pytestmark = pytest.mark.nightly


def order(person: Person, page_url: str, key: KeySpec = "ec-p256", target: str = "not-sure") -> None:
    """The way to step 3."""
    person.open(page_url)
    person.hook("target").select_option(target)
    person.fill_in(*NAMES, key=key)
    person.start()
    person.publish()
    person.verify()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("key", ["ec-p256", "rsa-2048"])
def test_every_file_of_the_page_is_read_by_every_program(
    person: Person, page_url: str, practice: PracticeCA, tmp_path: Path, key: KeySpec
) -> None:
    order(person, page_url, key)
    password = person.hook("pfx-password").input_value()
    if key == "rsa-2048":
        password = TYPED
        person.hook("pfx-password").fill(password)
    files = {}
    for format_ in FORMATS:
        if format_.applies(key, has_key=True):
            (tmp_path / format_.id).mkdir()
            files[format_.id] = person.download(f"download-{format_.id}", tmp_path / format_.id)
        else:
            expect(person.hook(f"download-{format_.id}")).to_be_hidden()
    given = handed_over_in(tmp_path, files, practice, password)
    for program, reader in READERS.items():
        for id_ in files.keys() & reader.formats:
            assert_reads(program, id_, given)


@pytest.mark.parametrize("id_", ["nginx", "haproxy"])
def test_the_question_of_step_1_ends_in_a_server_that_is_trusted(
    person: Person, page_url: str, practice: PracticeCA, folder: Path, id_: str
) -> None:
    order(person, page_url, target=id_)
    file = person.download("download-target", folder)
    if file.suffix == ".zip":
        zipfile.ZipFile(file).extractall(folder)
    shown = person.hook("install-steps").locator("[data-slot=lines]").all_text_contents()
    codes = [code for code in shown if code and "systemctl" not in code]
    look = person.page.locator("#outside-command").text_content()
    assert look
    installed = follow(target_named(id_), (), codes, look, folder)
    root, port = folder / "root.pem", Ports.free().page
    root.write_text(practice.root_pem())
    leaf = x509.load_pem_x509_certificate(person.download("download-cert", folder).read_bytes())
    with SERVERS[id_](installed, port):
        assert_trusted(installed, port, leaf.public_bytes(Encoding.DER), root)
