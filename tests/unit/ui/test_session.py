"""What each click means, seen on a page that only remembers what it is shown."""

import asyncio
import io
import zipfile
from dataclasses import replace

import pytest

from app.errors import NetworkError
from app.pki.pem import to_pem
from app.ports import Response
from app.text.sentences import sentence
from app.ui.form.account import AccountForm
from app.ui.form.outline import FormOutline
from tests.unit.records import CA
from tests.unit.script import URN, html, refusal
from tests.unit.scripted_ca import BASE, CERTIFICATE, FINALIZE, NEW_ORDER, READ_ORDER
from tests.unit.visit import GOOD, PRACTICE, RECORDS, Visit

# ---- the form ----


async def test_opening_reads_the_names_and_sends_nothing() -> None:
    visit = Visit()
    await visit.open()
    assert [identifier.value for identifier in visit.page.readings[-1].identifiers] == ["shop.example"]
    assert visit.list.entries == ()
    assert visit.ca.requests == []


async def test_names_are_read_again_when_the_proof_changes() -> None:
    visit = Visit(fields=replace(GOOD, domains="*.shop.example"))
    visit.session.read_names()
    visit.page.fields = replace(visit.page.fields, challenge="http-01")
    visit.session.read_names()
    assert [reading.error is None for reading in visit.page.readings] == [True, False]


async def test_private_name_is_told_where_the_ca_is_a_public_one_and_the_verdict_follows_the_ca() -> None:
    public = replace(CA, id="public", trusted=True)
    visit = Visit(fields=replace(GOOD, domains="nas.local", ca="public"), authorities=(public, PRACTICE))
    for chosen in ("public", "practice", "custom", "public"):
        visit.page.fields = replace(visit.page.fields, ca=chosen)
        visit.session.choose_ca()
    assert [reading.lines[0].state for reading in visit.page.readings] == ["wrong", "good", "good", "wrong"]
    await visit.session.start()
    assert visit.ca.requests == []
    assert "No public CA can issue" in sentence(visit.page.field_errors[0])


async def test_suggestion_takes_the_place_of_the_wrong_name() -> None:
    visit = Visit(fields=replace(GOOD, domains="a.example, _dmarc.b.example\nlocalhost"))
    visit.session.read_names()
    visit.session.use_suggestion(1)
    assert visit.page.fields.domains == "a.example, b.example\nlocalhost"
    assert [line.state for line in visit.page.readings[-1].lines] == ["good", "good", "wrong"]
    visit.session.use_suggestion(0)
    visit.session.use_suggestion(9)
    assert visit.page.fields.domains == "a.example, b.example\nlocalhost"
    visit.session.use_suggestion(2)
    assert visit.page.fields.domains == "a.example, b.example"
    assert [line.state for line in visit.page.readings[-1].lines] == ["good", "good"]


async def test_form_says_in_short_what_it_asks_for() -> None:
    visit = Visit()
    await visit.open()
    assert visit.page.outline == FormOutline(
        "Key: EC P-256 · the CA’s usual kind",
        "No e-mail · the account key can never leave this browser",
        f"Makes the key of your account in this browser, and sends the names to {CA.name}. "
        "Nothing on your server or in your DNS changes.",
    )
    account = AccountForm(contact="me@shop.example", account_key_type="rsa-2048", account_extractable=True, choice="a1")
    own_proofs = (("a.example", "http-01"), ("b.example", "dns-01"), ("c.example", "tls-alpn-01"))
    visit.page.fields = replace(
        GOOD, key_type="rsa-3072", profile="shortlived", challenges=own_proofs, ca="custom", account=account
    )
    visit.session.describe()
    assert visit.page.outline == FormOutline(
        "Key: RSA 3072 · the kind “shortlived” · another proof for 2 names",
        "With an e-mail address · key: RSA 2048 · the account key can be taken out later",
        "Sends the names to the CA, signed with the key of your account there. Nothing on your server or in your DNS changes.",
    )
    visit.page.fields = replace(visit.page.fields, csr="-----BEGIN", profile="", challenges=())
    visit.session.describe()
    assert visit.page.outline.options == "Key: as in your own request · the CA’s usual kind"


