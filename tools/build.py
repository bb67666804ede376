"""Builds the site: `build_site(out, practice, relay)`, or `python -m tools.build`.

A site is index.html, the same page in other languages in folders of their own (`tools.localize`), `static/<hash>/` (ours, the
compiled app included), `static/data/` and `runtime/<hash>/` (Pyodide, PyScript, Pico, wheels). Files in folders named by a hash
never change, so that browsers may keep them for ever; only the pages and the data are asked for again. All URLs are relative.
The same commit gives the same bytes everywhere.

index.html is also the list of what may run: each file that is loaded until Python runs is in it with its hash (Subresource
Integrity). Packages that are loaded later have theirs in the lock.
"""

import argparse
import base64
import hashlib
import html
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.ca.catalog import CertificateAuthority
from app.start import OPENING_PARTS, PARTS
from tools.archive import pack
from tools.ca_options import ca_cards, ca_options
from tools.cli import run_command
from tools.compile_archive import reachable
from tools.compiler import Job, compile_archives
from tools.form_defaults import FormDefaults, with_defaults
from tools.localize import (
    SETTINGS,
    Language,
    catalogue_archive,
    localized_source,
    one_folder_deeper,
    read_languages,
)
from tools.package_lock import package_lock
from tools.partials import read_page
from tools.paths import BUILD, ROOT
from tools.policy import content_security_policy
from tools.powerdns_choice import read_powerdns
from tools.practice_address import Practice
from tools.provider_options import provider_options
from tools.resolver_choice import read_resolver_choice
from tools.resolver_words import resolver_words
from tools.runtime import START_WHEELS, runtime_files
from tools.site_lists import (
    CA_LIST,
    RESOLVER_LIST,
    SERVICE_LIST,
    Lists,
    ca_list,
    read_authorities,
    read_lists,
    resolver_list,
    service_list,
)
from tools.target_options import target_options

Files = dict[str, bytes]
"""Path inside a folder, with slashes → content."""


STYLESHEET = "keystay.css"
REFERENCE = re.compile(r'"(\.\./)?(static/|runtime/)([^"]*)"')
"""A path in our HTML, JSON and JavaScript that the build gives its hash: "static/X", "runtime/X", "../runtime/X"."""

LOADED = re.compile(r'<(?:link rel="(?!icon|expect)\w+"|script)[^>]*? (?:href|src)="([^"]+)"')
"""An element of the finished index.html that loads a file, up to the file's path."""

IMPORTED = (r"static/exchange\.mjs", r"runtime/(core|error-|pyodide\.mjs).*", r"static/interpreter\.mjs")
"""Each before those that import it: a browser may load what a module imports, and knows no hash but those it has read."""

LIBRARY = (
    r"static/pyodide-lock\.json",
    r"runtime/python_stdlib\.zip",
    *(rf"runtime/{name}-.*\.whl" for name in START_WHEELS),
)

FIRST_CODE = "keystay.zip"
LATER_CODE = "keystay-later.zip"
"""The app in two archives: what app/start.py imports before the page is ready, and the rest."""

INTERPRETER = "runtime/pyodide.asm.wasm"
"""Fetched by static/start.js itself: a preload keeps V8 from using the compiled code that it has in its cache."""


def build_site(
    out: Path, practice: Practice | None, relay: str | None = None, languages: Sequence[Language] | None = None
) -> None:
    """Build the site into the folder `out`, which is replaced.

    Without `languages` the page is made in those that the checkout has a catalogue for. Without `practice` it does not know the
    practice CA. `relay` is the address of a relay, ending in "/", for the CAs that are not known to let browsers in; without it
    there is no way to those that let none in.
    """
    write_files(out, site_files(ROOT, practice, relay, languages))


def write_files(out: Path, files: Mapping[str, bytes]) -> None:
    """Replace the folder `out` by one that holds `files`; until the last moment the old one stays whole."""
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)  # a full disk needs the room
        raise
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)


