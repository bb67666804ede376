"""Runs acme2certifier on https://localhost:PORT, as `python acme2certifier_server.py PORT CERTIFICATE KEY DNS-PORT`.

A process of its own: acme2certifier reads its settings (ACME_SRV_CONFIGFILE) while it is imported. Nothing in it is changed but
the port of the DNS server that it asks, which it cannot be told.
"""

import runpy
import ssl
import sys
from importlib.resources import files
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import dns.resolver


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main(port: int, certificate: str, key: str, dns_port: int) -> None:
    """Serve until a signal ends it."""
    reset = dns.resolver.BaseResolver.reset

    def reset_with_port(self: dns.resolver.BaseResolver) -> None:
        reset(self)
        self.port = dns_port

    dns.resolver.BaseResolver.reset = reset_with_port  # type: ignore[method-assign]
    application = runpy.run_path(str(files("acme2certifier") / "share" / "acme2certifier_wsgi.py"))["application"]
    server = make_server("127.0.0.1", port, application, server_class=_Server)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.base_environ["wsgi.url_scheme"] = "https"
    server.base_environ["HTTPS"] = "on"  # wsgiref takes its scheme from here
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
