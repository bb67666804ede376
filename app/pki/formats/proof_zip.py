"""A zip of the files that prove control over HTTP (RFC 8555 §8.3), to be unpacked in the folder of a website."""

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Final

from app.acme.challenge import WebFile
from app.errors import ProtocolError
from app.pki.formats.file import File

PROOF_ZIP: Final = "keystay-proof.zip"

WEB_CONFIG: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <system.webServer>
    <staticContent>
      <remove fileExtension="." />
      <mimeMap fileExtension="." mimeType="text/plain" />
    </staticContent>
  </system.webServer>
</configuration>
"""
"""Lets IIS serve files without an extension, in the folder where it lies and nowhere else.

`remove` comes first, because IIS answers 500 where a folder above maps the same extension. There are no `handlers`: an
installation of IIS usually locks that section, and then answers 500, too.
"""

_FOLDER: Final = ".well-known/acme-challenge/"
_URL: Final = re.compile(r"http://[^\s/?#]+/(?P<path>\.well-known/acme-challenge/[A-Za-z0-9_-]{1,255})")  # a token is base64url
_MADE: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold: the same files make the same bytes
_READABLE_BY_ALL: Final = 0o100644 << 16  # a regular file; the web server is another user than its owner
_UNIX: Final = 3  # the system for which that is meant


def proof_zip(files: Iterable[WebFile]) -> File:
    """All `files` in their folder, and the `WEB_CONFIG` for IIS beside them.

    One zip does for several servers, because each token is another name. Raises `ProtocolError` for a file that would lie
    elsewhere.
    """
    contents = {_path(file.url): file.body for file in files}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, body in {**contents, f"{_FOLDER}web.config": WEB_CONFIG}.items():
            entry = zipfile.ZipInfo(path, _MADE)
            entry.create_system, entry.external_attr = _UNIX, _READABLE_BY_ALL
            archive.writestr(entry, body.encode("utf-8"))
    return File(PROOF_ZIP, "application/zip", buffer.getvalue())


def _path(url: str) -> str:
    """Where the file at `url` lies in the folder of its website."""
    match = _URL.fullmatch(url)
    if not match:
        raise ProtocolError("proof-file-elsewhere", detail=url[:200])
    return match["path"]
