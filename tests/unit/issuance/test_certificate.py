"""The certificate comes: names in every script, names that nobody ordered, and a clock that is wrong."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.pki.pem import to_pem
from app.ports import Request, Response
from app.ui.panels.revocation import RevocationForm, RevocationRequest, read_revocation
from tests.unit.chains import NOW, intermediate, leaf
from tests.unit.records import CA
from tests.unit.scripted_ca import CERTIFICATE, FINALIZE, NEW_ORDER, NoonClock
from tests.unit.ui.panels.test_backup import FREE, backup_of, other_browser, restored_in, saved
from tests.unit.visit import GOOD, Visit

Make = Callable[[bytes], str]

NEVER_SAID = ("Do not use", "tell the CA")
"""What nobody should read whose clock is wrong."""


def sends(visit: Visit, make: Make) -> None:
    """Let the CA send what `make` makes of the public key that was handed in."""

    def certificate(_: Request) -> Response:
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return Response(200, {}, make(visit.ca.csr().public_key().public_bytes(*form)).encode())

    visit.ca.script[CERTIFICATE] = [certificate]


# ---- names that nobody ordered ----


def with_www(spki: bytes) -> str:
    return leaf("shop.example", "www.shop.example", spki=spki) + intermediate()


async def test_name_that_the_ca_added_is_named_and_the_files_are_there() -> None:
    """DigiCert adds the apex or www."""
    visit = Visit()
    sends(visit, with_www)
    await visit.issued()
    assert visit.page.error is None
    view = visit.page.view.certificate
    assert view is not None
    assert view.names == "shop.example, www.shop.example"
    assert view.extra_names.startswith("Not ordered, but also in the certificate: www.shop.example.")
    await visit.session.files.download("zip")
    archive = zipfile.ZipFile(io.BytesIO(visit.page.files[0].body))
    assert visit.page.files[0].name == "shop.example.zip"
    assert view.extra_names in " ".join(archive.read("README.txt").decode().split())
    assert x509.load_pem_x509_certificates(archive.read("fullchain.pem"))


async def test_long_names_stay_whole_in_the_readme() -> None:
    visit = Visit()
    long = ".".join(["a-name-with-hyphens"] * 11)
    sends(visit, lambda spki: leaf("shop.example", long, spki=spki) + intermediate())
    await visit.issued()
    await visit.session.files.download("zip")
    assert long in zipfile.ZipFile(io.BytesIO(visit.page.files[0].body)).read("README.txt").decode()


async def test_warning_is_there_again_when_the_order_is_reopened() -> None:
    visit = Visit()
    sends(visit, with_www)
    await visit.issued()
    before = visit.page.view.certificate
    await visit.reload()
    await visit.resume()
    assert visit.page.view.certificate == before


async def test_no_warning_where_the_names_are_those_that_were_ordered() -> None:
    visit = Visit()
    await visit.issued()
    assert visit.page.view.certificate
    assert visit.page.view.certificate.extra_names == ""


async def test_entry_that_is_no_name_is_shown_without_anything_hidden_in_it() -> None:
    visit = Visit()
    others = [x509.RFC822Name("me@shop.example"), x509.UniformResourceIdentifier("javascript:x\x07"), x509.DNSName("a b")]
    sends(visit, lambda spki: leaf("shop.example", spki=spki, others=others) + intermediate())
    await visit.issued()
    assert visit.page.view.certificate
    words = visit.page.view.certificate.extra_names
    assert "email:me@shop.example" in words
    assert words.isprintable()


async def test_name_that_is_missing_is_still_refused() -> None:
    visit = Visit("shop.example", "a.example", fields=replace(GOOD, domains="shop.example a.example"))
    sends(visit, with_www)
    await visit.session.start()
    await visit.session.verify()
    assert visit.page.message.title == "The certificate is not what was ordered"
    assert visit.page.view.step == "prove"


# ---- a clock that is wrong (certbot#1060) ----

BEHIND = "The clock of this computer is behind"
AHEAD = "The clock of this computer is ahead, or the certificate has ended"


@pytest.mark.parametrize(
    ("off", "title", "shown"),
    [
        pytest.param(timedelta(days=-3650), BEHIND, "24 November 2016, 12:00:00 UTC", id="ten years behind"),
        pytest.param(timedelta(days=-1, seconds=-1), BEHIND, "21 November 2026, 11:59:59 UTC", id="a second too early"),
        pytest.param(timedelta(days=89), AHEAD, "19 February 2027, 12:00:00 UTC", id="ahead"),
    ],
)
@pytest.mark.parametrize("reopened", [False, True], ids=["pressed again", "reopened"])
async def test_clock_that_is_wrong_is_told_and_once_it_is_right_the_order_goes_on(
    off: timedelta, title: str, shown: str, *, reopened: bool
) -> None:
    visit = Visit()
    await visit.session.start()
    clock = visit.ports.clock
    assert isinstance(clock, NoonClock)
    clock.slept.append(off.total_seconds())
    await visit.session.verify()
    message = visit.page.message
    assert message.title == title
    assert shown in message.text
    assert "21 November 2026, 12:00:00 UTC to 19 February 2027, 12:00:00 UTC" in message.text
    assert not any(words in f"{message.title} {message.text} {message.detail}" for words in NEVER_SAID)
    assert (await visit.workflow.saved())[0].state == "downloading"
    clock.slept.append(-off.total_seconds())
    if reopened:
        await visit.reload()
        await visit.resume()
    else:
        await visit.session.verify()
    assert visit.page.error is None
    assert visit.page.view.step == "certificate"
    assert [len(visit.ca.sent(request)) for request in (NEW_ORDER, FINALIZE, CERTIFICATE)] == [1, 1, 2]


async def test_damaged_certificate_with_a_wrong_clock_is_not_put_down_to_the_clock() -> None:
    visit = Visit()
    sends(visit, lambda spki: leaf("evil.example", spki=spki, since=NOW + timedelta(days=1)) + intermediate())
    await visit.session.start()
    await visit.session.verify()
    assert visit.page.message.title == "The certificate is not what was ordered"


# ---- names in every script ----

SCRIPTS = {
    "straße.example": "xn--strae-oqa.example",
    "*.βόλος.example": "*.xn--nxasmm1c.example",
    "ශ්\u200dරී.example": "xn--10cl1a0b660p.example",  # with a zero-width joiner
    "نامه\u200cای.example": "xn--mgba3gch31f060k.example",  # with a zero-width non-joiner
}
IN_SCRIPTS = replace(FREE, domains=" ".join(SCRIPTS))


async def test_names_of_idna_2008_come_back_wherever_the_certificate_is_read() -> None:
    visit = Visit(*SCRIPTS.values(), fields=IN_SCRIPTS)
    await visit.issued()
    view = visit.page.view.certificate
    assert view is not None
    assert view.names == ", ".join(f"{typed} ({ascii_})" for typed, ascii_ in SCRIPTS.items())
    assert view.extra_names == ""
    await visit.reload()
    await visit.saved.refresh()
    (entry,) = visit.list.entries
    assert entry.status == "issued"
    await visit.resume()
    assert visit.page.view.certificate == view
    await visit.session.renew("1")
    assert visit.page.view.step == "prove"


async def test_key_of_such_a_certificate_comes_back_from_a_backup() -> None:
    visit = Visit(*SCRIPTS.values(), fields=IN_SCRIPTS)
    await visit.issued()
    data = await backup_of(visit)
    other = other_browser(visit)
    await restored_in(other, data)
    assert (await saved(other, "1")).state == "issued"
    await visit.ports.keys.delete("certificate 1")
    await visit.workflow.save(replace(await saved(visit, "1"), key_destroyed=1.0))
    await restored_in(visit, data)
    assert (await saved(visit, "1")).key_destroyed == 0.0


async def test_chain_that_was_damaged_here_keeps_nothing_else_in_a_backup_from_coming() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    await visit.session.back()
    await visit.ports.clock.sleep(1)  # no two orders begin at one moment
    await visit.session.start()
    data = await backup_of(visit)
    damaged = to_pem("CERTIFICATE", b"junk")
    await visit.workflow.save(replace(await saved(visit, "1"), certificate_pem=damaged, chains=(damaged,)))
    await visit.ports.keys.delete("certificate 1")
    await visit.session.back()
    await visit.ports.store.delete("issuance 2")
    panel = await restored_in(visit, data)
    assert panel.message is None
    assert [issuance.id for issuance in await visit.workflow.saved()] == ["2", "1"]


async def test_revocation_box_reads_it() -> None:
    visit = Visit(*SCRIPTS.values(), fields=IN_SCRIPTS)
    await visit.issued()
    await visit.session.files.download("fullchain")
    await visit.session.files.download("privkey")
    chain, key = (file.body.decode() for file in visit.page.files)
    wanted = read_revocation(RevocationForm("test", chain, key, "0"), (CA,))
    assert isinstance(wanted, RevocationRequest)
    assert wanted.certificate.names == tuple(SCRIPTS.values())
