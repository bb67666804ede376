"""A backup that an earlier version of Keystay made, to be restored as it is or corrupted."""

import asyncio
import base64
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.accounts.stored_account import StoredAccount
from app.backup.content import Backup
from app.backup.file_format import open_file
from app.backup.restore import Restored, restore
from tests.adapters import NativeCipher
from tests.unit.keys import native_key
from tests.unit.records import CA, DIRECTORY
from tests.unit.visit import Visit

FILE: Final = Path(__file__).parent / "fixtures" / "backup-0b8b4ef.keystay"
PASSPHRASE: Final = "five words that nobody knows"  # noqa: S105 – a test’s
ACCOUNT_KEY: Final = f"account {DIRECTORY}"
MINE: Final = "https://ca.example/account/9"

Content = dict[str, Any]


@cache
def _opened() -> str:
    with ThreadPoolExecutor() as threads:  # a test has a running loop of its own
        opening = threads.submit(asyncio.run, open_file(NativeCipher(), FILE.read_bytes(), PASSPHRASE))
        return json.dumps(opening.result())


def content() -> Content:
    """What the backup holds that an earlier version of Keystay made: one account, four orders, and their keys."""
    opened: Content = json.loads(_opened())
    return opened


def order(content: Content, id_: str) -> Content:
    """The order with this id in `content`."""
    return next(entry for entry in content["issuances"] if entry["id"] == id_)


async def restored(visit: Visit, content: Content) -> Restored:
    """What comes of restoring `content` in the browser of `visit`."""
    return await restore(visit.workflow, Backup.from_json(content))


async def with_account(visit: Visit) -> StoredAccount:
    """An account of this browser's own, at the same CA."""
    mine = StoredAccount(DIRECTORY, CA.id, DIRECTORY, ACCOUNT_KEY, MINE, used=5.0)
    await visit.workflow.accounts.save(mine)
    await visit.ports.keys.generate(ACCOUNT_KEY, "ec-p256", extractable=False)
    return mine


def key_entry(name: str, n: int = 0) -> Content:
    """An entry of a file for a stranger's key."""
    key = native_key("ec-p256", n)
    pkcs8 = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    spki, der = (base64.b64encode(data).decode() for data in (key.public_spki, pkcs8))
    return {"name": name, "spec": "ec-p256", "spki": spki, "pkcs8": der}


def corrupt(entry: Content, path: str, value: object) -> None:
    """Write `value` to the place `path` of a file's entry."""
    *parents, last = path.split("/")
    target: Any = entry
    for name in parents:
        target = target[int(name) if name.isdigit() else name]
    target[int(last) if last.isdigit() else last] = value
