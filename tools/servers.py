"""Settings for other servers that send the same headers, types and caching as `tools/serve.py`."""

import re
from collections.abc import Iterable, Mapping

from tools.policy import ALWAYS_ASK, FOREVER, HASHED_FOLDER, MIME_TYPES

Headers = Mapping[str, str]

HASHED = "[0-9a-f]{12}"

FRAMES = """\
# Keystay on hosts that read this file. If yours does not, set the same headers in its own configuration.
#
# Keep frame-ancestors 'none' and X-Frame-Options: a page around this one could lay something over its buttons (clickjacking).
# A <meta> element cannot say that. Without these headers the page still refuses to start in a frame, but only by a script.
# Cross-Origin-Opener-Policy keeps pages that opened this one, or that it opens, from reaching into it.
"""


def server_files(headers: Headers, paths: Iterable[str]) -> dict[str, str]:
    """Return the settings files of dist/ by path.

    `headers` are those of `tools.policy.security_headers`, `paths` those of the site's files.
    """
    return {
        "_headers": netlify(headers, paths),
        "servers/nginx.conf": nginx(headers),
        "servers/Caddyfile": caddy(headers),
        "servers/htaccess.txt": apache(headers),
    }


def netlify(headers: Headers, paths: Iterable[str]) -> str:
    """Return `_headers` as Netlify, Cloudflare Pages and others read it from the root of a site.

    Where two rules match, some of these hosts join the values; so each header is set by one rule only, and what is not
    named falls under the host's own default, which is to ask again.
    """
    everywhere = "".join(f"  {name}: {value}\n" for name, value in headers.items())
    unchanging = sorted({path[: match.end()] for path in paths if (match := HASHED_FOLDER.search(path))})
    return f"{FRAMES}/*\n{everywhere}" + "".join(f"/{folder}*\n  Cache-Control: {FOREVER}\n" for folder in unchanging)


def nginx(headers: Headers) -> str:
    """Return a `server` block for nginx."""
    lines = "\n".join(f'    add_header {name} "{value}" always;' for name, value in headers.items())
    types = "\n".join(f"        {_type(value)} {' '.join(_suffixes(value))};" for value in _types())
    return f"""\
# Keystay on nginx: replace the two names, and include this from the http block.
# gzip_static sends the .gz copies; with the brotli module, `brotli_static on;` sends the .br ones, which are smaller.

map $uri $keystay_caching {{
    "~/{HASHED}/" "{FOREVER}";
    default            "{ALWAYS_ASK}";
}}

server {{
    listen 443 ssl;
    server_name keystay.example;
    # ssl_certificate and ssl_certificate_key go here
    root /var/www/keystay;
    index index.html;
    charset utf-8;
    gzip_static on;
    etag on;
{lines}
    add_header Cache-Control $keystay_caching always;
    types {{
{types}
    }}
    default_type application/octet-stream;
}}
"""


def caddy(headers: Headers) -> str:
    """Return a Caddyfile."""
    lines = "\n".join(f"\t\t{name} `{value}`" for name, value in headers.items())
    return f"""\
# Keystay on Caddy 2: replace the two names.
keystay.example {{
	root * /var/www/keystay
	file_server {{
		precompressed br gzip
		hide _headers
	}}
	header {{
{lines}
	}}
	@unchanging path_regexp /{HASHED}/
	header @unchanging Cache-Control `{FOREVER}`
	@changing not path_regexp /{HASHED}/
	header @changing Cache-Control `{ALWAYS_ASK}`
	@modules path *.mjs
	header @modules Content-Type `{MIME_TYPES[".mjs"]}`
	@packages path *.whl
	header @packages Content-Type `{MIME_TYPES[".whl"]}`
}}
"""


def apache(headers: Headers) -> str:
    """Return an .htaccess for Apache 2.4 that costs nothing where a module is missing.

    Everything in it belongs to the class FileInfo of AllowOverride. `Options` and `DirectoryIndex` belong to others: where a
    host forbids one of these, Apache answers every request with 500, and no condition in the file could prevent that.
    """
    lines = "\n".join(f'    Header always set {name} "{value}"' for name, value in headers.items())
    types = "\n".join(
        f"    AddType {_type(value)} {' '.join('.' + suffix for suffix in _suffixes(value))}" for value in _types()
    )
    return f"""\
# Keystay on Apache 2.4: copy this file to the site's folder as .htaccess. Parts whose module the host lacks are skipped.
# Without mod_headers the page runs under the policy in index.html alone, which cannot keep it out of frames. Without
# mod_rewrite the files are sent uncompressed. If the host answers everything with 500, it does not allow FileInfo in an
# .htaccess: delete this file; the page works without it. If it answers 403, it does not allow rewriting: delete the last part.
AddDefaultCharset utf-8

<IfModule mod_mime.c>
{types}
</IfModule>

<IfModule mod_headers.c>
{lines}
    Header set Cache-Control "{ALWAYS_ASK}"
    Header set Cache-Control "{FOREVER}" "expr=%{{REQUEST_URI}} =~ m#/{HASHED}/#"
    Header append Vary Accept-Encoding
</IfModule>

# Send the compressed copies beside the files.
<IfModule mod_rewrite.c>
<IfModule mod_mime.c>
    RewriteEngine On
    RewriteRule ^(|.+/)$ $1index.html
    RewriteCond %{{HTTP:Accept-Encoding}} \\bbr\\b
    RewriteCond %{{REQUEST_FILENAME}}.br -f
    RewriteRule ^(.+)$ $1.br [L]
    RewriteCond %{{HTTP:Accept-Encoding}} \\bgzip\\b
    RewriteCond %{{REQUEST_FILENAME}}.gz -f
    RewriteRule ^(.+)$ $1.gz [L]
{_apache_copies()}
</IfModule>
</IfModule>
"""


def _apache_copies() -> str:
    """Say of each compressed copy what it is: its type is that of the file, its suffix only the encoding.

    AddEncoding says so before any filter runs, so that a host that compresses by itself does not do it twice.
    """
    lines = []
    for encoding, suffix in (("br", "br"), ("gzip", "gz")):
        for value in _types():
            names = "|".join(re.escape(name) for name in _suffixes(value))
            lines.append(f'    <FilesMatch "\\.({names})\\.{suffix}$">')
            lines.append(f'        ForceType "{value}"')
            lines.append(f"        AddEncoding {encoding} .{suffix}")
            lines.append("    </FilesMatch>")
    return "\n".join(lines)


def _types() -> list[str]:
    """Return the types that sites use, each once."""
    return sorted(set(MIME_TYPES.values()))


def _type(value: str) -> str:
    """Return a type without its charset, which these servers add themselves."""
    return value.partition(";")[0]


def _suffixes(value: str) -> list[str]:
    """Return the suffixes of a type, without the dot."""
    return [suffix[1:] for suffix, type_ in MIME_TYPES.items() if type_ == value]
