"""Makes the wheel of a package of which only the source is published: the same bytes on every machine. Standard library only.

Nothing of the source is run for it. The wheel holds the modules on top of the source, except setup.py, and its licence.
"""

import hashlib
import io
import tarfile
from base64 import urlsafe_b64encode
from email.parser import HeaderParser

from tools.archive import pack

_WHEEL = "Wheel-Version: 1.0\nGenerator: keystay\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_TEXTS = {"PKG-INFO": "METADATA", "LICENSE.txt": "LICENSE.txt"}
"""Files of the source that the wheel keeps in its .dist-info → their names there."""


def wheel_of(sdist: bytes) -> tuple[str, bytes]:
    """Name and content of the wheel for the source archive `sdist` (tar.gz) of a package of plain modules.

    Raises `KeyError` where the archive has no PKG-INFO, and what `tarfile` raises.
    """
    source = _top_files(sdist)
    about = HeaderParser().parsestr(source["PKG-INFO"].decode())
    package = f"{about['Name'].lower()}-{about['Version']}"
    info = f"{package}.dist-info"
    files = {name: content for name, content in source.items() if name.endswith(".py") and name != "setup.py"}
    files |= {f"{info}/{new}": source[old] for old, new in _TEXTS.items() if old in source}
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    record = "".join(f"{name},{_digest(content)},{len(content)}\n" for name, content in sorted(files.items()))
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return f"{package}-py3-none-any.whl", pack(files)


def _top_files(sdist: bytes) -> dict[str, bytes]:
    """The files in the one folder of a source archive, without those in folders below it."""
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(sdist), mode="r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content and member.name.count("/") == 1:
                files[member.name.partition("/")[2]] = content.read()
    return files


def _digest(content: bytes) -> str:
    return f"sha256={urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()}"
