"""certbot, acme.sh, lego 4, lego 5 and Caddy renew what the page handed over, with its account and without another one."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.handover import CLIENTS
from app.handover.caddy import issuer_key
from app.handover.material import read_plan
from app.handover.proofs import Proof
from app.ports import KeySpec
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.handover.takeover import OWN_SCRIPT, STANDALONE, Takeover, acme_sh, certbot, environment, lego4, lego5, takeover
from tests.nightly import nightly_after
from tests.processes import accepts, python_program, server
from tools.ports import loopbacks
from tools.practice import PracticeCA

NAMES = ("shop.example", "www.shop.example")
KEYS: Sequence[tuple[KeySpec, KeySpec]] = (("ec-p256", "ec-p256"), ("rsa-2048", "rsa-2048"), ("ec-p384", "ec-p384"))
"""The kinds of the certificate's key and of the account's."""

SCRIPT = """\
#!/usr/bin/env python3
import json, os, sys, urllib.request
add = {add}
name, value = {arguments}
body = {{"host": name.rstrip(".") + ".", **({{"value": value}} if add else {{}})}}
url = "{records}/" + ("set-txt" if add else "clear-txt")
urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), method="POST"))
"""


def script(path: Path, records: str, arguments: str, add: str) -> None:
    """A program at `path` that adds a TXT record at the practice CA, or removes it."""
    path.write_text(SCRIPT.format(records=records, arguments=arguments, add=add))
    path.chmod(0o755)


def certbot_renew(moved: Takeover, *options: str) -> None:
    folders = ("--config-dir", moved.folder, "--work-dir", moved.folder / "work", "--logs-dir", moved.folder / "logs")
    moved.run([*certbot(), "renew", *folders, "--force-renewal", "--no-random-sleep-on-renew", *options])


@pytest.mark.nightly
@pytest.mark.parametrize(("key", "account_key"), KEYS)
async def test_certbot(
    ca: PracticeCA, http: HttpxHttp, http_port: int, tmp_path: Path, key: KeySpec, account_key: KeySpec
) -> None:
    moved = await takeover(ca, http, "certbot", tmp_path / "le", http_port, *NAMES, key=key, account_key=account_key)
    await moved.unpack()
    folders: list[str | Path] = ["--config-dir", moved.folder, "--work-dir", tmp_path, "--logs-dir", tmp_path]
    listed = moved.run([*certbot(), "certificates", *folders])
    assert "Certificate Name: shop.example" in listed
    with moved.renews("live/shop.example/fullchain.pem"):
        certbot_renew(moved, "--http-01-port", str(http_port))
    assert (moved.folder / "live/shop.example/privkey.pem").readlink() == Path("../../archive/shop.example/privkey2.pem")


@pytest.mark.nightly
async def test_certbot_proves_a_wildcard_by_scripts(ca: PracticeCA, http: HttpxHttp, http_port: int, tmp_path: Path) -> None:
    moved = await takeover(ca, http, "certbot", tmp_path / "le", http_port, "*.wild.example", "wild.example")
    await moved.unpack(OWN_SCRIPT)
    arguments = '"_acme-challenge." + os.environ["CERTBOT_DOMAIN"], os.environ["CERTBOT_VALIDATION"]'
    script(moved.folder / "dns-add", ca.records_url, arguments, "True")
    script(moved.folder / "dns-remove", ca.records_url, arguments, "False")
    with moved.renews("live/wild.example/fullchain.pem"):
        certbot_renew(moved)


@pytest.mark.parametrize(("key", "account_key"), nightly_after(1, KEYS))
async def test_lego4(
    ca: PracticeCA, http: HttpxHttp, http_port: int, tmp_path: Path, key: KeySpec, account_key: KeySpec
) -> None:
    program = lego4()
    moved = await takeover(ca, http, "lego4", tmp_path / "lego", http_port, *NAMES, key=key, account_key=account_key)
    await moved.unpack()
    command = [program, *await options(moved), "--http.port", f":{http_port}"]
    with moved.renews("certificates/shop.example.crt"):
        moved.run([*command, "renew", "--days", "100", "--no-random-sleep"])
    assert "no renewal" in moved.run([*command, "renew", "--days", "30", "--no-random-sleep"])


@pytest.mark.nightly
@pytest.mark.parametrize(("key", "account_key"), KEYS)
async def test_lego5(
    ca: PracticeCA, http: HttpxHttp, http_port: int, tmp_path: Path, key: KeySpec, account_key: KeySpec
) -> None:
    program = lego5()
    moved = await takeover(ca, http, "lego5", tmp_path / "lego", http_port, *NAMES, key=key, account_key=account_key)
    await moved.unpack()
    with moved.renews("certificates/shop.example.crt"):
        command = [program, *await options(moved), "--http.address", f":{http_port}"]
        moved.run([*command, "--renew-force"])


async def options(moved: Takeover) -> list[str]:
    """The options of the command that the page tells, with the folder of this test."""
    plan = await read_plan(moved.workflow, moved.issuance, STANDALONE)
    client = CLIENTS[moved.client]
    command = next(step.command for step in client.steps(plan, "x.tar") if step.kind == "check")
    words = command.partition(" ")[2].replace(client.folder, str(moved.folder)).partition(" renew ")[0]
    return words.split()


@pytest.mark.nightly
@pytest.mark.parametrize(("key", "account_key"), KEYS)
async def test_acme_sh(
    ca: PracticeCA, http: HttpxHttp, http_port: int, tmp_path: Path, key: KeySpec, account_key: KeySpec
) -> None:
    program = acme_sh()
    moved = await takeover(ca, http, "acme.sh", tmp_path / ".acme.sh", http_port, *NAMES, key=key, account_key=account_key)
    web = tmp_path / "web"
    web.mkdir()
    await moved.unpack(Proof("webroot", webroot=str(web)))
    ecc = ["--ecc"] if key.startswith("ec") else []
    trusting = ("--home", moved.folder, "--ca-bundle", ca.ca_file)
    command: list[str | Path] = [program, *trusting, "--renew", "-d", "shop.example", *ecc]
    everywhere = "::" if "::1" in loopbacks() else "127.0.0.1"  # Pebble asks at ::1 first
    serving = [sys.executable, "-m", "http.server", str(http_port), "--bind", everywhere, "--directory", str(web)]
    folder = "shop.example_ecc" if ecc else "shop.example"
    with server(serving, tmp_path, environment(), lambda: accepts(http_port)), moved.renews(f"{folder}/fullchain.cer"):
        moved.run([*command, "--force"])


@pytest.mark.nightly
async def test_caddy(practice_with: PracticeFactory, http_port: int, tmp_path: Path) -> None:
    """Its window for renewal is nearly as long as the short life of the certificate, so that it renews as it starts."""
    short = {"default": {"description": "half an hour", "validityPeriod": 1800}}
    ca = practice_with(config={"httpPort": http_port, "profiles": short, "certificateValidityPeriod": 1800})
    http = HttpxHttp(ca.ssl_context)
    moved = await takeover(ca, http, "caddy", tmp_path / "data" / "caddy", http_port, "shop.example")
    await http.close()
    await moved.unpack()
    port = http_port + 1
    caddyfile = tmp_path / "Caddyfile"
    caddyfile.write_text(
        f"{{\n\tadmin off\n\thttp_port {http_port}\n\thttps_port {port}\n\tacme_ca {ca.directory_url}\n"
        f"\tacme_ca_root {ca.ca_file}\n\trenewal_window_ratio 0.999\n}}\n\nshop.example {{\n\ttls {{\n\t\tissuer acme {{\n"
        f'\t\t\tdir {ca.directory_url}\n\t\t\ttrusted_roots {ca.ca_file}\n\t\t}}\n\t}}\n\trespond "ok"\n}}\n'
    )
    path = f"certificates/{issuer_key(ca.directory_url)}/shop.example/shop.example.crt"
    env = environment(XDG_DATA_HOME=str(tmp_path / "data"), XDG_CONFIG_HOME=str(tmp_path / "config"), HOME=str(tmp_path))
    first = moved.read(path).serial_number
    command = [python_program("caddy"), "run", "--config", str(caddyfile), "--adapter", "caddyfile"]
    with moved.renews(path), server(command, tmp_path, env, lambda: moved.read(path).serial_number != first):
        pass
