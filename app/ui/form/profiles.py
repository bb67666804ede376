"""A CA's profiles (draft-ietf-acme-profiles) and terms, read from its directory once a person opens that part of the form."""

import re
from typing import Final, Protocol

from app.acme.directory import Directory, read_directory
from app.acme.urls import safe_link
from app.ca.catalog import CertificateAuthority, usable_ca
from app.errors import InputError
from app.issuance.registration import covers
from app.issuance.workflow import Workflow
from app.text.ca import (
    asking,
    no_ca,
    no_terms,
    no_terms_to_practise,
    profile_words,
    profiles_note,
    profiles_unknown,
    terms_linked,
    terms_not_read,
    terms_unknown,
)
from app.text.untrusted import one_line

MAX_PROFILES: Final = 50

_NAME: Final = re.compile(r"[!-~]{1,64}")  # printable ASCII without spaces


class ProfilesView(Protocol):
    """What the presenter may ask of the list of profiles and the box for the terms."""

    def chosen(self) -> tuple[str, str]:
        """The chosen value of the list of CAs, and the content of the box for a directory URL."""
        ...

    def show_profiles(self, profiles: tuple[tuple[str, str], ...], note: str) -> None:
        """Offer `profiles` (name, words for a person) beside the CA's own choice, and say `note`."""
        ...

    def linked_terms(self) -> str:
        """The page of terms that is linked beside the box, or ""."""
        ...

    def link_terms(self, url: str, *, agreed: bool) -> None:
        """Link the terms at `url`; unless they are `agreed` to by a tick that is there, take the tick away."""
        ...

    def note_terms(self, note: str) -> None:
        """Say `note` below the box; "" for nothing."""
        ...


class ProfilesPresenter:
    """Asks the CA that is chosen for its profiles and its terms."""

    def __init__(self, workflow: Workflow, page: ProfilesView) -> None:
        self._workflow = workflow
        self._page = page
        self._known: dict[str, Directory] = {}
        self._asked: set[str] = set()  # for terms: the directories that are being read just now

    async def refresh(self) -> None:
        """Fill the list for the CA that is chosen now. Asks each CA once; sends no name and no key."""
        authority = self._authority()
        if authority is None:
            self._page.show_profiles((), no_ca())
            return
        if authority.directory not in self._known:
            self._page.show_profiles((), asking(authority))
        try:
            directory = await self._directory(authority)
        except Exception as error:
            self._show(authority, {}, profiles_unknown(authority, error))
            return
        self._show(authority, _usable(directory.profiles), "")
        self._link(authority, directory)

    def tell_terms(self) -> None:
        """Another CA was chosen: say how its terms will be linked, where this page's list of CAs has no link to them."""
        authority, note = self._authority(), ""
        if authority and _is_practice(authority):
            note = no_terms_to_practise()
        elif authority and not self._page.linked_terms():
            note = terms_not_read(authority)
        self._page.note_terms(note)

    async def read_terms(self) -> None:
        """A person has come to the box for the terms of a CA that has none linked: ask its directory for them.

        Sends no name and no key, and nothing to the practice CA: that is for trying out.
        """
        authority = self._authority()
        if authority is None or _is_practice(authority) or self._page.linked_terms() or authority.directory in self._asked:
            return
        self._asked.add(authority.directory)
        try:
            directory = await self._directory(authority)
        except Exception as error:
            self._note(authority, terms_unknown(authority, error))
        else:
            self._link(authority, directory)
        finally:
            self._asked.discard(authority.directory)

    async def _directory(self, authority: CertificateAuthority) -> Directory:
        if authority.directory not in self._known:
            directory = await read_directory(self._workflow.ports.http, self._workflow.ports.clock, authority)
            self._known[authority.directory] = directory
        return self._known[authority.directory]

    def _show(self, asked: CertificateAuthority, profiles: dict[str, str], note: str) -> None:
        """Show the response, unless another CA was chosen meanwhile."""
        if self._authority() == asked:
            options = tuple((name, profile_words(name, description)) for name, description in profiles.items())
            self._page.show_profiles(options, note or profiles_note(asked, profiles))

    def _link(self, asked: CertificateAuthority, directory: Directory) -> None:
        """Link the terms that the directory names: they are what a new account agrees to (RFC 8555 §7.3.3)."""
        linked, terms = self._page.linked_terms(), safe_link(directory.terms_of_service)
        if self._authority() != asked:
            return
        if terms and terms != linked:
            self._page.link_terms(terms, agreed=covers(linked, terms))
        if terms and not covers(linked, terms):
            self._note(asked, terms_linked(asked))
        elif not terms and not linked:
            self._note(asked, no_terms(asked))

    def _note(self, asked: CertificateAuthority, note: str) -> None:
        """Say it, unless another CA was chosen meanwhile."""
        if self._authority() == asked:
            self._page.note_terms(note)

    def _authority(self) -> CertificateAuthority | None:
        try:
            return usable_ca(self._workflow.authorities, *self._page.chosen())
        except InputError:
            return None


def _is_practice(authority: CertificateAuthority) -> bool:
    """Whether it is the practice CA as the list has it; a directory URL that a person typed is read in any case."""
    return authority.records is not None and authority.id != "custom"


def _usable(profiles: dict[str, str]) -> dict[str, str]:
    """Those that a person can read and choose among."""
    known = ((name, one_line(words)) for name, words in profiles.items() if _NAME.fullmatch(name))
    return dict(list(known)[:MAX_PROFILES])
