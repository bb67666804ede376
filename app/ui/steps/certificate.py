"""Step 3: the certificate, the files to download, and its commands: choose a chain, ask when to renew, revoke."""

from collections.abc import Awaitable, Callable, Sequence
from textwrap import wrap
from typing import Protocol

from app.acme.revocation import REASONS
from app.ca.catalog import CertificateAuthority
from app.dns.text_forms.tlsa import tlsa_lines
from app.errors import FieldError
from app.install.targets import Target, find_target
from app.issuance.issuance import Issuance
from app.issuance.renewal import ask_window, is_short_lived, when_to_renew
from app.issuance.revocation import revoke_issued
from app.issuance.store import take_chain, take_keep_key, take_target
from app.issuance.workflow import Workflow
from app.pki.certificate import read_chain
from app.pki.formats import FORMATS
from app.pki.formats.file import file_stem
from app.text.certificate import (
    KeyPlace,
    all_names,
    certificate_ended,
    chain_chosen,
    come_back,
    day,
    difference_at,
    extra_names,
    keeps_key,
    key_words,
    moment,
    nothing_revoked,
    ready_title,
    renewal_window,
    revocation_question,
    revoked_since,
    revoked_words,
    same_at,
    short_names,
    tidy_up,
    window_came,
)
from app.text.file_formats import download_pfx, keytool_command
from app.text.install import steps_are_for
from app.text.tasks import Task
from app.text.untrusted import one_line
from app.ui.steps.install import install_model, ordered_names
from app.ui.views import CertificateModel, ConfirmView

Change = Callable[[Issuance], Awaitable[tuple[Issuance, str]]]
"""Does something with an issuance, and gives it as it is afterwards, with what to say."""


class OrderEditor(Protocol):
    """Can change the order that is open (`app.ui.session.Session`)."""

    async def change(self, change: Change, task: Task = "order") -> None:
        """Run `change` on the open order; `task` is what the CA is asked for."""
        ...


class CertificatePresenter:
    """The clicks on what can be done with the certificate of the order that is open."""

    def __init__(self, workflow: Workflow, session: OrderEditor, dialog: ConfirmView) -> None:
        self._workflow = workflow
        self._session = session
        self._dialog = dialog

    async def choose_chain(self, n: int) -> None:
        """Another chain was chosen: all downloads have it from now on."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            changed = await take_chain(self._workflow, issuance, n)
            return changed, chain_chosen(read_chain(changed.certificate_pem).top)

        await self._session.change(change)

    async def choose_target(self, id_: str) -> None:
        """The certificate goes to the target with this id, or to none of the list: the steps and the download are for that."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            target = find_target(self._workflow.lists.targets, id_)
            changed = await take_target(self._workflow, issuance, target.id if target else "")
            return changed, steps_are_for(target)

        await self._session.change(change)

    async def keep_key(self, *, keep: bool) -> None:
        """The person wants a renewal to `keep` the key, or not."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            return await take_keep_key(self._workflow, issuance, keep=keep), keeps_key(keep=keep)

        await self._session.change(change)

    async def ask_window(self) -> None:
        """Ask the CA when it would like the certificate renewed."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            ends = read_chain(issuance.certificate_pem).certificate.not_after.timestamp()
            if ends <= self._workflow.ports.clock.now():  # RFC 9773 §4.3
                return issuance, certificate_ended()
            return await ask_window(self._workflow, issuance), window_came()

        await self._session.change(change, "renewal information")

    async def revoke(self, reason: str) -> None:
        """Revoke the certificate for `reason` (a number), after the person has confirmed it twice."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            certificate = read_chain(issuance.certificate_pem).certificate
            if not await self._dialog.confirm(revocation_question(certificate)):
                return issuance, nothing_revoked()
            changed, fresh = await revoke_issued(self._workflow, issuance, read_reason(reason))
            return changed, revoked_words(fresh=fresh)

        await self._session.change(change, "revocation")


def read_reason(text: str) -> int:
    """The code of a reason in `REASONS`. Raises `FieldError` for `revoke-reason`."""
    for code in REASONS:
        if text == str(code):
            return code
    raise FieldError("revoke-reason", "no-revocation-reason")


# ---- the certificate as it is shown ----


def certificate_view(
    issuance: Issuance,
    authority: CertificateAuthority,
    production: CertificateAuthority | None = None,
    target: Target | None = None,
) -> CertificateModel:
    """Step 3 of an issued `issuance` from `authority`.

    `production` is the CA for which that one is the rehearsal (`app.ca.catalog.production_of`), or None: it is offered where
    this page reaches it. `target` is where the certificate goes, None where that is not known. Raises `CertificateError`
    where the saved chain is damaged.
    """
    chain = read_chain(issuance.certificate_pem)
    certificate = chain.certificate
    pems = issuance.chains or (issuance.certificate_pem,)
    tops = (chain.top if pem == issuance.certificate_pem else read_chain(pem).top for pem in pems)
    ordered, extra = ordered_names(certificate, issuance)
    in_short, rehearsal = short_names(ordered), production is not None or authority.records is not None
    place, pfx_name = key_place(issuance), f"{file_stem(first_name(ordered))}.pfx"
    renewal = when_to_renew(issuance.window, certificate.validity)
    offered = production if production and production.reachability != "none" else None
    return CertificateModel(
        names=all_names(ordered, extra),
        names_in_short=in_short,
        ca=authority.name,
        issuer=one_line(certificate.issuer),
        valid_from=moment(certificate.not_before),
        valid_until=moment(certificate.not_after),
        serial=certificate.serial,
        fingerprint=":".join(wrap(certificate.fingerprint, 2)),
        last_day=day(certificate.not_after),
        renew_on=day(renewal),
        come_back=come_back(renewal, hours=is_short_lived(certificate.validity)),
        chains=tuple(map(one_line, tops)),
        chain=pems.index(issuance.certificate_pem),
        revoked=revoked_since(issuance.revoked, in_short),
        key=place,
        install=install_model(target, issuance, chain, has_key=place == "here"),
        formats=tuple(format_.id for format_ in FORMATS if format_.applies(issuance.choices.key_spec, has_key=place == "here")),
        download_pfx=download_pfx(pfx_name),
        keytool=keytool_command(pfx_name),
        key_words=key_words(issuance.choices.key_spec, place, same=bool(issuance.choices.same_key_as)),
        can_keep_key=place == "here" or (place == "destroyed" and issuance.choices.keep_key),  # then it can be taken back
        keep_key=issuance.choices.keep_key,
        tlsa=tlsa_lines(certificate.public_spki, issuance.choices.identifiers),
        window=renewal_window(issuance.window),
        window_url=issuance.window.explanation_url if issuance.window else "",
        extra_names=extra_names(extra),
        title=ready_title(revoked=bool(issuance.revoked), rehearsal=rehearsal),
        tidy_up=tidy_up(issuance),
        rehearsal=rehearsal,
        production=same_at(offered) if offered else "",
        difference=difference_at(offered, new_key=not issuance.choices.csr) if offered else "",
    )


def first_name(ordered: Sequence[str]) -> str:
    """What people call a certificate for the `ordered` names, as `app.pki.formats.file.Source.name`."""
    return ordered[0] if ordered else "certificate"


def key_place(issuance: Issuance) -> KeyPlace:
    """Where the private key of the certificate is."""
    if issuance.choices.csr:
        return "elsewhere"
    return "destroyed" if issuance.key_destroyed else "here"