async def test_bad_form_sends_nothing_and_says_what_to_mend() -> None:
    visit = Visit(fields=replace(GOOD, domains="_bad.example", agree_tos=False))
    await visit.session.start()
    assert visit.ca.requests == []
    assert [error.field for error in visit.page.field_errors] == ["domains", "agree-tos"]
    assert visit.page.message.title == "Nothing was sent yet"
    assert visit.page.message.text.endswith(" One more field is marked.")


async def test_mended_form_takes_the_errors_away() -> None:
    visit = Visit(fields=replace(GOOD, agree_tos=False))
    await visit.session.start()
    visit.page.fields = GOOD
    await visit.session.start()
    assert visit.page.field_errors == ()
    assert visit.page.error is None
    assert visit.page.view.step == "prove"


# ---- the good way ----


async def test_three_clicks_lead_from_the_names_to_the_certificate() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.session.verify()
    await visit.session.files.download("zip")
    assert list(dict.fromkeys(view.step for view in visit.page.views)) == ["names", "prove", "certificate"]
    assert [file.name for file in visit.page.files] == ["shop.example.zip"]
    assert visit.page.error is None


async def test_page_says_what_is_waited_for_and_since_when() -> None:
    visit = Visit()
    await visit.issued()
    waiting = [view.waiting for view in visit.page.views if view.waiting]
    assert list(dict.fromkeys(waiting)) == [
        "Making the account key and contacting Test CA.",
        "Ordering the certificate from Test CA.",
        "Asking Test CA what it wants to see.",
        "Test CA is looking at what you published.",
        "Making the certificate’s key and sending the certificate request.",
        "Fetching the certificate and checking it.",
    ]
    assert all(text in visit.page.said for text in waiting)
    assert all(view.since > 0 for view in visit.page.views if view.waiting)
    assert (visit.page.view.busy, visit.page.view.waiting) == (False, "")


async def test_strip_says_what_was_ordered() -> None:
    visit = Visit()
    await visit.session.start()
    order = visit.page.view.order
    assert order
    assert (order.title, order.summary) == ("shop.example", "Test CA · DNS record")
    assert (order.names, order.proof, order.ca) == ("shop.example", "DNS record", "Test CA")
    assert order.key.startswith("EC P-256, made in this browser once the names are proven.")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("a.example", "b.example", "c.example"), "a.example, b.example, c.example"),
        (("a.example", "b.example", "c.example", "d.example"), "a.example and 3 more"),
    ],
)
async def test_many_names_are_summed_up_by_the_first(names: tuple[str, ...], text: str) -> None:
    visit = Visit(*names, fields=replace(GOOD, domains=" ".join(names)))
    await visit.session.start()
    assert visit.page.view.order
    assert visit.page.view.order.title == text
    assert visit.page.view.order.names == ", ".join(names)


@pytest.mark.parametrize("name", ["cert", "chain", "fullchain", "privkey"])
async def test_each_file_can_be_taken_alone(name: str) -> None:
    visit = Visit()
    await visit.issued()
    await visit.session.files.download(name)
    (file,) = visit.page.files
    assert file.name == f"{name}.pem"
    assert visit.page.said[-1] == f"{name}.pem is in your downloads."


async def test_zip_holds_the_key_that_fits_the_certificate() -> None:
    visit = Visit()
    await visit.issued()
    for name in ("zip", "privkey"):
        await visit.session.files.download(name)
    archive, key = visit.page.files
    assert zipfile.ZipFile(io.BytesIO(archive.body)).read("privkey.pem") == key.body
    assert key.body == to_pem("PRIVATE KEY", await visit.ports.keys.export_pkcs8("certificate 1")).encode()


