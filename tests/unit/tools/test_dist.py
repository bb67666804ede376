"""The build and dist/: the same bytes every time, hashes that hold, one policy everywhere."""

import argparse
import base64
import gzip
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from app.ca.catalog import CertificateAuthority
from app.dns.resolvers import Resolver
from tools import compiler
from tools.archive import unpack
from tools.build import practice_from, site_files
from tools.dist import add_dist_options, defaults_from, make_dist
from tools.form_defaults import FormDefaults, with_defaults
from tools.origins import read_origins
from tools.paths import ROOT
from tools.policy import cache_control, content_security_policy, mime_type, security_headers
from tools.powerdns_choice import read_powerdns
from tools.practice_address import Practice
from tools.resolver_choice import read_resolver_choice
from tools.runtime import LATER_WHEELS, WHEELS

SOURCES = ("index.html", "static", "app", "locale")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ as `make dist` makes it."""
    folder = tmp_path_factory.mktemp("dist") / "dist"
    make_dist(folder, None)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def policy_in(page: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1]


# ---- The same bytes ----


@pytest.mark.nightly
def test_compiled_anew_in_another_folder_the_site_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site_files(ROOT, Practice())
    for name in SOURCES:
        source, copy = ROOT / name, tmp_path / "elsewhere" / name
        copy.parent.mkdir(exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copyfile(source, copy)
    monkeypatch.setattr(compiler, "COMPILED", tmp_path / "compiled")
    assert site_files(tmp_path / "elsewhere", Practice()) == first


def test_dist_twice_is_the_same(dist: Path, tmp_path: Path) -> None:
    make_dist(tmp_path / "again", None)
    assert files_in(tmp_path / "again") == files_in(dist)


def test_no_path_of_this_machine_is_in_the_site() -> None:
    site = site_files(ROOT, Practice())
    assert [name for name, content in site.items() if str(ROOT).encode() in content] == []


# ---- dist/ ----


def test_hashes_cover_every_file_and_hold(dist: Path) -> None:
    listed = {line[66:]: line[:64] for line in (dist / "SHA256SUMS").read_text().splitlines()}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files_in(dist).items()}
    del found["SHA256SUMS"]
    assert listed == found
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=dist, check=True)


def test_compressed_copies_hold_the_same(dist: Path) -> None:
    files = files_in(dist)
    copies = [name for name in files if name.endswith((".br", ".gz"))]
    decoders = {".br": brotli.decompress, ".gz": gzip.decompress}
    assert {name.rpartition(".")[0] for name in copies} >= {"index.html", "static/data/cas.json"}
    for name in copies:
        assert decoders[name[-3:]](files[name]) == files[name[:-3]], name


def test_large_files_have_both_copies(dist: Path) -> None:
    files = files_in(dist)
    large = [name for name, content in files.items() if len(content) > 100_000 and not name.endswith((".br", ".gz"))]
    assert [name for name in large if not {name + ".br", name + ".gz"} <= files.keys()] == []


def test_page_and_server_settings_carry_the_same_policy(dist: Path) -> None:
    policy = policy_in((dist / "index.html").read_text())
    assert "'unsafe" not in policy
    for name in ("_headers", "servers/nginx.conf", "servers/Caddyfile", "servers/htaccess.txt"):
        text = (dist / name).read_text()
        assert f"{policy}; frame-ancestors 'none'" in text, name
        assert "max-age=31536000, immutable" in text, name


def test_settings_for_a_relay_name_the_cas_that_need_one(dist: Path) -> None:
    for name in ("servers/relay.Caddyfile", "servers/relay.nginx.conf", "servers/relay.upstreams.nginx.conf"):
        text = (dist / name).read_text()
        for host in ("acme.zerossl.com", "dv.acme-v02.api.pki.goog"):
            assert host in text.replace("\\", ""), name
        for host in ("letsencrypt", "buypass", "localhost"):
            assert host not in text, name


def test_headers_say_in_comments_why_frames_are_forbidden(dist: Path) -> None:
    comments = [line for line in (dist / "_headers").read_text().splitlines() if line.startswith("#")]
    assert any("clickjacking" in line for line in comments)
    assert any("frame-ancestors" in line for line in comments)


def test_unchanging_folders_are_named_in_headers(dist: Path) -> None:
    folders = {f"/{path.relative_to(dist)}/*" for path in dist.glob("*/*") if re.fullmatch("[0-9a-f]{12}", path.name)}
    assert len(folders) == 2
    assert {line for line in (dist / "_headers").read_text().splitlines() if line.startswith("/")} == {"/*", *folders}


# ---- The site ----


def test_every_link_of_the_page_is_relative_and_leads_to_a_file() -> None:
    site = site_files(ROOT, Practice())
    links = re.findall(r'(?:href|src|config)="([^"#]+)"', site["index.html"].decode())
    ours = [link for link in links if not link.startswith("https://")]
    assert ours
    assert [link for link in ours if link not in site] == []


def test_every_script_stylesheet_and_preload_has_the_hash_of_what_it_loads() -> None:
    site = site_files(ROOT, Practice())
    page = site["index.html"].decode()
    elements = re.findall(r"<script[^>]* src=[^>]*>|<link[^>]*>", page)
    loading = [element for element in elements if not re.search(r'rel="(icon|expect)"', element)]
    assert {re.sub(r".*/|\.[^.]*$", "", name) for name in re.findall(r'(?:href|src)="([^"]*)"', "".join(loading))} >= {
        *(
            "boot",
            "start",
            "form",
            "check",
            "keystay",
            "pico.min",
            "core",
            "interpreter",
            "pyodide.asm",
            "python_stdlib",
            "pyscript",
        )
    }
    for element in loading:
        found = re.search(r'(?:href|src)="([^"]*)".* (?:data-)?integrity="sha384-([^"]*)"', element)
        assert found, element
        assert base64.b64decode(found[2]) == hashlib.sha384(site[found[1]]).digest(), element
        by_scripts = bool(re.search('rel="(interpreter|library|app|later)"', element))
        assert ("data-integrity" in element) == by_scripts, "static/start.js checks what scripts fetch, the browser all else"


def test_lock_has_the_hash_of_what_it_names() -> None:
    site = site_files(ROOT, Practice())
    (lock,) = [name for name in site if name.endswith("/pyodide-lock.json")]
    packages = json.loads(site[lock])["packages"]
    assert set(packages) == {"dnspython", "micropip", "publicsuffixlist", "pydes"}
    for package in packages.values():
        (path,) = [name for name in site if name.endswith("/" + package["file_name"].rpartition("/")[2])]
        assert hashlib.sha256(site[path]).hexdigest() == package["sha256"]


def test_packages_for_later_are_no_part_of_the_start() -> None:
    site = site_files(ROOT, Practice())
    for package in LATER_WHEELS:
        assert package not in site["index.html"].decode()


def test_wheels_hold_what_is_used_of_them_and_their_licences() -> None:
    site = site_files(ROOT, Practice())
    for package in WHEELS:
        assert [name for name in wheel_in(site, package) if "LICEN" in name.upper()], package
    messages = wheel_in(site, "dnspython")
    assert {"dns/message.pyc", "dns/rdtypes/ANY/OPT.pyc", "dns/rdtypes/IN/AAAA.pyc"} <= messages.keys()
    assert messages.keys().isdisjoint({"dns/query.pyc", "dns/resolver.pyc", "dns/rdtypes/ANY/MX.pyc"})
    assert {name for name in wheel_in(site, "pydes") if name.endswith(".pyc")} == {"pyDes.pyc"}
    suffixes = {name for name in wheel_in(site, "publicsuffixlist") if not name.startswith("publicsuffixlist-")}
    assert suffixes == {"publicsuffixlist/__init__.pyc", "publicsuffixlist/public_suffix_list.dat"}


def wheel_in(site: Mapping[str, bytes], package: str) -> dict[str, bytes]:
    (content,) = [content for name, content in site.items() if f"/{package}-" in name and name.endswith(".whl")]
    return unpack(content)


def test_practice_ca_stands_where_it_is_said_to() -> None:
    site = site_files(ROOT, Practice("http://localhost:8123", "https://localhost:14123/dir"))
    (practice,) = [ca for ca in json.loads(site["static/data/cas.json"]) if ca["id"] == "practice"]
    assert practice["relay"] == "http://localhost:8123/relay/"
    assert practice["records"] == "http://localhost:8123/practice/"
    assert practice["directory"] == "https://localhost:14123/dir"
    (resolver,) = [entry for entry in json.loads(site["static/data/resolvers.json"]) if entry["id"] == "practice"]
    assert resolver["url"] == "http://localhost:8123/practice/dns-query"
    assert "http://localhost:8123" in policy_in(site["index.html"].decode())


def test_relay_serves_the_cas_that_let_no_browser_in() -> None:
    site = site_files(ROOT, None, "https://relay.example/to/")
    cas = {ca["id"]: ca for ca in json.loads(site["static/data/cas.json"])}
    assert {id_ for id_, ca in cas.items() if ca["relay"]} == {
        *("zerossl", "google", "google-test", "sslcom-ecc", "sslcom-rsa", "actalis", "sectigo", "digicert")
    }
    sources = re.search("connect-src ([^;]*)", policy_in(site["index.html"].decode()))
    assert sources
    assert sources[1].split() == [
        "'self'",
        "https://acme-v02.api.letsencrypt.org",
        "https://acme-staging-v02.api.letsencrypt.org",
        "https://relay.example",
        *("https://cloudflare-dns.com", "https://dns.google", "https://dns.alidns.com"),
        "https://desec.io",
    ]


def test_dist_has_no_relay_unless_it_is_named(dist: Path) -> None:
    cas = json.loads((dist / "static" / "data" / "cas.json").read_text())
    assert [ca["id"] for ca in cas if ca["relay"]] == []
    assert "zerossl" not in policy_in((dist / "index.html").read_text())


def test_list_of_cas_that_cannot_be_used_stops_the_build(tmp_path: Path) -> None:
    for name in SOURCES:
        source, copy = ROOT / name, tmp_path / name
        shutil.copytree(source, copy) if source.is_dir() else shutil.copyfile(source, copy)
    (tmp_path / "static" / "data" / "cas.json").write_text(
        '[{"id": "x", "name": "X", "directory": "https://x.example", "relai": 1}]'
    )
    with pytest.raises(SystemExit, match="relai"):
        site_files(tmp_path, None)


def test_without_a_practice_ca_nothing_speaks_of_it() -> None:
    site = site_files(ROOT, None)
    assert "practice" not in [ca["id"] for ca in json.loads(site["static/data/cas.json"])]
    page = site["index.html"].decode()
    assert "localhost" not in policy_in(page)
    assert 'value="practice"' not in page


def test_a_public_page_and_its_settings_speak_of_no_localhost(dist: Path) -> None:
    page = (dist / "index.html").read_text()
    assert 'value="practice"' not in page
    texts = {"index.html": policy_in(page), "_headers": (dist / "_headers").read_text()}
    texts |= {path.name: path.read_text() for path in (dist / "servers").iterdir()}
    texts |= {name: (dist / "static" / "data" / name).read_text() for name in ("cas.json", "resolvers.json")}
    assert [name for name, text in texts.items() if "localhost" in text or "://127." in text.replace(RELAY_HOP, "")] == []


RELAY_HOP = "http://127.0.0.1:8440"  # from the page's own nginx to its relay


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ([], []),
        (["PRACTICE="], []),
        (["PRACTICE=no"], []),
        (["PRACTICE=yes"], ["--practice"]),
        (["RELAY=/relay/"], ["--relay", "/relay/"]),
        (["ORIGINS=https://a.example, https://b.example"], ["--origins", "https://a.example, https://b.example"]),
        (["DEFAULT_CA=letsencrypt"], ["--default-ca", "letsencrypt"]),
        (["RESOLVERS="], ["--resolvers", ""]),  # nobody is not the same as nothing said
        (["RESOLVERS=google, https://dns.example/q"], ["--resolvers", "google, https://dns.example/q"]),
        (["CONTACT=o'neil@a.example, b@a.example"], ["--contact", "o'neil@a.example, b@a.example"]),
    ],
)
@pytest.mark.parametrize("target", ["dist", "verify"])
def test_make_leaves_the_practice_ca_out_unless_it_is_asked_for(target: str, variables: list[str], options: list[str]) -> None:
    command = ["make", "--dry-run", target, "URL=https://keystay.example/", *variables]
    ours = ("PRACTICE", "RELAY", "ORIGINS", "DEFAULT_CA", "CONTACT", "RESOLVERS", "POWERDNS")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    printed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    (line,) = [line for line in printed.splitlines() if f"tools.{target}" in line]
    assert shlex.split(line.partition(f"tools.{target}")[2].removeprefix(" https://keystay.example/")) == options


def test_options_say_what_is_in_dist() -> None:
    parser = argparse.ArgumentParser()
    add_dist_options(parser)
    assert practice_from(parser.parse_args([])) is None
    assert practice_from(parser.parse_args(["--practice"])) == Practice()
    assert parser.parse_args(["--origins", "https://a.example, https://b.example"]).origins == (
        *("https://a.example", "https://b.example"),
    )


# ---- The origins of other pages that a relay serves ----


def test_named_origins_stand_in_the_settings_for_relays_and_nowhere_else(tmp_path: Path) -> None:
    make_dist(tmp_path / "dist", None, "/relay/", ("https://keystay.example:4438",))
    contents = {name: content.replace(b"\\", b"") for name, content in files_in(tmp_path / "dist").items()}
    named = {name for name, content in contents.items() if b"keystay.example:4438" in content}
    assert named == {"servers/relay.Caddyfile", "servers/relay.nginx.conf"}


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", []),
        (" ,\n", []),
        ("https://a.example", ["https://a.example"]),
        ("https://a.example, https://b.example:8443\thttps://a.example", ["https://a.example", "https://b.example:8443"]),
        ("https://xn--bcher-kva.example,https://192.0.2.1", ["https://xn--bcher-kva.example", "https://192.0.2.1"]),
        ("https://[2001:db8::1]:8443 https://nas", ["https://[2001:db8::1]:8443", "https://nas"]),
    ],
)
def test_origins_are_read(text: str, origins: list[str]) -> None:
    assert list(read_origins(text)) == origins


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *((text, "Did you mean https://a.example?") for text in ("a.example", "http://a.example", "https://A.example")),
        *(
            (text, "Did you mean https://a.example?")
            for text in ("https://a.example/", "https://a.example:443", "//a.example/x?y#z")
        ),
        *(("https://u:p@a.example", "https://a.example?"), ("https://bücher.example", "https://xn--bcher-kva.example?")),
        *(
            (text, "Write https://")
            for text in ("*", "null", "https://*.a.example", "https://", "https://a.example:0", "https://[")
        ),
        *(
            (text, "Write https://")
            for text in ("https://a.example:65536", "https://a.example:x", "https://a..example", "https://a.")
        ),
        *(
            (text, "Write https://")
            for text in ("https://-a.example", "https://192.0.2", "https://192.0.2.256", "https://[::01]")
        ),
        *(
            (text, "Write https://")
            for text in ('https://a";', "https://$a.example", "https://{a}.example", "https://a\\.example")
        ),
        ("https://good.example https://a.example/", "Did you mean https://a.example?"),
    ],
)
def test_origins_that_no_browser_would_send_are_refused(text: str, words: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not the origin of a page") as refusal:
        read_origins(text)
    assert words in str(refusal.value)


def test_a_wrong_origin_stops_the_command_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.dist", "--origins", "keystay.example", str(tmp_path / "dist")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "'keystay.example' is not the origin of a page. Did you mean https://keystay.example?" in ran.stderr
    assert not (tmp_path / "dist").exists()


# ---- Whom the page may ask about DNS ----


def resolvers_of(practice: Practice | None, *arguments: str) -> tuple[list[str], str]:
    """The ids in the site's list, and its policy."""
    parser = argparse.ArgumentParser()
    add_dist_options(parser)
    site = site_files(ROOT, practice, languages=[], resolvers=parser.parse_args(arguments).resolvers)
    listed = [entry["id"] for entry in json.loads(site["static/data/resolvers.json"])]
    return listed, policy_in(site["index.html"].decode())


