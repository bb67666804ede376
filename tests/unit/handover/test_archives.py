"""The archives for programs on servers: what is in them, with which modes and links, and what never gets in."""

import io
import json
import subprocess
import tarfile
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from app.dns.providers import parse_providers
from app.errors import InputError
from app.handover import CLIENTS, archive, proofs_of
from app.handover.proofs import DNS_CODES, FOLDER_ERROR, Proof, read_proof
from app.pki.private_key import read_private_key, traditional_pem
from app.ports import KeySpec
from tests.unit.handover.plans import KEYS, plan
from tests.unit.keys import SPECS, native_key
from tests.unit.pki.test_jwk import FORM
from tools.paths import ROOT

ALL = tuple(CLIENTS)


def members(client: str, *names: str, proof: Proof = Proof("standalone"), **others: object) -> dict[str, tarfile.TarInfo]:  # noqa: B008
    file = archive(CLIENTS[client], plan(*names, proof=proof, **others), KEYS)
    with tarfile.open(fileobj=io.BytesIO(file.body)) as tar:
        return {member.name: member for member in tar.getmembers()}


def content(client: str, path: str, *names: str, proof: Proof = Proof("standalone"), **others: object) -> str:  # noqa: B008
    file = archive(CLIENTS[client], plan(*names, proof=proof, **others), KEYS)
    with tarfile.open(fileobj=io.BytesIO(file.body)) as tar:
        found = tar.extractfile(path)
        assert found
        return found.read().decode()


@pytest.mark.parametrize("client", ALL)
def test_only_the_owner_reads_keys_and_looks_into_folders(client: str) -> None:
    found = members(client, "shop.example", "*.shop.example")
    for name, member in found.items():
        if member.isdir():
            assert member.mode == (0o755 if name == "renewal" else 0o700)
        elif member.isfile() and ("key" in name or name.endswith(".json")):
            assert member.mode == 0o600, name
    for name in found:  # each folder comes before what is in it
        assert all(str(folder) in found for folder in Path(name).parents if str(folder) != ".")


def test_certbot_has_links_from_live_to_archive() -> None:
    found = members("certbot", "*.shop.example", "shop.example")
    links = {name: member.linkname for name, member in found.items() if member.issym()}
    assert links == {
        f"live/shop.example/{file}.pem": f"../../archive/shop.example/{file}1.pem"
        for file in ("cert", "chain", "fullchain", "privkey")
    }


def renewal(proof: Proof, **others: object) -> dict[str, str]:
    text = content("certbot", "renewal/shop.example.conf", "shop.example", proof=proof, **others)
    parser = ConfigParser(interpolation=None)
    parser.read_string("[top]\n" + text.replace("[[webroot_map]]", "[webroot_map]"))
    return dict(parser["renewalparams"]) | (dict(parser["webroot_map"]) if "webroot_map" in parser else {})


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (Proof("standalone"), {"authenticator": "standalone"}),
        (Proof("nginx"), {"authenticator": "nginx", "installer": "nginx"}),
        (
            Proof("webroot", webroot="/srv/web"),
            {"authenticator": "webroot", "webroot_path": "/srv/web,", "shop.example": "/srv/web"},
        ),
        (
            Proof("dns", provider="cloudflare"),
            {"authenticator": "dns-cloudflare", "dns_cloudflare_credentials": "/etc/letsencrypt/cloudflare.ini"},
        ),
        (Proof("dns", provider="route53"), {"authenticator": "dns-route53"}),
        (
            Proof("dns", provider="other"),
            {
                "authenticator": "manual",
                "pref_challs": "dns-01,",
                "manual_auth_hook": "/etc/letsencrypt/dns-add",
                "manual_cleanup_hook": "/etc/letsencrypt/dns-remove",
            },
        ),
    ],
)
def test_certbot_is_told_how_to_prove_control(proof: Proof, expected: dict[str, str]) -> None:
    found = renewal(proof)
    always = ("account", "server", "key_type", "elliptic_curve")
    assert {name: value for name, value in found.items() if name not in always} == expected
    assert found["server"] == "https://acme-v02.api.letsencrypt.org/directory"


def test_certbot_keeps_kind_of_key_and_profile() -> None:
    found = renewal(Proof("standalone"), key_spec="rsa-3072", profile="shortlived")
    assert (found["key_type"], found["rsa_key_size"], found["preferred_profile"]) == ("rsa", "3072", "shortlived")


