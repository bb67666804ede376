"""Work that several workers of one test run need, done by the first of them."""

import fcntl
import json
import os
from collections.abc import Callable
from typing import Any

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, as JSON reads it back. Of all workers of this run, the first that asks for `name` makes it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:  # there are no other workers
        return json.loads(json.dumps(make()))
    path = factory.getbasetemp().parent / f"{name}-{run}.json"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(json.dumps(make()), "utf-8")
    return json.loads(path.read_text("utf-8"))