@pytest.mark.parametrize(
    ("practice", "text", "ids"),
    [
        (None, None, ["cloudflare", "google", "alidns"]),
        (Practice(), None, ["cloudflare", "google", "alidns", "practice"]),
        (None, "dnssb, cloudflare dnssb", ["dnssb", "cloudflare"]),
        (Practice(), "google", ["google", "practice"]),
        (None, "https://dns.google/dns-query", ["google"]),
        (None, "https://dns.example:8443/q http://localhost:9600/dns-query", ["dns.example:8443", "localhost:9600"]),
        (None, "", []),
        (Practice(), " ", []),
    ],
)
def test_site_knows_the_resolvers_that_are_named_and_no_others(
    practice: Practice | None, text: str | None, ids: list[str]
) -> None:
    listed, policy = resolvers_of(practice, *(() if text is None else ("--resolvers", text)))
    assert listed == ids
    origins = {
        "cloudflare": "https://cloudflare-dns.com",
        "google": "https://dns.google",
        "alidns": "https://dns.alidns.com",
        "dnssb": "https://doh.sb",
        "dohpub": "https://doh.pub",
    }
    assert {id_ for id_, origin in origins.items() if origin in policy} == origins.keys() & set(ids)
    assert ("https://dns.example:8443 http://localhost:9600 https://desec.io;" in policy) == ("localhost:9600" in ids)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "gogle",
            "'gogle' is no resolver of static/data/resolvers.json. Write its https URL or one of these ids: cloudflare, ",
        ),
        ("google practice", "'practice' is no resolver"),
        *(
            (text, "is not the URL of a resolver. Write it like https://dns.example/dns-query")
            for text in (
                *("http://dns.example/dns-query", "https://dns.example", "https://dns.example/dns-query{?dns}", "/dns-query"),
                *("https://dns.example/q?x=1", "https://u:p@dns.example/q", "https://dns.example/q#x", "https://Dns.example/q"),
                *("http://localhost.example/q", "https://dns.example/q;script-src", "https://dns.example/%71"),
            )
        ),
    ],
)
def test_resolvers_that_nobody_could_ask_stop_the_command_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refusal:
        read_resolver_choice(text)
    assert words in str(refusal.value)