@pytest.mark.parametrize("id_", ["pfx", "pfx-legacy", "privkey-encrypted"])
async def test_file_with_a_password_needs_one_that_every_program_can_read(id_: str) -> None:
    visit = Visit()
    await visit.issued()
    refused = {"": "no-file-password", "gänseblümchen": "file-password-not-ascii", "x" * 65: "file-password-too-long"}
    for password, code in refused.items():
        await visit.session.files.download(id_, password)
        assert visit.page.files == []
        assert visit.page.error is None, "it is said at the field"
        assert visit.page.password_error
        assert visit.page.password_error.code == code
        assert "no explanation" not in sentence(visit.page.password_error)
    await visit.session.files.download(id_, visit.session.files.new_password())
    assert visit.page.password_error is None
    assert [file.private for file in visit.page.files] == [True]


async def test_password_is_asked_only_for_files_that_have_one() -> None:
    visit = Visit()
    await visit.issued()
    for id_ in ("fullchain", "combined", "der", "zip"):
        await visit.session.files.download(id_, "gänseblümchen")
    assert visit.page.password_error is None
    assert len(visit.page.files) == 4


async def test_pfx_is_called_like_the_certificate_and_so_is_the_keystore() -> None:
    visit = Visit("*.shop.example", fields=replace(GOOD, domains="*.shop.example"))
    await visit.issued()
    await visit.session.files.download("pfx", "password")
    assert visit.page.files[-1].name == "wildcard.shop.example.pfx"
    model = visit.page.view.certificate
    assert model
    assert model.download_pfx == "Download wildcard.shop.example.pfx"
    assert model.keytool == (
        "keytool -importkeystore -srckeystore wildcard.shop.example.pfx -srcstoretype PKCS12"
        " -destkeystore wildcard.shop.example.jks -deststoretype JKS"
    )


async def test_damaged_key_does_not_keep_the_certificate_from_anyone() -> None:
    visit = Visit()
    await visit.issued()
    await visit.ports.keys.delete("certificate 1")
    await visit.session.files.download("fullchain")
    assert [file.name for file in visit.page.files] == ["fullchain.pem"]
    await visit.session.files.download("pfx-legacy", "password")
    assert visit.page.error
    assert len(visit.page.files) == 1


async def test_practice_records_are_published_by_a_click() -> None:
    visit = Visit(fields=replace(GOOD, ca="practice"))
    visit.ca.script[f"POST {RECORDS}publish"] = [Response(200, {}, b"")]
    await visit.session.start()
    assert visit.page.view.prove is not None
    assert visit.page.view.prove.practice
    await visit.session.publish()
    posted = [request.url.removeprefix(RECORDS) for request in visit.ca.requests if request.url.startswith(RECORDS)]
    assert posted == ["publish"]
    assert "Published" in visit.page.said[-1]


async def test_nothing_is_published_for_a_real_ca() -> None:
    visit = Visit()
    await visit.session.start()
    before = len(visit.ca.requests)
    await visit.session.publish()
    assert len(visit.ca.requests) == before


# ---- one thing at a time ----


async def test_second_click_while_busy_does_nothing() -> None:
    visit = Visit()
    await asyncio.gather(visit.session.start(), visit.session.start(), visit.session.start())
    assert len(visit.ca.sent(NEW_ORDER)) == 1
    assert visit.page.view.step == "prove"


async def test_page_is_busy_from_the_click_on_and_free_at_the_end() -> None:
    visit = Visit()
    await visit.session.start()
    assert visit.page.views[0].busy
    assert not visit.page.view.busy


# ---- errors ----


async def test_error_becomes_a_message_and_the_page_stays_usable() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [NetworkError(f"{BASE}/new-order", detail="offline"), *visit.ca.script[NEW_ORDER]]
    await visit.session.start()
    assert visit.page.message.title == "Test CA cannot be reached"
    assert visit.page.message.detail == "offline"
    assert (visit.page.view.step, visit.page.view.busy) == ("names", False)
    await visit.session.start()
    assert visit.page.error is None
    assert visit.page.view.step == "prove"


