"""What is handed out of the open order: its proofs, and its certificate in every form. It changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.acme.challenge import WebFile
from app.errors import FieldError
from app.install.targets import find_target
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.text.issuance import in_downloads
from app.ui.open_order import OpenOrder
from app.ui.views import PageView

if TYPE_CHECKING:
    from app.pki.formats.file import File


class Downloads:
    """The clicks that hand out something of `order`, the one that is open."""

    def __init__(self, workflow: Workflow, page: PageView, order: OpenOrder) -> None:
        self._workflow = workflow
        self._page = page
        self._order = order

    async def download_proof_file(self, server_name: str) -> None:
        """Hand out the certificate that proves the name or address with this `server_name`, with its key."""

        async def work() -> None:
            from app.issuance.tls_alpn_file import proof_file

            self._save(await proof_file(self._workflow.ports, self._order.to_change(), server_name))

        await self._order.do(work)

    def download_proof_files(self) -> None:
        """Hand out one zip with all files for the web servers. It changes nothing, so it may be done during any work."""
        from app.pki.formats.proof_zip import proof_zip

        publications = self._order.to_read().publications
        self._save(proof_zip(entry for entry in publications if isinstance(entry, WebFile)))

    async def download(self, id_: str, password: str = "") -> None:
        """Hand out the certificate in one of the formats of `app.pki.formats`; all as "zip", or as "target" what that wants.

        `password` is the one typed for the files that have one; what is wrong with it is said beside its field.
        """

        async def work() -> None:
            from app.ui.steps.certificate_files import certificate_file

            issuance = self._order.to_read()  # it changes nothing, so it may be done while another tab works
            try:
                target = find_target(self._workflow.lists.targets, issuance.choices.target)
                file = await certificate_file(self._workflow.ports, issuance, id_, password, target)
            except FieldError as error:
                self._page.show_password_error(error)
            else:
                self._page.show_password_error(None)
                self._save(file)

        await self._order.do(work)

    async def hand_out(self, make: Callable[[Issuance], Awaitable[File]]) -> None:
        """Hand out the file that `make` makes of the open order, which it does not change."""

        async def work() -> None:
            self._save(await make(self._order.to_read()))

        await self._order.do(work)

    async def show_private(self, id_: str) -> None:
        """Show the text of the file in the format `id_`, which has the private key, for a box of a form."""

        async def work() -> None:
            from app.ui.steps.certificate_files import files_in

            for file in await files_in(self._workflow.ports, self._order.to_read(), [id_]):
                self._page.show_private(id_, file.body.decode("ascii"))

        await self._order.do(work)

    def new_password(self) -> str:
        """A password for files that have one. It is not kept."""
        from app.pki.formats.password import generate_password

        return generate_password(self._workflow.ports.cipher.random)

    def _save(self, file: File) -> None:
        self._page.save(file)
        self._page.say(in_downloads(file.name))
