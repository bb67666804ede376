"""A renewal with the same key: what is saved, which key the request has, and where a new key is made in spite of the wish."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.errors import KeptKeyError, NetworkError, UnreadableRecordError
from app.issuance.certificate import csr_for
from app.issuance.issuance import Issuance
from app.issuance.record import issuance_to_json, read_issuance
from app.issuance.record_checks import read_checked
from app.issuance.renewal import renewal_choices
from app.ui.form.order import form_of
from app.ui.steps.certificate import CertificatePresenter, certificate_view
from app.ui.views import CertificateModel
from tests.unit.records import CA, record
from tests.unit.scripted_ca import FINALIZE, NEW_ORDER
from tests.unit.visit import Visit


async def issued(*, keep: bool = True) -> Visit:
    """A visit whose first certificate shall keep its key, or not."""
    visit = Visit()
    await visit.issued()
    await presenter(visit).keep_key(keep=keep)
    return visit


def presenter(visit: Visit) -> CertificatePresenter:
    return CertificatePresenter(visit.workflow, visit.session, visit.page)


async def saved(visit: Visit, id_: str) -> Issuance:
    return next(one for one in await visit.workflow.saved() if one.id == id_)


async def public_key(visit: Visit, id_: str) -> bytes:
    key = await visit.ports.keys.load(f"certificate {id_}")
    assert key
    return key.public_spki


def requested_key(visit: Visit) -> bytes:
    """The public key in the request that the CA got last."""
    return visit.ca.csr().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def shown(visit: Visit) -> CertificateModel:
    assert visit.page.view.certificate
    return visit.page.view.certificate


@pytest.mark.parametrize("keep", [True, False])
async def test_renewal_has_the_same_key_where_that_is_wanted(*, keep: bool) -> None:
    visit = await issued(keep=keep)
    before = requested_key(visit)
    assert shown(visit).keep_key == keep
    await visit.session.renew("1")
    order = visit.page.view.order
    assert order
    assert order.summary.endswith(" · with the same key") == keep
    assert ("the key of the certificate before" in order.key) == keep
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    assert (requested_key(visit) == before) == keep
    assert (await public_key(visit, "2") == before) == keep
    renewed = await saved(visit, "2")
    assert renewed.choices.keep_key == keep
    assert renewed.choices.same_key_as == ("1" if keep else "")
    assert ("the same key as in the certificate before" in shown(visit).key_words) == keep


async def test_the_wish_is_off_until_somebody_has_it() -> None:
    visit = Visit()
    await visit.issued()
    assert (shown(visit).can_keep_key, shown(visit).keep_key) == (True, False)
    await presenter(visit).keep_key(keep=True)
    assert visit.page.said[-1] == "When you renew this certificate, the new one gets the same key."
    await presenter(visit).keep_key(keep=False)
    assert visit.page.said[-1] == "When you renew this certificate, the new one gets a new key."
    assert not (await saved(visit, "1")).choices.keep_key


async def test_key_stays_when_the_order_before_is_deleted() -> None:
    visit = await issued()
    before = requested_key(visit)
    await visit.session.renew("1")
    await visit.ports.keys.delete("certificate 1")
    await visit.ports.store.delete("issuance 1")
    await visit.session.verify()
    assert requested_key(visit) == before
    assert await public_key(visit, "2") == before
    await visit.session.renew("2")
    await visit.session.verify()
    assert requested_key(visit) == before
    assert (await saved(visit, "3")).choices.same_key_as == "2"


async def test_step_that_is_taken_twice_makes_one_copy() -> None:
    visit = await issued()
    before = requested_key(visit)
    await visit.session.renew("1")
    visit.ca.script[FINALIZE] = [NetworkError(FINALIZE), visit.ca.order("valid")]
    await visit.session.verify()
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    assert requested_key(visit) == before
    names = [name for name in await visit.ports.keys.names() if name.startswith("certificate ")]
    assert names == ["certificate 1", "certificate 2"]


async def test_lost_key_is_told_before_anything_is_ordered_and_a_new_one_is_a_click_away() -> None:
    visit = await issued()
    await visit.ports.keys.delete("certificate 1")
    sent = len(visit.ca.sent(NEW_ORDER))
    await visit.session.renew("1")
    assert visit.page.message.title == "The key to be kept is not in this browser"
    assert "Keep the same key when I renew" in visit.page.message.text
    assert len(visit.ca.sent(NEW_ORDER)) == sent
    await visit.session.reopen("1")
    await presenter(visit).keep_key(keep=False)
    await visit.session.renew("1")
    assert visit.page.view.step == "prove"


async def test_wish_can_be_taken_back_where_the_key_was_destroyed() -> None:
    visit = await issued()
    destroyed = replace(await saved(visit, "1"), key_destroyed=5.0)
    assert certificate_view(destroyed, CA).can_keep_key
    without = replace(destroyed, choices=replace(destroyed.choices, keep_key=False))
    assert not certificate_view(without, CA).can_keep_key
    brought = replace(without, choices=replace(without.choices, csr="AA=="), key_destroyed=0.0)
    assert not certificate_view(brought, CA).can_keep_key


async def test_order_from_elsewhere_whose_key_is_not_here_makes_no_other_key() -> None:
    visit = Visit()
    order = record("shop.example")
    order = replace(order, choices=replace(order.choices, same_key_as="gone"))
    with pytest.raises(KeptKeyError):
        await csr_for(visit.ports.keys, order)
    assert await visit.ports.keys.names() == []


async def test_revoked_certificate_is_ordered_again_with_a_new_key_in_spite_of_the_wish() -> None:
    visit = await issued()
    before = requested_key(visit)
    await visit.workflow.save(replace(await saved(visit, "1"), revoked=5.0, revoked_for=4))
    await visit.session.reopen("1")
    await visit.session.order_again()
    await visit.session.verify()
    assert requested_key(visit) != before


@pytest.mark.parametrize(("reason", "kept"), [(1, ""), (4, "2")])
async def test_key_in_the_wrong_hands_is_kept_by_no_certificate_that_has_it(reason: int, kept: str) -> None:
    visit = await issued()
    await visit.session.renew("1")
    await visit.session.verify()
    await visit.workflow.save(replace(await saved(visit, "1"), revoked=5.0, revoked_for=reason))
    choices = await renewal_choices(visit.workflow, await saved(visit, "2"))
    assert choices.same_key_as == kept


async def test_form_that_is_filled_in_asks_for_a_new_key() -> None:
    visit = await issued()
    plain = replace((await saved(visit, "1")).choices, keep_key=False)
    assert form_of(replace(plain, keep_key=True, same_key_as="1"), (CA,)) == form_of(plain, (CA,))


def test_record_keeps_the_wish_and_whose_key_it_is() -> None:
    plain = record("shop.example")
    wanted = replace(plain, choices=replace(plain.choices, keep_key=True, same_key_as="order-1"), revoked=5.0, revoked_for=1)
    assert read_checked(json.loads(json.dumps(issuance_to_json(wanted)))) == wanted
    written = issuance_to_json(plain)
    assert {"keep_key", "same_key_as"}.isdisjoint(written["choices"])
    assert "revoked_for" not in written
    assert read_issuance(written) == plain


@pytest.mark.parametrize("id_", ["../1", "a" * 65, "account https://ca.example/dir", "\n"])
def test_record_that_names_no_order_is_damaged(id_: str) -> None:
    plain = record("shop.example")
    wanted = replace(plain, choices=replace(plain.choices, same_key_as=id_))
    with pytest.raises(UnreadableRecordError):
        read_checked(issuance_to_json(wanted))
