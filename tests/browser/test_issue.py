"""The main job, whole: a certificate from the page in a real browser, by the documented hooks, from a real Pebble.

Every test also proves what `watch` and `person` prove at its end: no policy violation, no console error, no request to a
stranger, and no byte of a private key in any request.
"""

import subprocess
import tarfile
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from playwright.sync_api import Page, Route, expect

from app.pki.jwk import read_key
from app.pki.pem import to_pem
from tests.browser.person import Files, Person, assert_good
from tests.browser.secrets import assert_not_sent, private_forms
from tests.browser.watch import Sent
from tests.conftest import PracticeFactory
from tests.nightly import nightly_after
from tools.dist import make_dist
from tools.practice import PracticeCA
from tools.practice_address import Practice


def issue(person: Person, folder: Path) -> Files:
    """From the filled form to the files, by the practice CA's own button."""
    person.start()
    person.publish()
    person.verify()
    return person.take_files(folder)


def test_dns_with_apex_wildcard_and_idn(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("shop.example", "*.shop.example", "bücher.example")
    person.start()
    assert person.hook("record").count() == 3
    values = person.page.locator("[data-identifier='shop.example']").get_by_test_id("record-value")
    expect(values).to_have_count(2)
    person.publish_by_hand(practice.records_url)
    person.verify()
    files = person.take_files(tmp_path)
    assert_good(files, {"shop.example", "*.shop.example", "xn--bcher-kva.example"}, practice.root_pem())


def test_http_with_two_names(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("web.example", "www.web.example", challenge="http-01")
    person.start()
    with zipfile.ZipFile(person.download("files-zip", tmp_path)) as archive:
        zipped = {name: archive.read(name).decode() for name in archive.namelist()}
    assert ".well-known/acme-challenge/web.config" in zipped
    for number, card in enumerate(person.hook("record").all(), 1):
        url = card.get_by_test_id("file-url").inner_text()
        assert zipped[url.split("/", 3)[3]] == card.get_by_test_id("file-content").inner_text()
        link = card.get_by_role("link", name=f"Open the address of file {number}")
        assert (link.get_attribute("href"), link.get_attribute("target")) == (url, "_blank")
    person.publish_by_hand(practice.records_url)
    person.verify()
    files = person.take_files(tmp_path)
    assert_good(files, {"web.example", "www.web.example"}, practice.root_pem())
    assert_moves(person, files, tmp_path)


def assert_moves(person: Person, files: Files, folder: Path) -> None:
    """The archive for certbot, once the account has a key that can be taken out, has the certificate, its key and the links."""
    person.hook("move-out").select_option("certbot")
    expect(person.hook("move-out-proof")).to_have_value("webroot")
    person.hook("move-out-proof").select_option("standalone")
    with person.page.expect_download() as waiting:
        person.hook("move-out-download").click()
        person.hook("confirm-yes").click()
    waiting.value.save_as(folder / "moved.tar")
    expect(person.hook("move-out-download")).to_have_text("Download its folder (.tar)")
    with tarfile.open(folder / "moved.tar") as archive:
        archive.extractall(folder, filter="tar")
        assert archive.getmember("live/web.example/privkey.pem").linkname == "../../archive/web.example/privkey1.pem"
    assert (folder / "live/web.example/privkey.pem").read_bytes() == files.key
    assert "authenticator = standalone" in (folder / "renewal/web.example.conf").read_text()
    (account,) = folder.glob("accounts/**/private_key.json")
    person.keys.append(to_pem("PRIVATE KEY", read_key(account.read_text())[1]).encode())


@pytest.mark.parametrize("key", nightly_after(1, ["ec-p384", "rsa-2048", "rsa-3072"]))
def test_other_keys(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path, key: str) -> None:
    person.open(page_url)
    person.fill_in("printer.example", key=key)
    files = issue(person, tmp_path)
    assert_good(files, {"printer.example"}, practice.root_pem())
    public = files.chain[0].public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    assert str(public.key_size) in key


@pytest.mark.nightly
def test_rsa_4096(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    """Apart, since making such a key can take many seconds."""
    person.open(page_url)
    person.fill_in("slow.example", key="rsa-4096")
    assert_good(issue(person, tmp_path), {"slow.example"}, practice.root_pem())


@pytest.mark.nightly
def test_twenty_names(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    names = [f"n{n}.twenty.example" for n in range(20)]
    person.open(page_url)
    person.fill_in(*names)
    assert_good(issue(person, tmp_path), set(names), practice.root_pem())


@pytest.mark.nightly
def test_a_ca_that_rejects_a_third_of_all_nonces(
    person: Person,
    practice_with: PracticeFactory,
    page_with: Callable[[PracticeCA], str],
    tmp_path: Path,
) -> None:
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "30"})
    person.open(page_with(practice))
    person.fill_in("a.nonce.example", "b.nonce.example", "c.nonce.example")
    assert_good(issue(person, tmp_path), {f"{n}.nonce.example" for n in "abc"}, practice.root_pem())


def stands_between(page: Page, *selectors: str) -> bool:
    """Whether these elements follow each other, in the document and so for whoever hears or tabs through it."""
    return bool(
        page.evaluate(
            """(selectors) => selectors.map((selector) => document.querySelector(selector)).every(
                (element, n, all) => !n || all[n - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)""",
            selectors,
        )
    )


def test_a_failed_challenge_tells_why_and_leads_on(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("absent.example")
    person.start()
    before = person.hook("record-value").inner_text()
    person.hook("verify").click()
    error = person.hook("error")
    expect(error).to_contain_text("absent.example", timeout=30_000)
    expect(person.page.locator("#title-prove")).to_contain_text("Not issued yet: one record was not found")
    expect(error).to_contain_text("found no TXT record at _acme-challenge.absent.example")
    expect(error).to_be_focused()
    expect(error).to_be_in_viewport()
    assert stands_between(person.page, "#title-prove", "#error", "#proof-lines", "[data-testid=retry]", "#records")
    expect(person.page.locator("#proof-lines")).to_have_text("absent.example needs a new record.")
    expect(person.hook("record")).to_be_hidden()
    person.hook("compare").locator("summary").first.click()
    expect(person.hook("record-value")).to_have_text(before)
    expect(person.hook("record").locator("[data-copy=value]")).to_be_enabled()
    error.locator("summary").click()
    expect(error.locator(".error-detail")).to_contain_text("absent.example: No TXT records found")
    person.hook("retry").click()
    expect(person.hook("verify")).to_be_visible()
    expect(person.hook("record-value")).to_be_visible()
    assert person.hook("record-value").inner_text() != before
    person.publish()
    person.verify()
    assert_good(person.take_files(tmp_path), {"absent.example"}, practice.root_pem())


def test_the_files_are_what_openssl_and_the_zip_say(
    person: Person, page_url: str, practice: PracticeCA, tmp_path: Path
) -> None:
    person.open(page_url)
    person.fill_in("files.example")
    person.hook("target").select_option("iis")
    effect = person.page.locator("#target-effect")
    expect(effect).to_contain_text("You get the file files.example.pfx")
    expect(effect).to_contain_text("The key will be RSA 2048.")
    person.start()
    person.publish()
    person.verify()
    assert_targets_get_what_they_want(person, tmp_path)
    files = person.take_files(tmp_path).files
    assert set(files) == {"cert.pem", "chain.pem", "fullchain.pem", "privkey.pem", "README.txt"}
    for hook, name in (
        ("cert", "cert.pem"),
        ("chain", "chain.pem"),
        ("fullchain", "fullchain.pem"),
        ("privkey", "privkey.pem"),
    ):
        path = person.download(f"download-{hook}", tmp_path)
        assert path.name == name
        assert path.read_bytes() == files[name]
    assert_locked_files_open(person, tmp_path, files["privkey.pem"])
    assert_the_viewer_looks_into_them(person, tmp_path / "files.example.pfx", "one's own #1")
    (tmp_path / "root.pem").write_text(practice.root_pem())
    command = ["openssl", "verify", "-CAfile", "root.pem", "-untrusted", "chain.pem", "cert.pem"]
    assert "cert.pem: OK" in subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    readme = files["README.txt"].decode()
    assert "files.example" in readme
    assert all(name in readme for name in files if name.endswith(".pem"))


def assert_targets_get_what_they_want(person: Person, folder: Path) -> None:
    """From the question in step 1 to the files in the target's hands, one target after the other; none is chosen at the end."""
    page, steps, target = person.page, person.hook("install-steps"), person.hook("install-target")
    expect(target).to_have_value("iis")
    expect(steps).to_contain_text("certlm.msc")
    password = person.hook("pfx-password").input_value()
    pfx = person.download("download-target", folder)
    assert pfx.name == "files.example.pfx"
    key = load_pkcs12(pfx.read_bytes(), password.encode()).key
    assert key
    for id_, name, names in (
        ("haproxy", "files.example.pem", ()),
        ("nginx", "files.example-nginx.zip", ("fullchain.pem", "privkey.pem", "README.txt")),
        ("synology", "files.example-synology.zip", ("cert.pem", "privkey.pem", "chain.pem", "README.txt")),
    ):
        target.select_option(id_)
        expect(person.hook("status")).to_contain_text("The steps and the download are for")
        path = person.download("download-target", folder)
        assert path.name == name
        content = {name: path.read_bytes()}
        if names:
            with zipfile.ZipFile(path) as archive:
                content = {entry: archive.read(entry) for entry in archive.namelist()}
            assert tuple(content) == names
        (pem,) = [body for body in content.values() if b"PRIVATE KEY" in body]
        assert load_pem_private_key(pem[pem.index(b"-----BEGIN PRIVATE KEY") :], None).public_key() == key.public_key()
    target.select_option("cpanel")
    show = steps.get_by_role("button", name="Show the private key for “Private Key (KEY)”")
    show.click()
    expect(steps).to_contain_text("-----BEGIN PRIVATE KEY-----")
    expect(show).to_be_hidden()
    page.get_by_role("button", name="Get another certificate").click()
    expect(steps).not_to_contain_text("PRIVATE KEY")
    person.open_saved()
    expect(show).to_be_visible()
    target.select_option("not-sure")
    expect(steps).to_contain_text("Say where they are")
    expect(page.locator("#outside-command")).to_contain_text("openssl s_client -connect files.example:443")


def assert_locked_files_open(person: Person, folder: Path, privkey: bytes) -> None:
    """Each file with a password opens with the one that is shown or typed; what is no password for it is said at its field."""
    field = person.hook("pfx-password")
    shown = field.input_value()
    field.fill("gänseblümchen")
    person.hook("download-pfx").click()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(person.page.locator("#error-pfx-password")).to_contain_text("Use only the letters a to z")
    wanted = load_pem_private_key(privkey, None).public_key()
    for hook, password in (("pfx", shown), ("pfx-legacy", "one's own #1")):
        field.fill(password)
        path = person.download(f"download-{hook}", folder)
        expect(field).not_to_have_attribute("aria-invalid", "true")
        assert path.name == "files.example.pfx"
        opened = load_pkcs12(path.read_bytes(), password.encode())
        assert opened.key
        assert opened.cert
        assert opened.key.public_key() == opened.cert.certificate.public_key() == wanted
        assert len(opened.additional_certs) == 1
    locked = person.download("download-privkey-encrypted", folder).read_bytes()
    assert load_pem_private_key(locked, b"one's own #1").public_key() == wanted
    expect(person.hook("download-privkey-pkcs1")).to_be_visible()
    expect(person.hook("download-privkey-sec1")).to_be_hidden()


def assert_the_viewer_looks_into_them(person: Person, pfx: Path, password: str) -> None:
    """The order's own certificate by a click, then the PFX for old systems, which needs its password."""
    result, status = person.hook("viewer-result"), person.hook("viewer-status")
    person.hook("look-into").click()
    expect(status).to_contain_text("Nothing is wrong")
    expect(person.page.locator("#title-viewer-result")).to_be_focused()
    expect(result).to_contain_text("The private key belongs to the certificate.")
    person.hook("viewer-file").set_input_files(pfx)
    expect(person.hook("viewer-password")).to_be_focused()
    expect(person.page.locator("#error-viewer-password")).to_contain_text("Type its password.")
    expect(result).to_be_hidden()
    person.hook("viewer-password").fill(password)
    person.hook("viewer-look").click()
    expect(status).to_have_text("2 certificates. 1 private key. Nothing is wrong, as far as this page can tell.")
    expect(result).to_contain_text("locked with the password. It belongs to this certificate: files.example.")


def test_the_account_key_is_kept_used_again_and_cannot_be_taken_out(person: Person, page_url: str, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("first.example")
    issue(person, tmp_path)
    person.page.reload()
    person.wait_ready()
    person.fill_in("second.example")
    issue(person, tmp_path)
    keys = person.page.evaluate(ACCOUNT_KEYS)
    assert [(key["extractable"], key["curve"], key["export"]) for key in keys] == [(False, "P-256", "InvalidAccessError")]


ACCOUNT_KEYS = """async () => {
    const open = indexedDB.open("keystay");
    const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    const store = database.transaction("keys").objectStore("keys");
    const result = async (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const names = (await result(store.getAllKeys())).filter((name) => name.startsWith("account "));
    const entries = await Promise.all(names.map((name) =>
        result(database.transaction("keys").objectStore("keys").get(name))));
    return Promise.all(entries.map(async ({ privateKey }) => ({
        extractable: privateKey.extractable,
        curve: privateKey.algorithm.namedCurve,
        export: await crypto.subtle.exportKey("pkcs8", privateKey).then(() => "came out", (error) => error.name),
    })));
}"""


def test_an_order_that_was_left_behind_goes_on(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("later.example")
    person.start()
    value = person.hook("record-value").inner_text()
    person.page.reload()
    person.wait_ready()
    person.hook("saved-open").click()
    person.wait_step("prove")
    assert person.hook("record-value").inner_text() == value
    person.publish()
    person.verify()
    assert_good(person.take_files(tmp_path), {"later.example"}, practice.root_pem())


def test_a_start_that_was_clicked_while_python_loads_is_done(person: Person, page_url: str) -> None:
    held: list[Route] = []
    person.page.route("**/keystay.zip", lambda route: held.append(route))
    person.page.goto(page_url)
    person.fill_in("early.example")
    person.hook("start").click()
    expect(person.hook("status")).to_contain_text("as soon as Python has loaded")
    for route in held:
        route.continue_()
    person.page.unroute("**/keystay.zip")
    person.wait_step("prove")
    expect(person.hook("record-name")).to_have_text("_acme-challenge.early.example")


def test_a_link_fills_in_the_form(person: Person, page_url: str) -> None:
    person.open(f"{page_url}#domains=a.example,*.a.example&ca=letsencrypt&challenge=dns-01&key=rsa-2048")
    expect(person.hook("domains")).to_have_value("a.example\n*.a.example")
    expect(person.hook("ca")).to_have_value("letsencrypt")
    expect(person.hook("key-type")).to_have_value("rsa-2048")


class QuietFiles(SimpleHTTPRequestHandler):
    """Python's own file server, as a host that knows nothing of Keystay."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – the base class calls it so
        """Say nothing."""


@pytest.fixture(scope="package")
def sub_path_url(practice: PracticeCA, page_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`dist/` under a sub-path of another server; its practice CA is the one behind `page_url`."""
    root = tmp_path_factory.mktemp("host")
    make_dist(root / "some" / "sub", Practice(page_url.rstrip("/"), practice.directory_url))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=root)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/some/sub/"
        server.shutdown()


def test_dist_under_a_sub_path_of_another_server(
    person: Person, sub_path_url: str, practice: PracticeCA, tmp_path: Path
) -> None:
    person.open(sub_path_url)
    person.fill_in("shop.example", "*.shop.example", "bücher.example")
    names = {"shop.example", "*.shop.example", "xn--bcher-kva.example"}
    assert_good(issue(person, tmp_path), names, practice.root_pem())


def test_the_search_for_keys_finds_them() -> None:
    """A search that finds nothing proves something only if it would find something."""
    pem = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA"], check=True, capture_output=True).stdout
    for _, secret in private_forms(pem):
        body = b'{"x": "' + secret + b'"}'
        wrapped = b'{"payload": "' + urlsafe_b64encode(body).rstrip(b"=") + b'"}'
        for sent in (body, wrapped):
            with pytest.raises(AssertionError, match="private key"):
                assert_not_sent(pem, [Sent("POST", "http://localhost/", {}, sent)])
