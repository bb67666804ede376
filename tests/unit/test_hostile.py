"""A hostile CA, case by case: each ends in words for a person, in bounded time and memory, and nothing goes astray.

`tests/HOSTILE.md` is the list of them with those words. After a change: python -m tests.unit.test_hostile
"""

import asyncio
import re
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from app.acme.account import MAX_PAGES, list_orders
from app.acme.urls import origin_of
from app.dns.permission import DnsPermission
from app.encoding.base64url import b64url_decode
from app.issuance.workflow import Workflow
from app.text.catalog import use_language
from app.text.message import Message
from app.ui.form.order import Form
from app.ui.session import Session
from tests.adapters import AlwaysVisible, BabelFormats, NativeKey
from tests.unit.fake_page import FakePage
from tests.unit.hostile import ADDRESSES, NAME, PLACES, SECTIONS, Case
from tests.unit.records import CA
from tests.unit.script import answer, read_post
from tests.unit.scripted_ca import BASE, NoonClock, ScriptedCA, ports_to
from tests.unit.walk import flow_to, prove

pytestmark = pytest.mark.unmeasured  # the same lines again and again, and each of them is measured elsewhere

LIST: Final = Path(__file__).parents[1] / "HOSTILE.md"
CASES: Final = [case for cases in SECTIONS.values() for case in cases]

MAX_MEMORY: Final = 48 << 20  # bytes at the peak; the largest answer has 5 MB
MAX_SLEEP: Final = 3600.0  # seconds that the page waits by itself
MAX_REQUESTS: Final = 1100  # a poll a second for a quarter of an hour, and the rest


@dataclass(frozen=True)
class Outcome:
    """How a visit to a hostile CA ended. `detail` is what is shown of its own words, `notice` what step 3 warns of, or ""."""

    message: Message | None
    notice: str
    step: str
    detail: str
    asked: ScriptedCA
    slept: float


async def play(case: Case) -> Outcome:
    """A person orders a certificate there, and goes on as long as the page lets them."""
    ca = ScriptedCA(NAME)
    case.arrange(ca)
    ports = ports_to(ca)
    page = FakePage(Form(NAME, "test", "", case.challenge, "ec-p256", agree_tos=True))
    numbers = count(1)
    session = Session(Workflow(ports, (CA,)), page, lambda: str(next(numbers)), DnsPermission(ports.store, ()), AlwaysVisible())
    await session.start()
    if page.error is None and page.view.step == "prove":
        await session.verify()
    assert isinstance(ports.clock, NoonClock)
    detail = "".join(piece.text for piece in page.error.linkify) if page.error else ""
    notice = page.view.certificate.extra_names if page.view.certificate else ""
    return Outcome(page.error, notice, page.view.step, detail, ca, sum(ports.clock.slept))


def assert_harmless(outcome: Outcome) -> None:
    """No fault of the page's own, nothing asked of anybody else, nothing signed for anybody else, and an end to it."""
    assert outcome.message is None or outcome.message.title != "Keystay made a mistake", outcome.detail
    assert {origin_of(request.url) for request in outcome.asked.requests} == {BASE}
    posts = [read_post(request).protected for request in outcome.asked.requests if request.method == "POST"]
    assert all(origin_of(post["url"]) == BASE and origin_of(post.get("kid", BASE)) == BASE for post in posts)
    assert outcome.slept <= MAX_SLEEP
    assert len(outcome.asked.requests) <= MAX_REQUESTS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
async def test_hostile_ca_ends_in_words(case: Case) -> None:
    tracemalloc.start()
    try:
        outcome = await play(case)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert_harmless(outcome)
    assert peak < MAX_MEMORY
    assert outcome.message or outcome.step == "certificate"


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("kind", ADDRESSES)
async def test_address_that_is_not_the_cas_own_is_never_signed_for(
    where: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed: list[bytes] = []
    sign = NativeKey.sign

    async def noted(self: NativeKey, data: bytes) -> bytes:
        signed.append(data)
        return await sign(self, data)

    monkeypatch.setattr(NativeKey, "sign", noted)
    outcome = await play(Case(where, PLACES[where](ADDRESSES[kind])))
    assert_harmless(outcome)
    assert outcome.message is not None
    assert outcome.message.title == "Test CA named an address that Keystay does not contact"
    jws = [data.partition(b".")[0].decode("ascii") for data in signed if data.startswith(b"eyJ")]  # begins with {"
    assert jws or "newNonce" in where or "newAccount" in where
    assert not any(ADDRESSES[kind].encode() in b64url_decode(protected) for protected in jws)


@pytest.mark.parametrize(("following", "pages"), [(lambda n: n + 1, MAX_PAGES), (lambda n: n, 1), (lambda n: 1 - n, MAX_PAGES)])
async def test_list_of_orders_without_an_end_is_left(following: Callable[[int], int], pages: int) -> None:
    ca = ScriptedCA(NAME)
    workflow = flow_to(ca)
    client = await workflow.client(await prove(workflow, NAME))
    for n in range(MAX_PAGES + 5):
        link = f'<{BASE}/orders/{following(n)}>; rel="next"'
        ca.script[f"POST {BASE}/orders/{n}"] = [answer({"orders": [f"{BASE}/order/{n}"]}, link=link)]
    assert len((await list_orders(client, f"{BASE}/orders/0")).urls) == pages


def test_list_of_hostile_cases_is_what_happens() -> None:
    assert LIST.read_text("utf-8") == asyncio.run(hostile_list()), "run python -m tests.unit.test_hostile and look at it"


async def hostile_list() -> str:
    """The text of `tests/HOSTILE.md`."""
    texts: dict[str, str] = {}
    lines = [HEAD]
    for heading, cases in SECTIONS.items():
        lines += [f"## {heading}", "", "| a hostile CA may try | a person sees | and, one click away |", "|---|---|---|"]
        for case in cases:
            outcome = await play(case)
            if outcome.message:
                texts.setdefault(outcome.message.title, outcome.message.text)
            lines.append(_row(case, outcome))
        lines.append("")
    lines += ["## What each message says", ""]
    lines += [f"**{title}.** {text}\n" for title, text in texts.items()]
    return "\n".join(lines).rstrip() + "\n"


HEAD: Final = """\
# What a hostile CA may try, and what a person sees

Made by `python -m tests.unit.test_hostile` from the cases in [`tests/unit/hostile.py`](unit/hostile.py). Every run of the
tests compares it with what happens. In each case nothing was signed for, and nothing sent to, any address that is not the CA’s
own; the page did not wait longer than an hour by itself; and the order can be continued or made anew.
"""


def _row(case: Case, outcome: Outcome) -> str:
    if outcome.notice:
        return f"| {case.what} | (the certificate is issued, with this notice) {outcome.notice} | |"
    if outcome.message is None:
        return f"| {case.what} | (nothing: the certificate is issued, and what was wrong is left out) | |"
    return f"| {case.what} | {outcome.message.title} | {_in_short(outcome.detail)} |"


def _in_short(detail: str) -> str:
    line = re.sub(r"(cannot be read\.).*", r"\1 …", " ".join(detail.split()))  # the rest is of the library, and varies
    line = line if len(line) <= 200 else f"{line[:200]}…"
    return f"`{line.replace('|', chr(0xA6)).replace('`', chr(0x27))}`" if line else ""


if __name__ == "__main__":
    use_language(BabelFormats())
    LIST.write_text(asyncio.run(hostile_list()), "utf-8")