# ---- What the form holds for a team ----


def form_of(page: str) -> tuple[str, str, str]:
    """The CA that is chosen (the first one where none is marked), the directory URL and the e-mail."""
    select = re.search(r'<select id="ca".*?</select>', page, re.DOTALL)
    assert select
    chosen = re.findall(r'<option value="([^"]*)" selected', select[0])
    assert len(chosen) <= 1
    fields = (re.search(rf'<input id="{field}" value="([^"]*)"', page) for field in ("directory-url", "contact"))
    return (chosen or [""])[0], *(unescape(field[1]) if field else "" for field in fields)


def options(*arguments: str) -> FormDefaults:
    """What the options say of the form."""
    parser = argparse.ArgumentParser()
    add_dist_options(parser)
    return defaults_from(parser, parser.parse_args(arguments))


@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        ([], ("", "", "")),
        (["--default-ca", "letsencrypt-staging"], ("letsencrypt-staging", "", "")),
        (["--default-ca", "zerossl", "--relay", "/relay/"], ("zerossl", "", "")),
        (["--default-ca", "https://acme-v02.api.letsencrypt.org/directory"], ("letsencrypt", "", "")),
        (
            ["--default-ca", "https://acme-v02.api.letsencrypt.org/other?a=1&b=2"],
            ("custom", "https://acme-v02.api.letsencrypt.org/other?a=1&b=2", ""),
        ),
        (["--contact", " o'neil@a.example,\n&b@a.example "], ("", "", "o'neil@a.example, &b@a.example")),
    ],
)
def test_form_holds_what_a_team_wants(arguments: list[str], form: tuple[str, str, str]) -> None:
    page = with_defaults(site_files(ROOT, None, "/relay/", [])["index.html"].decode(), options(*arguments))
    assert form_of(page) == form