def site_files(
    root: Path,
    practice: Practice | None,
    relay: str | None = None,
    languages: Sequence[Language] | None = None,
    defaults: FormDefaults = FormDefaults(),  # noqa: B008 – it cannot be changed
    resolvers: Sequence[str] | None = None,
    powerdns: str = "",
) -> Files:
    """Return every file of the site that the checkout at `root` makes.

    `defaults` are what its form holds before anybody touches it. `resolvers` are the ids or URLs of those that it may ask about
    DNS, or None for the usual ones. `powerdns` is the origin of a PowerDNS server that it may write to, or "". The
    others are as for `build_site`.
    """
    page = read_page(root)
    static = _read(root / "static")
    languages = read_languages(root) if languages is None else languages
    static[CA_LIST] = ca_list(static[CA_LIST], practice, relay)
    static[RESOLVER_LIST] = resolver_list(static[RESOLVER_LIST], practice, resolvers)
    static[SERVICE_LIST] = service_list(static[SERVICE_LIST], powerdns)
    app = {f"app/{name}": content for name, content in _read(root / "app").items()}
    static[STYLESHEET] = _stylesheet(static)
    static = {name: content for name, content in static.items() if not name.startswith(("css/", "partials/"))}
    data = {name: static.pop(name) for name in sorted(static) if name.startswith("data/")}

    runtime = runtime_files(app)
    runtime_folder = f"runtime/{_digest(runtime)}/"
    first = reachable(app, ["app.start", *OPENING_PARTS, *PARTS], ())
    jobs = [Job(pack({name: app[name] for name in app if (name in first) == is_first}), "") for is_first in (True, False)]
    static[FIRST_CODE], static[LATER_CODE] = compile_archives(jobs)
    for language in languages:
        static[language.archive] = catalogue_archive(language)
        static[language.settings] = static[SETTINGS]
    static["pyodide-lock.json"] = package_lock(runtime, f"../../{runtime_folder}")
    static_folder = f"static/{_digest(static)}/"  # the lock in it names the runtime's folder, so that hash is in this one

    folders = {"static/": static_folder, "runtime/": runtime_folder}
    known = {f"static/{name}" for name in static} | {f"runtime/{name}" for name in runtime}
    site = {static_folder + name: _with_hashes(name, content, folders, known) for name, content in static.items()}
    site |= {runtime_folder + name: content for name, content in runtime.items()}
    site |= {f"static/{name}": content for name, content in data.items()}
    lists = read_lists(data)

    def finished(filled: str, settings: str, *archives: str) -> str:
        """The page with all that it loads: the addresses and hashes of this site's files."""
        text = _put(filled, "start", "\n  ".join(_start_links(known, settings, archives)))
        return _with_integrity(_hashed(text, folders, known), site)

    pages = {"index.html": finished(_page(page, lists), SETTINGS)}
    for language in languages:
        localized = _page(localized_source(page, language), lists, language)
        pages[f"{language.tag}/index.html"] = one_folder_deeper(finished(localized, language.settings, language.archive))
    return site | {name: with_defaults(text, defaults).encode() for name, text in pages.items()}


def _read(folder: Path) -> Files:
    """Read a folder of sources; what Python or an editor leaves beside them is none."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in named.items() if "__pycache__" not in name and "/." not in f"/{name}"}


def _digest(files: Mapping[str, bytes]) -> str:
    """Name a folder by its content: 12 hex digits."""
    listing = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()[:12]


def _stylesheet(static: Files) -> bytes:
    """Put the files that our stylesheet imports in their places: one request instead of a chain of them."""
    text = static[STYLESHEET].decode()
    return re.sub(r'@import "(.+?)";', lambda imported: static[imported[1]].decode(), text).encode()


def listed_authorities(root: Path, practice: Practice | None, relay: str | None) -> tuple[CertificateAuthority, ...]:
    """The CAs of the site that the checkout at `root` makes; the others as for `build_site`."""
    return read_authorities(ca_list((root / "static" / CA_LIST).read_bytes(), practice, relay))


# ---- The page ----


def _with_hashes(name: str, content: bytes, folders: Mapping[str, str], known: set[str]) -> bytes:
    """Put the hashes into what our own JavaScript and PyScript's settings say of other files."""
    if not re.fullmatch(r".*\.m?js|pyscript(-.*)?\.json", name):
        return content
    text = _hashed(content.decode(), folders, known)
    return (text if name.endswith("js") or name == SETTINGS else text.replace('"static/', '"../static/')).encode()


def _hashed(text: str, folders: Mapping[str, str], known: set[str]) -> str:
    """Give every quoted path under static/ and runtime/ its hash; stop at one that leads to no file."""

    def replace(match: re.Match[str]) -> str:
        up, folder, name = match.groups(default="")
        if name.startswith("data/"):
            return match[0]
        if name and folder + name not in known:
            message = f"{folder}{name} is referred to, but there is no such file"
            raise SystemExit(message)
        return f'"{up and "../../"}{folders[folder]}{name}"'  # our scripts stand one folder deeper than their sources

    return REFERENCE.sub(replace, text)


