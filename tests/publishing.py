"""Publishes proofs in challtestsrv itself, for tests that have no page with its practice server before it."""

import json
from collections.abc import Sequence

from app.acme.challenge import Publication
from app.issuance.practice import commands_for
from app.ports import Http, Request


async def publish(http: Http, records: str, publications: Sequence[Publication]) -> None:
    """Put `publications` into the challtestsrv whose management is at `records` (a URL ending in "/")."""
    for command, about in commands_for(publications):
        body = json.dumps(about).encode("ascii")
        response = await http.send(Request("POST", records + command, {"Content-Type": "application/json"}, body))
        assert response.status == 200, response.body
