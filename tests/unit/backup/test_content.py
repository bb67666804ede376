"""What a backup holds: read whole or refused whole, and never shown with its keys."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backup.content import Backup, make_backup, read_backup
from app.backup.file_format import open_file, seal_file
from app.backup.restore import restore
from app.errors import BackupError
from tests.unit.ui.panels.test_backup import FREE, PASSPHRASE, backup_of, but_accounts, everything, other_browser, restored_in
from tests.unit.visit import Visit


async def content_of(visit: Visit) -> dict[str, Any]:
    """The content of a backup."""
    return await open_file(visit.ports.cipher, await backup_of(visit), PASSPHRASE)


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda content: content.pop("keys"),
        lambda content: content.update(accounts={"a": 1}),
        lambda content: content.update(issuances=None),
        lambda content: content.update(left_behind="text"),
        lambda content: content.update(keys=[1] * 10_001),
    ],
)
async def test_content_that_does_not_read_is_refused_whole(corrupt: Callable[[dict[str, Any]], object]) -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    content = await content_of(visit)
    corrupt(content)
    other = other_browser(visit)
    panel = await restored_in(other, await seal_file(other.ports.cipher, content, PASSPHRASE, 0))
    assert panel.message
    assert panel.message.title == "What is in this backup cannot be read"
    assert await everything(other) == ({}, {})


PARTS: Final = ("accounts", "issuances", "keys", "left_behind")
ANY_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(PARTS), inner),
)


@given(ANY_JSON, st.sampled_from(PARTS))
def test_any_content_reads_as_nothing_or_ends_in_a_message(value: Any, part: str) -> None:
    for content in (value, {**{name: [] for name in PARTS}, part: value}):
        with suppress(BackupError):
            backup = Backup.from_json(content)
            assert (backup.accounts, backup.issuances, backup.keys) == ((), (), {})


async def test_no_key_is_in_a_representation() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    workflow = visit.workflow
    backup = await read_backup(workflow.ports.cipher, (await make_backup(workflow, PASSPHRASE)).body, PASSPHRASE)
    assert all(repr(key.pkcs8)[2:40] not in repr(backup) for key in backup.keys.values())
    await restore(workflow, backup)


async def test_backup_of_old_records_is_migrated() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    content = await content_of(visit)
    assert json.dumps(content["issuances"][0])
    del content["issuances"][0]["key_destroyed"]  # as the first version wrote it
    other = other_browser(visit)
    await restored_in(other, await seal_file(other.ports.cipher, content, PASSPHRASE, 0))
    assert await but_accounts(other) == await but_accounts(visit)
