"""Asks resolvers by DNS over HTTPS: GET, with no header of our own, so that no preflight is needed (RFC 8484 §4.1, §6)."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.dns.lookup.question import Question, Reply
from app.dns.resolvers import Resolver
from app.ports import Http, Packages

MAX_AT_ONCE: Final = 6
"""Questions to one resolver that are under way at the same time."""

MAX_QUESTIONS: Final = 4_000
"""Questions in one visit, to all resolvers together. After that, nobody is asked any more."""


class ResolverClient:
    """Asks `resolvers`. What cannot be asked or read is a `NoAnswer`: one resolver never takes the others."""

    def __init__(self, http: Http, packages: Packages, resolvers: tuple[Resolver, ...]) -> None:
        self._http = http
        self._packages = packages
        self.resolvers = resolvers

    async def ask(self, resolver: Resolver, question: Question) -> Reply:
        """Ask one resolver. Raises `PackageError` where the library for DNS messages does not come."""
        raise NotImplementedError

    async def ask_all(self, question: Question) -> Mapping[str, Reply]:
        """Ask all resolvers side by side: id → what came. Raises as `ask`."""
        raise NotImplementedError

    async def ask_each(self, questions: Iterable[Question]) -> Mapping[Question, Mapping[str, Reply]]:
        """Ask all resolvers several questions, each once: question → id → what came. Raises as `ask`."""
        raise NotImplementedError

    async def purge(self, resolver: Resolver, question: Question) -> bool:
        """Make `resolver`, which has a `purge`, forget what it knows for `question`. Whether the request left; no answer is read."""
        raise NotImplementedError