def _page(text: str, lists: Lists, language: Language | None = None) -> str:
    """Fill the policy and the lists into index.html, of another `language` than English if any."""
    translate = language.translate if language else str
    policy = html.escape(content_security_policy(lists.authorities, lists.resolvers, lists.services), quote=False)
    text = _put(text, "policy", f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    text = _put(text, "cas", ca_options(lists.authorities, " " * 18, translate))
    text = _put(text, "providers", provider_options(lists.providers, " " * 18, translate))
    text = _put(text, "targets", target_options(lists.targets, " " * 16, translate))
    text = _put(text, "resolvers", resolver_words(lists.resolvers, translate))
    text = text if lists.resolvers else text.replace('id="question-dns"', 'id="question-dns" hidden')
    return _put(text, "ca-cards", ca_cards(lists.authorities, " " * 16, translate))


def _with_integrity(page: str, site: Mapping[str, bytes]) -> str:
    """Say of each file that the page loads what it must hold (W3C Subresource Integrity §3.3).

    Browsers check no hash on what scripts fetch, and warn about it on a preload: there it is for static/start.js alone.
    """

    def add(match: re.Match[str]) -> str:
        digest = base64.b64encode(hashlib.sha384(site[match[1]]).digest()).decode()
        attribute = "data-integrity" if re.search(' rel="(?:interpreter|library|app|later)"', match[0]) else "integrity"
        return f'{match[0]} {attribute}="sha384-{digest}"'

    return LOADED.sub(add, page)


def _put(text: str, placeholder: str, content: str) -> str:
    comment = f"<!-- build:{placeholder} -->"
    if text.count(comment) != 1:
        message = f"index.html must hold {comment} once"
        raise SystemExit(message)
    return text.replace(comment, content)


def _start_links(known: set[str], settings: str, archives: Sequence[str]) -> list[str]:
    """Return links that start no download: they say where a file is, and its hash, for static/start.js, which asks for it.

    `settings` is the name of PyScript's settings for this page, and `archives` are the names of those in static/ that it needs
    beside the app's own.
    """
    files: Mapping[str, Sequence[str]] = {
        "interpreter": [INTERPRETER],
        "imported": _named(known, IMPORTED),
        "library": [*_named(known, LIBRARY), f"static/{settings}"],
        "app": [f"static/{name}" for name in (FIRST_CODE, *archives)],
        "later": [f"static/{LATER_CODE}"],
    }
    return [f'<link rel="{kind}" href="{name}">' for kind, names in files.items() for name in names]


def _named(known: set[str], patterns: Sequence[str]) -> list[str]:
    """Return the names among `known` that fit one of `patterns`, in the order of these."""
    return [name for pattern in patterns for name in sorted(known) if re.fullmatch(pattern, name)]


def main() -> None:
    """Build the site from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.build", description="Build the site into a folder.")
    parser.add_argument("out", type=Path, nargs="?", default=BUILD / "site", help="the folder, build/site by default")
    add_options(parser)
    arguments = parser.parse_args()
    write_files(
        arguments.out,
        site_files(ROOT, practice_from(arguments), arguments.relay, resolvers=arguments.resolvers, powerdns=arguments.powerdns),
    )
    print(f"The site is in {arguments.out}")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the practice CA and the relay stand, and which DNS the page may ask or write to."""
    default = Practice()
    parser.add_argument(
        "--relay", type=_relay, help="address or path, ending in /, of a relay for CAs that do not allow browsers"
    )
    parser.add_argument(
        "--resolvers",
        type=read_resolver_choice,
        help="ids of static/data/resolvers.json or https URLs of the resolvers that may be asked about DNS; '' for none",
    )
    parser.add_argument(
        "--powerdns", type=read_powerdns, default="", help="https origin of a PowerDNS server that the page may write to"
    )
    parser.add_argument("--practice", action="store_true", help="put the practice CA of `make run` into the page")
    parser.add_argument("--practice-origin", default=default.origin, help="where its relay is (%(default)s)")
    parser.add_argument("--practice-directory", default=default.directory, help="its directory URL (%(default)s)")


def practice_from(arguments: argparse.Namespace) -> Practice | None:
    """Read the options that `add_options` added."""
    return Practice(arguments.practice_origin, arguments.practice_directory) if arguments.practice else None


def _relay(text: str) -> str:
    if not text.endswith("/"):
        message = f"{text!r} does not end in /"
        raise argparse.ArgumentTypeError(message)
    return text


if __name__ == "__main__":
    sys.exit(run_command("build", main))