def test_dist_has_it_and_differs_in_nothing_else(dist: Path, tmp_path: Path) -> None:
    make_dist(tmp_path / "dist", None, defaults=options("--default-ca", "letsencrypt-staging", "--contact", "me@a.example"))
    found, without = files_in(tmp_path / "dist"), files_in(dist)
    assert form_of(found["index.html"].decode()) == ("letsencrypt-staging", "", "me@a.example")
    pages = {"index.html", "index.html.br", "index.html.gz"}
    assert {name for name in found if found[name] != without[name]} == {*pages, "SHA256SUMS"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--default-ca", "letsencript"], "'letsencript' is no CA of static/data/cas.json."),
        (["--default-ca", "practice", "--practice"], "'practice' is no CA of static/data/cas.json."),
        (["--default-ca", "zerossl"], "relay"),
        (["--default-ca", "buypass"], "closed since"),
        (["--default-ca", "https://ca.nowhere.example/directory"], "https://ca.nowhere.example"),
        (["--default-ca", "http://ca.nowhere.example/directory"], "https://"),
        (["--contact", "me"], "“me”"),
        (["--contact", "-----BEGIN PRIVATE KEY-----"], "private key"),
    ],
)
def test_what_no_form_could_use_stops_the_command_with_a_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        options(*arguments)
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


