"""Servers with the configuration that they have anyway, to which the lines of a guide are added."""

import getpass
import os
import pwd
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.apache import apache_environment, apache_modules
from tests.processes import accepts, server
from tests.targets.installing import Installed
from tests.targets.programs import environment, find
from tests.targets.readers import OF_GO
from tools.programs import GO_READER

Start = Callable[[Installed, int], AbstractContextManager[object]]
"""Runs a server on a port of 127.0.0.1 with what was installed. Skips the test where there is no such program."""

NGINX: Final = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
{lines}
    }}
}}
"""

APACHE: Final = """\
ServerName shop.example
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/apache.pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
<VirtualHost 127.0.0.1:{port}>
SSLEngine on
{lines}
</VirtualHost>
"""

HAPROXY: Final = """\
defaults
    mode http
    timeout client 10s
    timeout connect 10s
    timeout server 10s
frontend shop
    {lines}
"""

CADDY: Final = """\
{{
	admin off
	auto_https off
}}
https://:{port} {{
	bind 127.0.0.1
	{lines}
}}
"""

NODE: Final = """\
const fs = require("fs"), https = require("https");
process.chdir("{folder}");
const app = (request, response) => response.end();
{lines}
"""

LIGHTTPD: Final = """\
server.modules = ("mod_openssl")
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
ssl.engine = "enable"
{lines}
"""

VSFTPD: Final = """\
listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
run_as_launching_user={not_root}
anonymous_enable=YES
ftp_username=nobody
secure_chroot_dir={folder}/empty
{lines}
"""

REDIS: Final = """\
bind 127.0.0.1
port 0
tls-port {port}
dir {folder}
save ""
{lines}
"""

POSTFIX: Final = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {programs}
daemon_directory = {daemons}
shlib_directory = {libraries}
meta_directory = {folder}
mail_owner = daemon
setgid_group = mail
default_privs = nobody
myhostname = mail.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
import_environment = MAIL_CONFIG LD_LIBRARY_PATH={libraries}
smtpd_tls_security_level = may
{lines}
"""

POSTFIX_SERVICES: Final = """\
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
"""


def _configure(installed: Installed, name: str, template: str, **values: object) -> str:
    """Write the configuration file `name`; gives its path."""
    path = installed.folder / name
    text = template.format(folder=installed.folder, lines="\n".join(installed.lines), **values)
    path.write_text(text)
    return str(path)


def _running(command: list[str], installed: Installed, port: int, env: Mapping[str, str]) -> AbstractContextManager[object]:
    return server(command, installed.folder, env, lambda: accepts(port))


def nginx(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Debian's nginx."""
    program = find("nginx", "nginx")
    config = _configure(installed, "nginx.conf", NGINX, port=port)
    command = [program, "-c", config, "-p", str(installed.folder), "-e", "stderr"]
    return _running(command, installed, port, environment(""))


def apache(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Debian's Apache."""
    program = find("apache2", "apache2-bin")
    config = _configure(installed, "apache.conf", APACHE, port=port, modules=apache_modules(program))
    return _running([program, "-f", config, "-D", "FOREGROUND"], installed, port, {**os.environ, **apache_environment()})


def haproxy(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Debian's HAProxy."""
    program = find("haproxy", "haproxy")
    config = Path(_configure(installed, "haproxy.cfg", HAPROXY))
    config.write_text(config.read_text().replace("bind :443 ", f"bind 127.0.0.1:{port} "))
    return _running([program, "-db", "-f", str(config)], installed, port, environment("haproxy"))


def lighttpd(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Debian's lighttpd."""
    program = find("lighttpd", "lighttpd")
    config = _configure(installed, "lighttpd.conf", LIGHTTPD, port=port)
    modules = Path(program).parent.parent / "lib" / "lighttpd"
    return _running([program, "-D", "-f", config, "-m", str(modules)], installed, port, environment("lighttpd"))


def caddy(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Caddy, as its Python package brings it."""
    program = find("caddy", "caddy")
    config = _configure(installed, "Caddyfile", CADDY, port=port)
    home = {"XDG_DATA_HOME": str(installed.folder), "XDG_CONFIG_HOME": str(installed.folder)}
    command = [program, "run", "--config", config, "--adapter", "caddyfile"]
    return _running(command, installed, port, {**environment(""), **home})


def node(installed: Installed, port: int) -> AbstractContextManager[object]:
    """An application on Node.js."""
    program = find("node", "nodejs")
    script = Path(_configure(installed, "server.js", NODE))
    script.write_text(script.read_text().replace("listen(443)", f'listen({port}, "127.0.0.1")'))
    return _running([program, str(script)], installed, port, environment(""))


def go(installed: Installed, port: int) -> AbstractContextManager[object]:
    """An application in Go, with the call of the guide."""
    certificates, key = (str(installed.folder / name) for name in installed.files)
    return _running([find(GO_READER, OF_GO), "serve", certificates, key, str(port)], installed, port, environment(""))


def vsftpd(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Debian's vsftpd."""
    program = find("vsftpd", "vsftpd")
    (installed.folder / "empty").mkdir()
    config = _configure(installed, "vsftpd.conf", VSFTPD, port=port, not_root="NO" if os.geteuid() == 0 else "YES")
    return _running([program, config], installed, port, environment("vsftpd"))


def redis(installed: Installed, port: int) -> AbstractContextManager[object]:
    """Debian's Redis."""
    program = find("redis-server", "redis")
    return _running([program, _configure(installed, "redis.conf", REDIS, port=port)], installed, port, environment("redis"))


@contextmanager
def postfix(installed: Installed, port: int) -> Iterator[None]:
    """Debian's Postfix, which starts as root only."""
    programs = Path(find("postconf", "postfix")).parent
    if os.geteuid() != 0:
        pytest.skip(f"Postfix starts as root only, and this is {getpass.getuser()}")
    folder, lib = installed.folder, programs.parent / "lib" / "postfix"
    values = {"programs": programs, "daemons": lib / "sbin", "libraries": lib}
    _configure(installed, "main.cf", POSTFIX, **values)
    (folder / "master.cf").write_text(POSTFIX_SERVICES.format(port=port))
    for name in ("data", "queue", "queue/pid", "queue/private", "queue/public"):
        (folder / name).mkdir()
        if name != "queue/pid":
            os.chown(folder / name, pwd.getpwnam("daemon").pw_uid, -1)
    command = [str(lib / "sbin" / "master"), "-d", "-c", str(folder)]
    env = {**os.environ, "LD_LIBRARY_PATH": str(lib)}
    try:
        with server(command, folder, env, lambda: accepts(port)):
            yield
    except Exception as error:
        log = folder / "mail.log"
        error.add_note(log.read_text() if log.exists() else "Postfix said nothing.")  # it writes to no terminal
        raise


SERVERS: Final[Mapping[str, Start]] = {
    "nginx": nginx,
    "apache": apache,
    "haproxy": haproxy,
    "postfix": postfix,
    "lighttpd": lighttpd,
    "vsftpd": vsftpd,
    "redis": redis,
    "caddy": caddy,
    "node": node,
    "go-app": go,
}
"""By the ids of their targets."""
