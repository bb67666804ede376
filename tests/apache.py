"""Debian's Apache as a shared host runs it: with the modules it happens to have, and what it allows in an .htaccess."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.processes import accepts, debian_program, server
from tools.debian import FOLDER

ALWAYS_THERE = ("mpm_event", "authz_core", "dir", "alias")
LIBRARIES = ("libapr1", "libaprutil1")
TYPES = """\
application/wasm wasm
text/css css
text/html html
text/javascript js mjs
"""

SETTINGS = """\
ServerName localhost
Define SITE {folder}/site
ServerRoot {folder}
PidFile {folder}/apache.pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{port}
{modules}
DocumentRoot {folder}/site
<IfModule mod_mime.c>
    TypesConfig {folder}/mime.types
</IfModule>
<Directory {folder}/site>
    Options FollowSymLinks
    AllowOverride {allow_override}
    Require all granted
</Directory>
{more}
"""


@contextmanager
def apache(site: Path, port: int, *, modules: Sequence[str], allow_override: str = "All", more: str = "") -> Iterator[str]:
    """Serve a copy of `site` with these modules beside the unavoidable ones; yields its address. `more` are other settings.

    Its servers/htaccess.txt lies in it as .htaccess, as that file asks for. Skips the test where there is no Apache.
    """
    program = debian_program("apache2-bin", "apache2")
    loaded = "\n".join(
        f"LoadModule {name}_module {apache_modules(program)}/mod_{name}.so" for name in (*ALWAYS_THERE, *modules)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # where the tests run as root, Apache's workers do not
        shutil.copytree(site, folder / "site", copy_function=shutil.copyfile)
        shutil.copyfile(site / "servers" / "htaccess.txt", folder / "site" / ".htaccess")
        (folder / "mime.types").write_text(TYPES)
        (folder / "apache.conf").write_text(
            SETTINGS.format(folder=folder, port=port, modules=loaded, allow_override=allow_override, more=more)
        )
        command = [program, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"]
        with server(command, folder, {**os.environ, **apache_environment()}, lambda: accepts(port)):
            yield f"http://127.0.0.1:{port}/"


def apache_modules(program: str) -> Path:
    """The folder of the modules that belong to `program`: …/usr/sbin/apache2 has them in …/usr/lib/apache2/modules."""
    return Path(program).parent.parent / "lib" / "apache2" / "modules"


def apache_environment() -> dict[str, str]:
    """The environment in which unpacked libraries are found."""
    folders = [str(folder) for package in LIBRARIES for folder in (FOLDER / package / "usr" / "lib").glob("*-linux-*")]
    return {"LD_LIBRARY_PATH": os.pathsep.join(folders)} if folders else {}
