"""Looks whether what this page has written is to be seen in DNS, and whether a CNAME leads where it should.

A resolver that is asked too early remembers that there is nothing (RFC 2308 §5), so nobody is asked before the name servers of
the service usually have it. And a CNAME is asked for as such: a question for the TXT record would follow it, and plant there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Answer, Host, Question, Reply
from app.ports import Clock

PAUSES: Final = (2.0, 3.0, 5.0, 10.0, 10.0, 15.0, 15.0, 30.0, 30.0, 30.0)
"""Seconds between two looks; after the last one, nobody is asked any more."""

FEW_SECONDS: Final = 60.0
"""From then on it is enough that one resolver sees a record: another may still remember an older answer, and the CA asks the
name servers themselves."""


@dataclass(frozen=True)
class CnameFinding:
    """What resolvers say of the CNAME at `owner`, which should lead to `target`.

    `found` are the names that it leads to, each once; `is_answered` tells that one of them said anything.
    """

    owner: str
    target: str
    found: tuple[str, ...]
    is_answered: bool

    @property
    def is_right(self) -> bool:
        """Whether it leads to the target, and nowhere else."""
        return self.found == (self.target,)


async def look_at_cnames(client: ResolverClient, wanted: Mapping[str, str]) -> tuple[CnameFinding, ...]:
    """Look at each name of `wanted`, which should lead to the name beside it. Raises as `ResolverClient.ask_each`."""
    questions = {owner: Question(owner, "CNAME") for owner in wanted}
    replies = await client.ask_each(questions.values())
    findings = []
    for owner, target in wanted.items():
        answers = [reply for reply in replies[questions[owner]].values() if isinstance(reply, Answer) and reply.is_answered]
        hosts = [record.name for answer in answers for record in answer.records if isinstance(record, Host)]
        findings.append(CnameFinding(owner, target, tuple(dict.fromkeys(hosts)), bool(answers)))
    return tuple(findings)


async def wait_until_seen(client: ResolverClient, clock: Clock, wanted: Mapping[str, tuple[str, ...]], settle: float) -> bool:
    """Look for all TXT values of `wanted` (name → values), after `settle` seconds, and again until they are there, or too late.

    Raises as `ResolverClient.ask_each`.
    """
    began = clock.now()
    await clock.sleep(settle)
    for pause in (*PAUSES, None):
        replies = await client.ask_each(Question(name, "TXT") for name in wanted)
        enough = 1 if clock.now() - began >= FEW_SECONDS else len(client.resolvers)
        if all(_seen(replies[Question(name, "TXT")], values) >= enough for name, values in wanted.items()):
            return True
        if pause:
            await clock.sleep(pause)
    return False


def _seen(replies: Mapping[str, Reply], values: tuple[str, ...]) -> int:
    """How many resolvers see all `values`."""
    return sum(isinstance(reply, Answer) and set(reply.texts) >= set(values) for reply in replies.values())
