"""The browser of tests/browser, and a copy of the page with the two CAs in its list."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import browser, new_context, page, person, used_profile, watch
from tests.servers.ca_server import CAServer
from tests.site_copy import served_copy

__all__ = ["browser", "new_context", "page", "person", "used_profile", "watch"]


@pytest.fixture(scope="package")
def page_url(step_ca: CAServer, openbao: CAServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of that copy, beside a relay on its own host."""
    servers = (step_ca, openbao)
    entries = [{"id": ca.name, "name": ca.name, "directory": ca.directories["acme"], "cors": "no"} for ca in servers]
    with served_copy(tmp_path_factory.mktemp("copy"), entries, {ca.host: ca.context for ca in servers}) as url:
        yield url