@pytest.mark.parametrize(
    ("names", "proof", "expected"),
    [
        (("shop.example",), Proof("standalone"), ("shop.example", "no", "no")),
        (("*.shop.example", "shop.example"), Proof("dns", provider="ovh"), ("shop.example", "*.shop.example", "dns_ovh")),
        (("a.example", "b.example"), Proof("webroot", webroot="/srv/web"), ("a.example", "b.example", "/srv/web")),
    ],
)
def test_a_shell_reads_the_settings_of_acme_sh(
    tmp_path: Path, names: tuple[str, ...], proof: Proof, expected: tuple[str, ...]
) -> None:
    """acme.sh itself is a shell script that sources this file; see its own code, and the test at the real one."""
    main = expected[0]
    conf = tmp_path / "conf"
    conf.write_text(content("acme.sh", f"{main}_ecc/{main}.conf", *names, proof=proof))
    script = '. "$0"; printf "%s\\n" "$Le_Domain" "$Le_Alt" "$Le_Webroot"'
    told = subprocess.run(["sh", "-c", script, conf], capture_output=True, text=True, check=True).stdout
    assert tuple(told.splitlines()) == expected


def test_others_name_the_account_and_the_certificate() -> None:
    account = "accounts/acme-v02.api.letsencrypt.org/noemail@example.com/account.json"
    lego4 = json.loads(content("lego4", account, "shop.example"))
    assert lego4["registration"]["uri"] == "https://acme-v02.api.letsencrypt.org/acme/acct/1"
    lego5 = json.loads(content("lego5", account, "shop.example"))
    assert lego5["registration"]["accountURL"] == lego4["registration"]["uri"]
    assert "certificates/_.shop.example.crt" in members("lego5", "*.shop.example")
    issuer = "acme-v02.api.letsencrypt.org-directory"
    caddy = json.loads(content("caddy", f"acme/{issuer}/users/default/default.json", "shop.example"))
    assert caddy["location"] == lego4["registration"]["uri"]
    assert f"certificates/{issuer}/wildcard_.shop.example/wildcard_.shop.example.key" in members("caddy", "*.shop.example")


@pytest.mark.parametrize("client", ALL)
@pytest.mark.parametrize("member", ["account_url", "order_url", "finalize_url", "certificate_url", "directory"])
@pytest.mark.parametrize(
    "odd", ["https://ca.example/'; rm -rf ~; '", "https://ca.example/a\nb", "https://ca.example/a,b", "https://ca.example/../x"]
)
def test_ca_writes_no_commands_into_the_settings(client: str, member: str, odd: str) -> None:
    members_of: dict[str, Any] = {member: odd}
    with pytest.raises(InputError) as caught:
        archive(CLIENTS[client], plan("shop.example", **members_of), KEYS)
    assert caught.value.code == "move-out-odd-text"


@pytest.mark.parametrize("odd", ["", "relative", "/srv/../etc", "/srv/'web", "/a b", "/a,b", "/srv\n"])
def test_folder_is_a_plain_path(odd: str) -> None:
    if odd == "/srv\n":  # white space around it is no fault
        assert read_proof("webroot", odd, ("webroot",)).webroot == "/srv"
        return
    with pytest.raises(InputError) as caught:
        read_proof("webroot", odd, ("webroot",))
    assert caught.value.code == FOLDER_ERROR


def test_wildcards_are_proven_by_dns_only() -> None:
    for client in CLIENTS.values():
        assert all(value.startswith("dns-") for value in proofs_of(client, ("shop.example", "*.shop.example")))
        assert "dns-other" in proofs_of(client, ("shop.example",))
    with pytest.raises(InputError):
        read_proof("standalone", "", proofs_of(CLIENTS["certbot"], ("*.shop.example",)))


def test_codes_are_of_providers_that_the_page_knows() -> None:
    listed = {provider.id for provider in parse_providers((ROOT / "static/data/dns_providers.json").read_text())}
    assert set(DNS_CODES) <= listed


@pytest.mark.parametrize("client", ALL)
def test_each_way_that_is_offered_makes_an_archive_and_steps(client: str) -> None:
    for value in proofs_of(CLIENTS[client], ("shop.example",)):
        chosen = plan("shop.example", proof=read_proof(value, "/srv/web", (value,)))
        assert archive(CLIENTS[client], chosen, KEYS).private
        kinds = [step.kind for step in CLIENTS[client].steps(chosen, "x.tar")]
        assert kinds[0] == "unpack"
        assert "check" in kinds


@pytest.mark.parametrize("spec", SPECS)
def test_key_in_the_form_of_its_own_kind(spec: KeySpec) -> None:
    pkcs8 = native_key(spec).private.private_bytes(*FORM)
    pem = traditional_pem(pkcs8)
    assert pem.startswith("-----BEGIN EC PRIVATE KEY" if spec.startswith("ec") else "-----BEGIN RSA PRIVATE KEY")
    assert serialization.load_pem_private_key(pem.encode(), None).private_bytes(*FORM) == pkcs8
    assert read_private_key(pem)[0] == spec
