"""Makes `dist/`, a folder for any static host: the site, compressed copies, server settings and a list of hashes.

    python -m tools.dist [--practice] [--relay ADDRESS] [--origins ORIGINS] [--resolvers RESOLVERS]
                         [--powerdns ORIGIN] [--default-ca CA] [--contact ADDRESS] [OUT]

The same commit gives the same bytes everywhere; `sha256sum -c SHA256SUMS` inside the folder checks them.
"""

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tools.build import add_options, listed_authorities, practice_from, site_files, write_files
from tools.cli import run_command
from tools.compress import compressed_copies
from tools.form_defaults import FormDefaults, read_default_ca, read_default_contact
from tools.origins import read_origins
from tools.paths import DIST, ROOT
from tools.policy import security_headers
from tools.practice_address import Practice
from tools.relay_servers import relay_files
from tools.servers import server_files
from tools.site_lists import read_lists


def make_dist(
    out: Path,
    practice: Practice | None,
    relay: str | None = None,
    origins: Sequence[str] = (),
    defaults: FormDefaults = FormDefaults(),  # noqa: B008 – it cannot be changed
    resolvers: Sequence[str] | None = None,
    powerdns: str = "",
) -> None:
    """Make the folder `out`, which is replaced; the first three and the last two are as for `tools.build.site_files`.

    `origins` are those of pages on other hosts that the relays of `servers/` serve, besides the pages on their own. `defaults`
    are what the form holds before anybody touches it.
    """
    files = site_files(ROOT, practice, relay, defaults=defaults, resolvers=resolvers, powerdns=powerdns)
    lists = read_lists({name.removeprefix("static/"): content for name, content in files.items()})
    headers = security_headers(lists.authorities, lists.resolvers, lists.services)
    settings = server_files(headers, files) | relay_files(lists.authorities, origins)
    servers = {name: text.encode() for name, text in settings.items()}
    with ThreadPoolExecutor() as pool:
        copies = list(pool.map(compressed_copies, files.keys(), files.values()))
    for part in (*copies, servers):
        files |= part
    write_files(out, {**files, "SHA256SUMS": _sums(files)})


def _sums(files: Mapping[str, bytes]) -> bytes:
    """List the hash of every file as sha256sum does."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def add_dist_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is in dist/."""
    add_options(parser)
    parser.add_argument(
        "--origins", type=read_origins, default=(), help="https origins of other pages that its relays also serve"
    )
    parser.add_argument("--default-ca", default="", help="id or directory URL of the CA that is chosen in the form")
    parser.add_argument("--contact", type=read_default_contact, default="", help="e-mail for new accounts in the form")


def defaults_from(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> FormDefaults:
    """Read what the options say of the form; a CA that the page could not use stops the command with a sentence."""
    try:
        authorities = listed_authorities(ROOT, practice_from(arguments), arguments.relay)
        return replace(read_default_ca(arguments.default_ca.strip(), authorities), contact=arguments.contact)
    except ValueError as error:
        parser.error(f"argument --default-ca: {error}")


def main() -> None:
    """Make dist/ from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.dist", description="Make a folder for any static host.")
    parser.add_argument("out", type=Path, nargs="?", default=DIST, help="the folder, dist by default")
    add_dist_options(parser)
    arguments = parser.parse_args()
    defaults = defaults_from(parser, arguments)
    print("Building and compressing; the first time takes a minute.", flush=True)
    practice, relay, origins = practice_from(arguments), arguments.relay, arguments.origins
    make_dist(arguments.out, practice, relay, origins, defaults, arguments.resolvers, arguments.powerdns)
    print(f"The site for any static host is in {arguments.out}")
    if "//" in (arguments.relay or "") and not arguments.origins:
        print("A relay on another host serves this page only if ORIGINS= names the page: ORIGINS=https://keystay.example")


if __name__ == "__main__":
    sys.exit(run_command("dist", main))
