"""The relay of tools/relay.py as configuration files for Caddy and nginx, for those who host the page.

Both forward `/relay/HOST/PATH` to `https://HOST/PATH` for the CAs of the list that are not known to let browsers in, and
refuse everything else. They serve programs, pages on their own host (the request's Host is the host in its Origin), and pages
at the origins that `make dist ORIGINS=` names. Caddy keeps its connections to the CAs by itself; nginx does with a second file.
What they cannot do is said in the settings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from app.ca.catalog import CertificateAuthority
from tools.open_endpoint import EXPOSED_HEADERS, ISOLATION
from tools.relay import ANSWER_TYPES, CONTENT_TYPE, MAX_IDLE, MAX_REQUEST, METHODS, PLAIN_TEXT, USER_AGENT

CORS: Final = {
    "Access-Control-Expose-Headers": EXPOSED_HEADERS,
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
}
"""What goes with the answers to a page that may ask, besides its own origin."""

HEADERS: Final = {"Vary": "Origin", **ISOLATION}
"""What goes with every answer: that it depends on who asks, and what keeps a CA's answer from running as part of the page."""

FOREIGN: Final = "This relay does not accept requests from other websites."
OTHER_TYPE: Final = f"The relay forwards {CONTENT_TYPE} only."
PLAIN_PATH: Final = r"/(?!([^?]*(/|%2f))?(\.|%2e){1,2}(/|%2f|\?|$))(?![^?]*(%5c|%00))[!-\[\]-~]*"
"""A path and query that no server could read in two ways: no dot segments, backslashes or control characters in the path."""

UNWANTED: Final = (
    *("Set-Cookie", "Strict-Transport-Security", "Clear-Site-Data", "Refresh", "Alt-Svc", "Content-Type"),
    *("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", *CORS, *HEADERS),
)
"""Headers of a CA's answer that nginx must be told to leave out, or that it sends itself."""


def relay_files(authorities: Iterable[CertificateAuthority], origins: Sequence[str] = ()) -> dict[str, str]:
    """Return the settings files by path in dist/; `origins` are those of pages on other hosts that the relays serve, too."""
    hosts = relayed_hosts(authorities)
    return {
        "servers/relay.Caddyfile": caddy_relay(hosts, origins),
        "servers/relay.nginx.conf": nginx_relay(hosts, origins),
        "servers/relay.upstreams.nginx.conf": nginx_upstreams(hosts),
    }


def relayed_hosts(authorities: Iterable[CertificateAuthority]) -> list[str]:
    """Return the hosts of the CAs that a page may need a relay for, each once."""
    needy = (ca for ca in authorities if ca.cors != "yes" and not ca.closed and not ca.records)
    return list(dict.fromkeys(urlsplit(ca.directory).netloc.lower() for ca in needy))


_CADDY_TYPES: Final = "\n".join(f"\t\t\t\theader Content-Type {type_}{end}" for type_ in ANSWER_TYPES for end in ("", ";*"))
_CADDY_CA: Final = f"""\
# One CA. Of the request only its method, path and body go on; of the answer only what ACME needs comes back, and what is not of
# an ACME type comes as plain text. The address is taken as it was sent: the CA compares it with the one that was signed.
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
			@acme {{
{_CADDY_TYPES}
			}}
			handle_response @acme {{
				copy_response_headers {{
					include Content-Type Location Link Replay-Nonce Retry-After Cache-Control Content-Encoding
				}}
				copy_response
			}}
			handle_response {{
				copy_response_headers {{
					include Location Link Replay-Nonce Retry-After Cache-Control Content-Encoding
				}}
				header Content-Type "{PLAIN_TEXT}"
				copy_response
			}}
		}}
	}}
}}
"""


