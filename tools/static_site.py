"""Serves the built site on this machine as a good static host would: types, caching, compressed copies, the page's policy."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

# Said here because what Python knows depends on the machine.
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".pem": "application/x-pem-file",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # in order of preference
CONTENT_HASHED = re.compile(r"[.-][0-9a-f]{16,64}\.[a-z0-9.]+$")  # runtime-0123456789abcdef.wasm
A_YEAR = "public, max-age=31536000, immutable"


class StaticSite(StaticFiles):
    """An ASGI application over the folder `site`; `headers` go with every answer. GET and HEAD only, no listings."""

    def __init__(self, site: Path, headers: Mapping[str, str]) -> None:
        super().__init__(directory=site, html=True)
        self._headers = headers

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The answer with the file at `full_path`, or its compressed copy, or 304 when the browser has it already."""
        path, asked = Path(full_path), Headers(scope=scope)
        encoding = _best_encoding(path, asked.get("accept-encoding", ""))
        headers = {**self._headers, **_caching(path), "Vary": "Accept-Encoding"}
        if encoding:
            headers["Content-Encoding"] = encoding
            path = _copy(path, encoding)
            stat_result = path.stat()
        media_type = MEDIA_TYPES.get(Path(full_path).suffix, "application/octet-stream")
        response = FileResponse(path, status_code, headers, media_type, stat_result=stat_result)
        unchanged = self.is_not_modified(response.headers, asked)
        return NotModifiedResponse(response.headers) if unchanged else response


def _best_encoding(path: Path, accepted: str) -> str:
    """The encoding to send `path` in, or "" for none (RFC 9110 §12.5.3; a weight of 0 means never)."""
    offers = dict(_offer(part) for part in accepted.split(",") if part.strip())
    wanted = (name for name in ENCODINGS if offers.get(name, False))
    return next((name for name in wanted if _copy(path, name).is_file()), "")


def _offer(part: str) -> tuple[str, bool]:
    name, _, weight = part.partition(";")
    return name.strip().lower(), not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)


def _copy(path: Path, encoding: str) -> Path:
    return path.with_name(path.name + ENCODINGS[encoding])


def _caching(path: Path) -> dict[str, str]:
    return {"Cache-Control": A_YEAR if CONTENT_HASHED.search(path.name) else "no-cache"}