async def test_start_with_the_same_choices_goes_on_with_the_same_order() -> None:
    visit = Visit()
    url = f"POST {visit.ca.authorization_url(0)}"
    good = visit.ca.script[url]
    visit.ca.script[url] = [html(503)]
    await visit.session.start()
    assert visit.page.error is not None
    visit.ca.script[url] = good
    await visit.session.start()
    assert visit.page.view.step == "prove"
    assert len(visit.ca.sent(NEW_ORDER)) == 1


async def test_start_with_other_choices_makes_a_new_order() -> None:
    visit = Visit()
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [html(503)]
    await visit.session.start()
    visit.page.fields = replace(GOOD, key_type="ec-p384")
    await visit.session.start()
    assert len(visit.ca.sent(NEW_ORDER)) == 2


async def test_refusal_of_the_ca_is_shown_with_its_words_apart() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [refusal("rateLimited", status=429)]
    await visit.session.start()
    assert visit.page.message.title == "Test CA says: too many requests"
    assert visit.page.message.detail == "the CA's words on rateLimited"


async def test_error_goes_away_at_the_next_click() -> None:
    visit = Visit()
    visit.ca.script[READ_ORDER] = [html(503)]
    await visit.session.start()
    await visit.session.verify()
    assert visit.page.error is not None
    await visit.session.publish()
    assert visit.page.error is None


async def test_stopped_verification_goes_on_with_the_same_button() -> None:
    visit = Visit()
    await visit.session.start()
    visit.ca.script[FINALIZE] = [NetworkError(FINALIZE), *visit.ca.script[FINALIZE]]
    await visit.session.verify()
    assert (visit.page.view.step, visit.page.view.busy) == ("prove", False)
    await visit.session.verify()
    assert visit.page.view.step == "certificate"


async def test_click_that_needs_an_order_says_to_start_with_the_names() -> None:
    visit = Visit()
    for click in (visit.session.retry, visit.session.publish, lambda: visit.session.files.download("zip")):
        await click()
        assert visit.page.message.text == "No order is open. Fill in the form first."


async def test_mistake_of_the_page_is_a_message_too() -> None:
    visit = Visit()
    await visit.issued()
    await visit.session.files.download("no such file")
    assert visit.page.message.title == "Keystay made a mistake"
    assert not visit.page.view.busy


# ---- an order that failed ----


async def failed(visit: Visit) -> None:
    """Start and verify, and have the proof fail."""
    await visit.session.start()
    error = {"type": f"{URN}dns", "detail": "no TXT record"}
    url = f"POST {visit.ca.authorization_url(0)}"
    visit.ca.script[url] = [visit.ca.authorization(0, "invalid", kinds=("dns-01",), error=error), visit.ca.authorization(0)]
    visit.ca.script[READ_ORDER] = [visit.ca.order("invalid"), visit.ca.order("ready")]
    await visit.session.verify()


async def test_failed_proof_is_said_name_by_name_and_the_values_stay() -> None:
    visit = Visit()
    await failed(visit)
    assert visit.page.message.title == "The proof failed for shop.example"
    assert visit.page.message.detail == "shop.example: no TXT record"
    assert visit.page.view.step == "prove"
    assert visit.page.view.prove is not None
    assert visit.page.view.prove.failed


async def test_retry_makes_a_new_order_with_the_same_choices() -> None:
    visit = Visit()
    await failed(visit)
    await visit.session.retry()
    assert visit.page.error is None
    assert len(visit.ca.sent(NEW_ORDER)) == 2
    assert visit.page.view.prove is not None
    assert not visit.page.view.prove.failed
    await visit.session.verify()
    assert visit.page.view.step == "certificate"


async def test_start_after_a_failure_makes_a_new_order_too() -> None:
    visit = Visit()
    await failed(visit)
    await visit.session.start()
    assert len(visit.ca.sent(NEW_ORDER)) == 2


async def test_certificate_for_other_names_is_not_offered() -> None:
    visit = Visit()
    await visit.session.start()
    visit.ca.script[CERTIFICATE] = [Response(200, {}, b"<html>")]
    await visit.session.verify()
    assert visit.page.message.title == "The certificate is not what was ordered"
    assert visit.page.view.certificate is None
