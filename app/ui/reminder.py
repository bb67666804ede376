"""The reminder to renew a certificate: a calendar file, and the link in it that leads back to the certificate."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, urlencode

from app.encoding.icalendar import MEDIA_TYPE, Event, calendar
from app.issuance.issuance import Issuance
from app.issuance.renewal import is_short_lived, when_to_renew
from app.issuance.store import load
from app.issuance.workflow import Workflow
from app.pki.certificate import read_chain
from app.pki.formats.file import File
from app.text.calendar import event_text, event_title
from app.text.issuance import deleted_elsewhere, in_downloads, names_in_short
from app.ui.session import Session
from app.ui.views import PageView

_MEMBER: Final = "renew"
MAX_FRAGMENT: Final = 200
"""Characters of a link to a renewal, from its "#" on. Links that fill in the form are longer, and are not read here."""


class Reminders:
    """The clicks that make a calendar file. `home` is the address of this page, without a fragment."""

    def __init__(self, workflow: Workflow, session: Session, page: PageView, home: str) -> None:
        self._workflow = workflow
        self._session = session
        self._page = page
        self._home = home

    async def of_open(self) -> None:
        """Hand out the file for the certificate that is open."""

        async def make(issuance: Issuance) -> File:
            return self._file(issuance)

        await self._session.files.hand_out(make)

    async def of_saved(self, id_: str) -> str:
        """Hand out the file for the certificate of the saved order `id_`, and return what to say.

        Raises `StorageError` and `CertificateError` where the record is damaged.
        """
        issuance = await load(self._workflow, id_)
        if issuance is None:
            return deleted_elsewhere()
        file = self._file(issuance)
        self._page.save(file)
        return in_downloads(file.name)

    def _file(self, issuance: Issuance) -> File:
        return reminder(issuance, self._home, self._workflow.ports.clock.now())


def reminder(issuance: Issuance, home: str, now: float) -> File:
    """The calendar file that reminds of renewing the certificate of `issuance`; `now` is in Unix seconds.

    `home` is the address of this page, without a fragment. A file that is made later replaces this one in the calendar. Raises
    `CertificateError` where the saved chain is damaged.
    """
    certificate = read_chain(issuance.certificate_pem).certificate
    made, hours, names = datetime.fromtimestamp(now, UTC), is_short_lived(certificate.validity), names_in_short(issuance)
    link = renewal_link(home, issuance.id)
    event = Event(
        uid=f"{certificate.fingerprint.lower()}@keystay",
        sequence=max(0, int((made - certificate.not_before).total_seconds()) // 60),
        start=max(when_to_renew(issuance.window, certificate.validity), made),  # nobody is reminded of what is past
        all_day=not hours,
        written=made,
        summary=event_title(names),
        description=event_text(names, certificate.not_after, link, hours=hours),
        url=link,
    )
    first = issuance.choices.identifiers[0].value.replace("*", "wildcard").replace(":", "-")
    return File(f"renew-{first}.ics", MEDIA_TYPE, calendar(event))


def renewal_link(home: str, id_: str) -> str:
    """The link that opens the renewal of the record `id_`. It says nothing to anybody but the browser that has the record."""
    return f"{home}#{urlencode({_MEMBER: id_})}"


def linked_renewal(fragment: str) -> str:
    """The id of the record whose renewal the `fragment` of the page's address asks for, or ""."""
    if len(fragment) > MAX_FRAGMENT:
        return ""
    return parse_qs(fragment.removeprefix("#")).get(_MEMBER, [""])[0]
