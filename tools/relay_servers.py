"""The relay as settings for Caddy and nginx, for whoever hosts the page: what tools/relay.py does, in their words.

Both forward `/relay/HOST/PATH` to `https://HOST/PATH` for the CAs of the list that are not known to let browsers in, and
refuse everything else. What they cannot do is said in the settings.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from app.acme.authority import Authority
from tools.open_endpoint import EXPOSED_HEADERS, ISOLATION
from tools.relay import LARGEST_REQUEST, METHODS, USER_AGENT

HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED_HEADERS,
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
    **ISOLATION,
}
"""What goes with every answer: CORS, and what keeps a CA's answer from running as part of the page."""

CONTENT_TYPE: Final = "application/jose+json"  # RFC 8555 §6.2: of every request that has a body
PLAIN_PATH: Final = r"/(?!([^?]*(/|%2f))?(\.|%2e){1,2}(/|%2f|\?|$))(?![^?]*(%5c|%00))[!-\[\]-~]*"
"""A path and query that no server could read in two ways: no dot segments, backslashes or control characters in the path."""

UNWANTED: Final = ("Set-Cookie", "Strict-Transport-Security", "Clear-Site-Data", "Refresh", "Alt-Svc", *HEADERS)


def relay_files(authorities: Iterable[Authority]) -> dict[str, str]:
    """Return the settings files by path in dist/."""
    hosts = relayed_hosts(authorities)
    return {"servers/relay.Caddyfile": caddy_relay(hosts), "servers/relay.nginx.conf": nginx_relay(hosts)}


def relayed_hosts(authorities: Iterable[Authority]) -> list[str]:
    """Return the hosts of the CAs that a page may need a relay for, each once."""
    needy = (ca for ca in authorities if ca.cors != "yes" and not ca.closed and not ca.records)
    return list(dict.fromkeys(urlsplit(ca.directory).netloc.lower() for ca in needy))


_CADDY_CA: Final = f"""\
# One CA. Of the request only its method, path and body go on; of the answer only what ACME needs comes back.
# The address is taken as it was sent: the CA compares it with the one that was signed.
(keystay_ca) {{
	@{{args[0]}} vars_regexp {{http.request.uri}} ^/relay/{{args[1]}}/
	handle @{{args[0]}} {{
		uri strip_prefix /relay/{{args[0]}}
		reverse_proxy https://{{args[0]}} {{
			header_up -*
			header_up Host {{args[0]}}
			header_up User-Agent {USER_AGENT}
			header_up Content-Type {CONTENT_TYPE}
			header_down -*
			@answer status 1xx 2xx 3xx 4xx 5xx
			handle_response @answer {{
				copy_response_headers {{
					include Content-Type Location Link Replay-Nonce Retry-After Cache-Control
				}}
				copy_response
			}}
		}}
	}}
}}
"""


def caddy_relay(hosts: Sequence[str]) -> str:
    """Return two snippets for a Caddyfile."""
    headers = "\n".join(f'\t\t\t{name} "{value}"' for name, value in HEADERS.items())
    cas = "\n".join(f"\t\timport keystay_ca {host} {re.escape(host)}" for host in hosts)
    return f"""\
# Keystay's relay on Caddy 2.8 or later. At the top of the Caddyfile: `import relay.Caddyfile`.
# In the page's site, or in one of its own: `import keystay_relay`. Then `make dist RELAY=/relay/` (or its address).
# Caddy keeps no log of it unless you ask for one. It does not bound the CA's answers,
# and makes one slash of two.

(keystay_relay) {{
	route /relay/* {{
		header {{
{headers}
		}}
		@preflight method OPTIONS
		respond @preflight 204
		@other not method {" ".join(METHODS)}
		respond @other "The relay forwards {", ".join(METHODS)} only." 405
		request_body {{
			max_size {LARGEST_REQUEST}
		}}
{cas}
		respond "This relay does not forward to that host." 403
	}}
}}

{_CADDY_CA}"""


_NGINX_LOCATION: Final = f"""\
    location / {{
        proxy_pass https://$keystay_ca$keystay_target;
        proxy_http_version 1.1;
        proxy_ssl_server_name on;
        proxy_ssl_name $keystay_ca;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 4;
        proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
        proxy_pass_request_headers off;
        proxy_set_header Host $keystay_ca;
        proxy_set_header User-Agent {USER_AGENT};
        proxy_set_header Content-Type {CONTENT_TYPE};
        proxy_redirect off;
        proxy_intercept_errors off;
    }}
"""


def nginx_relay(hosts: Sequence[str]) -> str:
    """Return maps for nginx's http block, and the location for a server block as a comment-marked second part."""
    names = "|".join(re.escape(host) for host in hosts)
    headers = "\n".join(f'    add_header {name} "{value}" always;' for name, value in HEADERS.items())
    unwanted = "\n".join(f"    proxy_hide_header {name};" for name in UNWANTED)
    methods = "|".join((*METHODS, "OPTIONS"))
    return f"""\
# Keystay's relay on nginx 1.18 or later: include this from the http block, and `include` nothing else.
# It listens on this machine only; the page's server block hands over to it:
#     location /relay/ {{ proxy_pass http://127.0.0.1:8440; }}
# Then `make dist RELAY=/relay/`. Replace the resolver by one of yours. It does not bound the CA's answers.

# The address as it was sent: nginx would tidy it up, and the CA compares it with the one that was signed.
map $request_uri $keystay_ca {{
    "~^/relay/(?<keystay_host>{names})/" $keystay_host;
}}
map $request_uri $keystay_target {{
    "~*^/relay/[^/]+(?<keystay_path>{PLAIN_PATH})$" $keystay_path;
}}

server {{
    listen 127.0.0.1:8440;
    server_name _;
    access_log off;
    resolver 127.0.0.53;
    client_max_body_size {LARGEST_REQUEST};
    client_body_buffer_size {LARGEST_REQUEST};
{headers}
    default_type text/plain;

    if ($request_method !~ ^({methods})$) {{ return 405 "The relay forwards {", ".join(METHODS)} only."; }}
    if ($keystay_ca = "") {{ return 403 "This relay does not forward to that host."; }}
    if ($keystay_target = "") {{ return 400 "The path is not in its plain form."; }}
    if ($request_method = OPTIONS) {{ return 204; }}

{_NGINX_LOCATION}{unwanted}
}}
"""
