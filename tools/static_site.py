"""Serves the built site on this machine as a good static host would: types, caching, compressed copies, the page's policy."""

import functools
import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from tools.policy import cache_control, mime_type

ENCODINGS = {"br": ".br", "gzip": ".gz"}  # in order of preference


class StaticSite(StaticFiles):
    """An ASGI application over the folder `site`; `headers` go with every answer. GET and HEAD only, no listings."""

    def __init__(self, site: Path, headers: Mapping[str, str]) -> None:
        super().__init__(directory=site, html=True)
        self._site = site.resolve()
        self._headers = headers

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The answer with the file at `full_path`, or its compressed copy, or 304 when the browser has it already."""
        path, asked = Path(full_path), Headers(scope=scope)
        encoding = _best_encoding(path, asked.get("accept-encoding", ""))
        headers = {**self._headers, "Cache-Control": cache_control(self._name(path)), "Vary": "Accept-Encoding"}
        if encoding:
            headers["Content-Encoding"] = encoding
            path = _copy(path, encoding)
            stat_result = path.stat()
        headers["ETag"] = _etag(path, stat_result.st_mtime_ns, stat_result.st_ino)
        media_type = mime_type(self._name(Path(full_path)))
        response = FileResponse(path, status_code, headers, media_type, stat_result=stat_result)
        unchanged = self.is_not_modified(response.headers, asked)
        return NotModifiedResponse(response.headers) if unchanged else response

    def _name(self, path: Path) -> str:
        """A file's path as tools/policy.py knows it: relative to the site, with slashes."""
        return path.relative_to(self._site).as_posix()


@functools.cache
def _etag(path: Path, _modified: int, _inode: int) -> str:
    """The content's hash: a build may give all files one date. Read again when the file was replaced or changed."""
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, "sha256").hexdigest()[:32]}"'


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