def caddy_relay(hosts: Sequence[str], origins: Sequence[str] = ()) -> str:
    """Return two snippets for a Caddyfile. `origins` as for `relay_files`."""
    origin, site = "{http.request.header.Origin}", "{http.request.header.Sec-Fetch-Site}"
    host, scheme = "{http.request.hostport}", "{http.request.scheme}"
    pages = ", ".join([f'"https://" + {host}', f'{scheme} + "://" + {host}', *(f'"{page}"' for page in origins)])
    cors = {"Access-Control-Allow-Origin": origin, **CORS}
    cas = "\n".join(f"\t\timport keystay_ca {name} {re.escape(name)}" for name in hosts)
    return f"""\
# Keystay's relay on Caddy 2.8 or later. At the top of the Caddyfile: `import relay.Caddyfile`.
# In the page's site, or in one of its own: `import keystay_relay`. Then `make dist RELAY=/relay/` (or its address).
# It serves pages on its own host, and those at the addresses that `make dist ORIGINS=` names; no other website.
# Caddy keeps no log of it unless you ask for one. It does not bound the CA's answers,
# and makes one slash of two.

(keystay_relay) {{
	route /relay/* {{
		header {{
{_caddy_headers(HEADERS)}
		}}
		@page `{origin} in [{pages}]`
		header @page {{
{_caddy_headers(cors)}
		}}
		@foreign `!({origin} in ["", {pages}]) || {origin} == "" && !({site} in ["", "same-origin", "none"])`
		respond @foreign "{FOREIGN}" 403
		@preflight method OPTIONS
		respond @preflight 204
		@other not method {" ".join(METHODS)}
		respond @other "The relay forwards {", ".join(METHODS)} only." 405
		@type `{{http.request.method}} == "POST" && {{http.request.header.Content-Type}} != "{CONTENT_TYPE}"`
		respond @type "{OTHER_TYPE}" 415
		request_body {{
			max_size {MAX_REQUEST}
		}}
{cas}
		respond "This relay does not forward to that host." 403
	}}
}}

{_CADDY_CA}"""


def _caddy_headers(headers: Mapping[str, str]) -> str:
    return "\n".join(f'\t\t\t{name} "{value}"' for name, value in headers.items())


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
        proxy_set_header Connection "";
        proxy_redirect off;
        proxy_intercept_errors off;
        error_page 502 504 @no_answer;
    }}
    location @no_answer {{
        default_type "";
        return 502 "The relay got no answer from the CA.";
    }}
"""


def nginx_relay(hosts: Sequence[str], origins: Sequence[str] = ()) -> str:
    """Return maps and a server for nginx's http block. `origins` as for `relay_files`."""
    headers = {**HEADERS, "Access-Control-Allow-Origin": "$keystay_page", "Content-Type": "$keystay_answer_type"}
    headers |= {name: _nginx_variable(name) for name in CORS}
    added = "\n".join(f'    add_header {name} "{value}" always;' for name, value in headers.items())
    unwanted = "\n".join(f"    proxy_hide_header {name};" for name in UNWANTED)
    methods = "|".join((*METHODS, "OPTIONS"))
    return f"""\
# Keystay's relay on nginx 1.18 or later: include this from the http block, and `include` nothing else.
# It listens on this machine only; the page's server block hands over to it:
#     location /relay/ {{ proxy_pass http://127.0.0.1:8440; proxy_set_header Host $http_host; }}
# Then `make dist RELAY=/relay/`. Replace the resolver by one of yours. It does not bound the CA's answers.
# Alone it connects to the CA anew for each request. It keeps connections where relay.upstreams.nginx.conf is included, too.
# It serves pages on the host that is handed over, and those at the addresses that `make dist ORIGINS=` names; no other website.
# Where a request has two Origin headers, which no browser sends, nginx before 1.23 reads the first only.

{_nginx_maps(hosts, origins)}
server {{
    listen 127.0.0.1:8440;
    server_name _;
    access_log off;
    resolver 127.0.0.53;
    client_max_body_size {MAX_REQUEST};
    client_body_buffer_size {MAX_REQUEST};
{added}
    default_type text/plain;

    if ($keystay_foreign) {{ return 403 "{FOREIGN}"; }}
    if ($request_method !~ ^({methods})$) {{ return 405 "The relay forwards {", ".join(METHODS)} only."; }}
    if ($keystay_ca = "") {{ return 403 "This relay does not forward to that host."; }}
    if ($keystay_target = "") {{ return 400 "The path is not in normal form."; }}
    if ($request_method = OPTIONS) {{ return 204; }}
    if ($keystay_other_type) {{ return 415 "{OTHER_TYPE}"; }}

{_NGINX_LOCATION}{unwanted}
}}
"""


