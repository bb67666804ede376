"""The guides of all targets, filled in for orders of every kind."""

import re
from pathlib import Path

import pytest

from app.acme.identifier import Identifier
from app.install.guide import check_command, client_name, first_stem, install_guide, placeholders
from app.install.targets import Target, parse_targets

LIST = parse_targets(Path("static/data/targets.json").read_text(encoding="utf-8"))
BY_ID = {target.id: target for target in LIST}


def dns(*names: str) -> tuple[Identifier, ...]:
    return tuple(Identifier("dns", name) for name in names)


ORDERS = {
    "one name": dns("shop.example"),
    "wildcard": dns("*.shop.example"),
    "both": dns("*.shop.example", "shop.example"),
    "IDN": dns("xn--bcher-kva.example"),
    "IPv4": (Identifier("ip", "192.0.2.1"),),
    "IPv6": (Identifier("ip", "2001:db8::1"),),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("target", LIST, ids=lambda target: target.id)
def test_guide_is_filled_in_for_every_target(target: Target, order: str) -> None:
    guide = install_guide(target, ORDERS[order], "the names", "24 February 2027")
    texts = [text for step in guide.steps for text in (step.do, step.text, *step.code)]
    texts += [guide.reload, guide.check, *(text for trap in guide.traps for text in (trap.sign, trap.text))]
    assert not placeholders(texts)
    assert len({file.name for file in guide.files}) == len(target.files)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", file.name) for file in guide.files)
    assert bool(guide.check) == bool(target.port)
    assert not re.search(r"[*?]", guide.check)


def test_the_files_have_the_names_that_the_target_wants_and_its_commands_name_them() -> None:
    guide = install_guide(BY_ID["haproxy"], ORDERS["wildcard"], "", "")
    assert [(file.format, file.name) for file in guide.files] == [("combined", "wildcard.shop.example.pem")]
    assert guide.steps[-1].code == ("bind :443 ssl crt /etc/haproxy/ssl/wildcard.shop.example.pem",)
    nginx = install_guide(BY_ID["nginx"], ORDERS["one name"], "", "")
    assert [file.name for file in nginx.files] == ["fullchain.pem", "privkey.pem"]
    assert "ssl_certificate_key /etc/nginx/ssl/privkey.pem;" in nginx.steps[-1].code[0]
    assert nginx.reload == "sudo nginx -t && sudo systemctl reload nginx"


def test_day_and_password_file_stand_in_the_steps() -> None:
    guide = install_guide(BY_ID["iis"], ORDERS["one name"], "", "24 February 2027")
    assert any("24 February 2027" in step.text for step in guide.steps)
    assert "Import-PfxCertificate -FilePath .\\shop.example.pfx" in guide.steps[2].code[0]


@pytest.mark.parametrize(
    ("order", "stem", "name"),
    [
        ("one name", "shop.example", "shop.example"),
        ("wildcard", "wildcard.shop.example", "www.shop.example"),
        ("both", "wildcard.shop.example", "shop.example"),
        ("IPv6", "2001-db8--1", "2001:db8::1"),
    ],
)
def test_names_of_files_and_of_the_server(order: str, stem: str, name: str) -> None:
    assert (first_stem(ORDERS[order]), client_name(ORDERS[order])) == (stem, name)


def test_the_command_that_looks_from_outside() -> None:
    end = " 2>/dev/null | openssl x509 -noout -enddate -serial"
    start = "echo | openssl s_client -connect "
    assert check_command(dns("shop.example")) == f"{start}shop.example:443 -servername shop.example{end}"
    mail = check_command(dns("shop.example"), 25, "smtp")
    assert mail == f"{start}shop.example:25 -servername shop.example -starttls smtp{end}"
    assert check_command(ORDERS["IPv6"]) == f"{start}[2001:db8::1]:443{end}"


def test_braces_of_a_configuration_stay() -> None:
    guide = install_guide(BY_ID["node"], ORDERS["one name"], "", "")
    assert 'createServer({\n  cert: fs.readFileSync("fullchain.pem"),' in guide.steps[0].code[0]