# ---- The policy ----

CAS = (
    CertificateAuthority("direct", "Direct", "https://ca.example:8443/dir"),
    CertificateAuthority("relayed", "Relayed", "https://far.example/dir", relay="https://relay.example/x/"),
    CertificateAuthority("own", "Relayed here", "https://other.example/dir", relay="/relay/"),
    CertificateAuthority("shy", "Without CORS", "https://shy.example/dir", cors="no"),
    CertificateAuthority("gone", "Closed", "https://gone.example/dir", cors="yes", closed="closed"),
)
RESOLVERS = (
    Resolver("one", "One", "https://dns.example/dns-query", purge="https://cache.example/purge"),
    Resolver("own", "On the page's host", "/dns-query"),
)


def test_page_may_talk_to_resolvers_and_to_each_ca_or_its_relay_and_to_none_that_it_has_no_way_to() -> None:
    policy = content_security_policy(CAS, RESOLVERS)
    assert "connect-src 'self' https://ca.example:8443 https://relay.example https://dns.example" in policy
    assert "https://dns.example https://cache.example;" in policy  # a resolver on the page's own host needs nothing


def site_with(powerdns: str) -> tuple[list[str], str]:
    """The ids of the DNS services of a site with `POWERDNS=`, and its policy."""
    site = site_files(ROOT, None, languages=[], powerdns=read_powerdns(powerdns))
    listed = [entry["id"] for entry in json.loads(site["static/data/dns_services.json"])]
    return listed, policy_in(site["index.html"].decode())