def nginx_upstreams(hosts: Sequence[str]) -> str:
    """Return upstreams for nginx's http block, by which `nginx_relay` keeps its connections: each has the name of its CA."""
    usual = [host for host in hosts if ":" not in host]
    return f"""\
# Keystay's relay on nginx keeps its connections to the CAs where this file is included from the http block, too.
# As it is, it takes nginx 1.27.3 or later. Replace the resolver by one of yours.
# For an earlier one, from 1.18 on, run this first:
#     sed -i.bak -E 's/ resolve;/;/; /^    (zone|resolver) /d' relay.upstreams.nginx.conf
# Then nginx looks up the CAs' addresses only when it starts or reloads: it does not start while a CA has none, and must be
# reloaded when a CA has moved. Leave the file out where that is worse than a new TLS connection for each request.
# A CA on another port than 443 has no part in this.

{"".join(_nginx_upstream(host) for host in usual)}"""


def _nginx_upstream(host: str) -> str:
    """One address for one CA, as long as it answers: else each of its addresses would get a connection in turn."""
    return f"""\
upstream {host} {{
    zone {host} 64k;
    resolver 127.0.0.53;
    hash $keystay_ca;
    server {host}:443 resolve;
    keepalive 8;
    keepalive_timeout {MAX_IDLE:.0f}s;
}}
"""


def _nginx_maps(hosts: Sequence[str], origins: Sequence[str]) -> str:
    """Return what the server decides by: who asks, which CA is meant, what is sent there and what came back."""
    names = "|".join(re.escape(host) for host in hosts)
    pages = "".join(f'    "~^{re.escape(origin)} [^ ]+ [^ ]+$" $http_origin;\n' for origin in origins)
    cors = "".join(
        f'map $keystay_page {_nginx_variable(name)} {{ "" ""; default "{value}"; }}\n' for name, value in CORS.items()
    )
    types = "|".join(re.escape(type_) for type_ in ANSWER_TYPES)
    return f"""\
# The page that may read the answer: one on the host that is asked, or one of those named. "" stands for no page.
map "$http_origin https://$http_host $scheme://$http_host" $keystay_page {{
    "~^([^ ]+) (\\1 [^ ]+|[^ ]+ \\1)$" $http_origin;
{pages}}}
# Other websites are not served. A program sends neither Origin nor Sec-Fetch-Site; the page itself may send no Origin.
map "$keystay_page $http_origin $http_sec_fetch_site" $keystay_foreign {{
    "~^[^ ]" "";
    "~^  (same-origin|none)?$" "";
    default 1;
}}
{cors}
# The address as it was sent: nginx would tidy it up, and the CA compares it with the one that was signed.
map $request_uri $keystay_ca {{
    "~^/relay/(?<keystay_host>{names})/" $keystay_host;
}}
map $request_uri $keystay_target {{
    "~*^/relay/[^/]+(?<keystay_path>{PLAIN_PATH})$" $keystay_path;
}}
map "$request_method $http_content_type" $keystay_other_type {{
    "POST {CONTENT_TYPE}" "";
    "~^POST " 1;
}}
# ACME's types as they came, every other one as plain text.
map $upstream_http_content_type $keystay_answer_type {{
    "" "";
    "~*^({types})[ ]*(;|$)" $upstream_http_content_type;
    default "{PLAIN_TEXT}";
}}
"""


def _nginx_variable(header: str) -> str:
    return "$keystay_" + header.removeprefix("Access-Control-").lower().replace("-", "_")
