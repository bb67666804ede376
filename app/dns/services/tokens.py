"""The tokens of DNS services: in the memory of this tab, and where a person wants that, sealed in this browser.

A token is a secret like a key. What may hold one is this module, the sealed store and `app.network.token_header`; whoever makes
a request writes `TOKEN_MARK` in its place.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from app.dns.services.catalog import ServiceEntry, find_service
from app.dns.services.service import DnsService, TokenError
from app.errors import InputError, StorageError
from app.ports import Http, SecretStore

SECRET_PREFIX: Final = "dns-token "  # noqa: S105 – a name
"""What the names of kept tokens begin with; the id of the service follows."""

_TOKEN: Final = re.compile(r"[!-~]{8,256}")


class Tokens:
    """The tokens for `services`. `secrets` keeps them between visits. `on_token` is called with each, before it is used."""

    def __init__(
        self, services: Iterable[ServiceEntry], secrets: SecretStore, on_token: Callable[[bytes], None] = lambda _: None
    ) -> None:
        self.services = tuple(services)
        self._secrets = secrets
        self._on_token = on_token
        self._tokens: dict[str, str] = {}
        self._kept: set[str] = set()

    async def read(self) -> None:
        """Read what is kept, at the start of a visit. What cannot be read counts as not kept; a person gives it again."""
        for service in self.services:
            try:
                token = await self._secrets.get(SECRET_PREFIX + service.id)
            except StorageError:
                continue
            if token and _TOKEN.fullmatch(token):
                self._use(service.id, token)
                self._kept.add(service.id)

    def has(self, service: str) -> bool:
        """Whether there is a token for the service with this id."""
        return service in self._tokens

    def is_kept(self, service: str) -> bool:
        """Whether it is kept for later visits."""
        return service in self._kept

    async def give(self, service: str, token: str, *, keep: bool) -> None:
        """The person gives `token` for the service with this id, for this visit or (`keep`) until it is forgotten.

        Raises `InputError` where it is none, and `StorageError` where it cannot be kept; for this visit it counts nevertheless.
        """
        token = token.strip()
        if not _TOKEN.fullmatch(token):
            raise InputError("dns-token-unusable")
        self._use(service, token)
        if keep:
            await self._secrets.put(SECRET_PREFIX + service, token)
            self._kept.add(service)
        else:
            await self._forget_kept(service)

    async def forget(self, service: str) -> None:
        """Forget the token for the service with this id, here and in what is kept. Raises `StorageError`."""
        self._tokens.pop(service, None)
        await self._forget_kept(service)

    def drop_all(self) -> None:
        """Everything in this browser was destroyed: forget what is in memory, too."""
        self._tokens.clear()
        self._kept.clear()

    def token_for(self, url: str) -> tuple[ServiceEntry, str] | None:
        """The service to whose API `url` belongs, and its token; None where there is none."""
        service = next((service for service in self.services if service.owns(url)), None)
        token = self._tokens.get(service.id) if service else None
        return (service, token) if service and token else None

    def client(self, service: str, http: Http) -> DnsService:
        """A client of the service with this id. Raises `TokenError` where there is no token for it."""
        entry = find_service(self.services, service)
        if entry is None or not self.has(service):
            raise TokenError("dns-token-missing", entry.name if entry else service)
        return entry.client(http)

    def _use(self, service: str, token: str) -> None:
        self._on_token(token.encode("ascii"))
        self._tokens[service] = token

    async def _forget_kept(self, service: str) -> None:
        if service in self._kept:
            await self._secrets.delete(SECRET_PREFIX + service)
            self._kept.discard(service)