def test_site_may_write_to_desec_and_to_the_powerdns_that_is_named_and_no_other() -> None:
    listed, policy = site_with("")
    assert listed == ["desec"]
    assert "https://desec.io" in policy
    listed, policy = site_with(" https://dns.example:8443 ")
    assert listed == ["desec", "powerdns"]
    assert "https://dns.example:8443" in policy


@pytest.mark.parametrize("text", ["dns.example", "http://dns.example", "https://dns.example/", "https://dns.example/api", "x"])
def test_powerdns_that_no_page_could_reach_stops_the_command_with_a_sentence(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not the origin of a PowerDNS server"):
        read_powerdns(text)


def test_only_headers_can_forbid_frames() -> None:
    assert "frame-ancestors" not in content_security_policy(CAS, RESOLVERS)
    assert "frame-ancestors 'none'" in security_headers(CAS, RESOLVERS)["Content-Security-Policy"]


def test_headers_isolate_the_page_and_take_away_what_it_does_not_use() -> None:
    headers = security_headers(CAS, RESOLVERS)
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    features = headers["Permissions-Policy"].split(", ")
    assert all(re.fullmatch(r"[a-z-]+=\(\)", feature) for feature in features)
    assert {"camera=()", "usb=()", "display-capture=()", "serial=()"} <= set(features)


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("static/0123456789ab/boot.mjs", "public, max-age=31536000, immutable"),
        ("runtime/0123456789ab/pyodide.asm.wasm", "public, max-age=31536000, immutable"),
        ("static/data/cas.json", "no-cache"),
        ("index.html", "no-cache"),
    ],
)
def test_caching(path: str, caching: str) -> None:
    assert cache_control(path) == caching


@pytest.mark.parametrize(
    ("path", "type_"),
    [("a.mjs", "text/javascript; charset=utf-8"), ("a/b.wasm", "application/wasm"), ("c.unknown", "application/octet-stream")],
)
def test_types(path: str, type_: str) -> None:
    assert mime_type(path) == type_
