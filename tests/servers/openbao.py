"""Starts OpenBao's development server, sets up its PKI engines, and lets them speak ACME."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.processes import server
from tests.servers.ca_server import CAServer, program
from tests.servers.records import Records
from tools.ports import Ports

TOKEN = "root of a server that lives for one test run"  # noqa: S105 - nothing that is secret is behind it
ENGINES = {"acme": "pki_int", "eab": "pki_eab"}
"""One engine each: open to everybody, and one for accounts with credentials only."""


@dataclass(frozen=True)
class OpenBao(CAServer):
    """OpenBao, which can be asked for credentials."""

    def external_account(self) -> tuple[str, str]:
        """A new key ID and HMAC key (base64url) for the directory "eab"; they serve once."""
        data = _Api(self.host, self.context).write(f"{ENGINES['eab']}/acme/new-eab")["data"]
        return data["id"], data["key"]


@contextmanager
def openbao(folder: Path, records: Records) -> Iterator[OpenBao]:
    """Run OpenBao, which looks names up in `records`; it finds their servers on the ports 80 and 443 only."""
    port, ca_file = Ports.free().acme, folder / "vault-ca.pem"
    command = [program("bao"), "server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={TOKEN}", "-dev-tls"]
    command += [f"-dev-tls-cert-dir={folder}", f"-dev-listen-address=127.0.0.1:{port}"]
    env = {**os.environ, "HOME": str(folder)}
    with server(command, folder, env, lambda: _is_ready(port, ca_file)):
        context = ssl.create_default_context(cafile=ca_file)
        api = _Api(f"localhost:{port}", context)
        root = _set_up(api, records)
        directories = {name: f"{api.base}/{engine}/acme/directory" for name, engine in ENGINES.items()}
        yield OpenBao("OpenBao", directories, context, root, records, f"{api.base}/{ENGINES['acme']}/crl")


def _is_ready(port: int, ca_file: Path) -> bool:
    """Whether it has written the file of its CA, and takes our token."""
    try:
        api = _Api(f"localhost:{port}", ssl.create_default_context(cafile=ca_file))
        return api.ask("GET", "auth/token/lookup-self").is_success
    except (OSError, httpx.HTTPError):
        return False


class _Api:
    """OpenBao's own API, with all rights."""

    def __init__(self, host: str, context: ssl.SSLContext) -> None:
        self.base = f"https://{host}/v1"
        self._context = context

    def write(self, path: str, /, **members: object) -> dict[str, Any]:
        """Write `members` to `path`; what comes back."""
        answer = self.ask("POST", path, members)
        assert answer.is_success, f"OpenBao refuses {path}: {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def ask(self, method: str, path: str, members: object = None) -> httpx.Response:
        """What it answers, be it a refusal. Raises `httpx.HTTPError` where nothing comes."""
        with httpx.Client(verify=self._context, trust_env=False, timeout=20) as client:
            return client.request(method, f"{self.base}/{path}", json=members, headers={"X-Vault-Token": TOKEN})


def _set_up(api: _Api, records: Records) -> str:
    """A root, and below it an intermediate for each engine of `ENGINES`; the root certificate."""
    _mount(api, "pki")
    root: str = api.write("pki/root/generate/internal", common_name="The root of OpenBao", ttl="2400h")["data"]["certificate"]
    for name, engine in ENGINES.items():
        _mount(api, engine)
        made = api.write(f"{engine}/intermediate/generate/internal", common_name=f"The intermediate {name} of OpenBao")
        signed = api.write("pki/root/sign-intermediate", csr=made["data"]["csr"], format="pem_bundle", ttl="2000h")
        api.write(f"{engine}/intermediate/set-signed", certificate=signed["data"]["certificate"])
        api.write(f"{engine}/config/cluster", path=f"{api.base}/{engine}")
        policy = "always-required" if name == "eab" else "not-required"
        api.write(f"{engine}/config/acme", enabled=True, dns_resolver=records.dns, eab_policy=policy)
    return root


def _mount(api: _Api, engine: str) -> None:
    """Enable a PKI engine whose answers may carry the headers of ACME: without them there is no nonce."""
    headers = ["Replay-Nonce", "Link", "Location", "Last-Modified"]
    api.write(f"sys/mounts/{engine}", type="pki", config={"max_lease_ttl": "2400h", "allowed_response_headers": headers})
