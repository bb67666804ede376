"""Serves the built site on this machine as a good static host would: types, caching, compressed copies, the page's policy."""

import functools
import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from tools.policy import cache_control, mime_type

ENCODINGS = {"br": ".br", "gzip": ".gz"}  # in order of preference
MAX_KEPT_FILES = 128  # in memory; a visit asks for some thirty


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
        name = self._name(path)
        headers = {**self._headers, "Cache-Control": cache_control(name), "Vary": "Accept-Encoding"}
        if encoding:
            headers["Content-Encoding"] = encoding
            path = _copy(path, encoding)
            stat_result = path.stat()
        content, headers["ETag"] = _content(path, stat_result.st_mtime_ns, stat_result.st_ino)
        response = Response(content, status_code, headers, mime_type(name))
        unchanged = self.is_not_modified(response.headers, asked)
        return NotModifiedResponse(response.headers) if unchanged else response

    def _name(self, path: Path) -> str:
        """A file's path as tools/policy.py knows it: relative to the site, with slashes."""
        return path.relative_to(self._site).as_posix()


@functools.lru_cache(MAX_KEPT_FILES)
def _content(path: Path, _modified: int, _inode: int) -> tuple[bytes, str]:
    """What a file holds, and its ETag: the content's hash, for a build may give all files one date.

    Kept until the file is replaced or changed: to read it anew takes longer than all else of a request.
    """
    content = path.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


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
