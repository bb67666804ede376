"""The list of targets: what may stand in it, and what the page's own list says."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from app.encoding.key_types import KEY_TYPES
from app.errors import ProtocolError
from app.install.guide import PLACEHOLDERS, placeholders
from app.install.targets import MEMBERS, Group, InstallStep, Target, TargetFile, Trap, find_target, parse_targets
from tests.unit.says import says

STEP: dict[str, Any] = {"do": "Put it there"}
GOOD: dict[str, Any] = {"id": "x", "name": "X", "group": "web", "files": [{"format": "cert"}], "steps": [STEP]}
LIST = parse_targets(Path("static/data/targets.json").read_text(encoding="utf-8"))
FORMATS_OF_TARGETS = {
    *("cert", "chain", "fullchain", "privkey", "privkey-encrypted", "combined", "combined-key-first", "pfx", "pfx-legacy")
}


def texts_of(target: Target) -> list[str]:
    """Everything in `target` that is shown, with its placeholders."""
    steps = [text for step in target.steps for text in (step.do, step.text, *step.code, *step.menu)]
    traps = [text for trap in target.traps for text in (trap.sign, trap.text)]
    return [target.name, target.key_reason, target.own_note, target.reload, *steps, *traps]


# ---- Any list ----


def test_what_an_entry_leaves_out_is_the_usual() -> None:
    assert parse_targets(json.dumps([GOOD])) == (
        Target("x", "X", "web", (TargetFile("cert"),), (InstallStep("Put it there"),)),
    )


def test_every_member_is_read() -> None:
    entry = {
        **GOOD,
        "files": [{"format": "privkey", "name": "{file}.key"}],
        "steps": [
            {
                "do": "Do it",
                "text": "So.",
                "menu": ["A", "B"],
                "code": ["do it"],
                "paste": [{"label": "Key", "format": "privkey"}],
                "guess": True,
            }
        ],
        "also": ["Y"],
        "key": "rsa",
        "key_reason": "It is old.",
        "reload": "reload it",
        "port": 25,
        "starttls": "smtp",
        "traps": [{"sign": "It fails", "text": "Mind it."}],
        "takes_own": "some",
        "own_note": "Ask.",
        "guesses": ["reload"],
    }
    assert set(entry) == MEMBERS
    (read,) = parse_targets(json.dumps([entry]))
    assert read == Target(
        "x",
        "X",
        "web",
        (TargetFile("privkey", "{file}.key"),),
        (InstallStep("Do it", "So.", ("A", "B"), ("do it",), (("Key", "privkey"),), guess=True),),
        ("Y",),
        "rsa",
        "It is old.",
        "reload it",
        25,
        "smtp",
        (Trap("It fails", "Mind it."),),
        "some",
        "Ask.",
        frozenset({"reload"}),
    )
    assert (read.is_sure_of("reload"), read.is_sure_of("key")) == (False, True)


WRONG: list[dict[str, Any]] = [
    {"id": "two words"},
    {"id": ""},
    {"group": "kitchen"},
    {"files": []},
    {"files": [{"format": "cert"}] * 7},
    {"files": [{"format": "../cert"}]},
    {"files": [{"format": "jks"}]},
    {"files": [{"format": "cert", "name": "/etc/passwd"}]},
    {"files": [{"format": "cert", "name": "{name}.pem"}]},
    {"files": [{"format": "cert", "nmae": "x"}]},
    {"files": "cert"},
    {"steps": []},
    {"steps": [STEP] * 11},
    {"steps": [{"text": "No heading."}]},
    {"steps": [STEP | {"cod": []}]},
    {"steps": [STEP | {"paste": [{"label": "Key"}]}]},
    {"steps": [STEP | {"menu": "A"}]},
    {"key": "ec"},
    {"port": 0},
    {"port": 65536},
    {"starttls": "telnet"},
    {"traps": [{"sign": "x"}]},
    {"traps": [{"sign": "x", "text": "y", "why": "z"}]},
    {"takes_own": "perhaps"},
    {"guesses": ["nothing"]},
    {"guesses": ["name"]},
    {"source": "hearsay"},
]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[1]", "[" * 100, '[{"id": "x"}]'),
        *(json.dumps([{name: value for name, value in GOOD.items() if name != missing}]) for missing in GOOD),
        *(json.dumps([GOOD | wrong]) for wrong in WRONG),
        json.dumps([GOOD, GOOD]),
    ],
)
def test_damaged_list_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, check=says("targets.json")):
        parse_targets(text)


@pytest.mark.parametrize(
    ("rule", "guesses", "ec", "large_rsa", "rsa"),
    [
        ("any", [], (False, False), (False, False), (False, False)),
        ("rsa-safer", [], (True, False), (False, False), (False, False)),
        ("rsa", [], (True, True), (False, False), (False, False)),
        ("rsa", ["key"], (True, False), (False, False), (False, False)),
        ("rsa-2048", [], (True, True), (True, True), (False, False)),
    ],
)
def test_a_rule_says_which_keys_may_be_refused_and_which_are(
    rule: str, guesses: list[str], ec: tuple[bool, bool], large_rsa: tuple[bool, bool], rsa: tuple[bool, bool]
) -> None:
    (target,) = parse_targets(json.dumps([GOOD | {"key": rule, "guesses": guesses}]))
    assert target.usual_key == (None if rule == "any" else "rsa-2048")
    expected_of = {"ec-p256": ec, "ec-p384": ec, "rsa-3072": large_rsa, "rsa-4096": large_rsa, "rsa-2048": rsa}
    for spec in KEY_TYPES:
        expected = expected_of[spec]
        assert (target.may_refuse(spec), target.refuses(spec)) == expected


def test_a_target_is_found_by_its_id_and_nobody_is_sure_without_one() -> None:
    assert find_target(LIST, "nginx") == next(target for target in LIST if target.name == "nginx")
    assert find_target(LIST, "") is find_target(LIST, "not-there") is None


# ---- The page's list ----


def test_list_has_the_targets_that_people_have() -> None:
    assert len(LIST) >= 50
    assert len({target.name for target in LIST}) == len(LIST)
    assert {target.group for target in LIST} == set(get_args(Group))
    refused = {target.id for target in LIST if target.refuses("ec-p256")}
    assert refused == {"qnap", "zyxel-gs"}


@pytest.mark.parametrize("target", LIST, ids=lambda target: target.id)
def test_entry_says_what_a_person_needs(target: Target) -> None:
    texts = texts_of(target)
    own = {file.format for file in target.files}
    assert own <= FORMATS_OF_TARGETS
    assert {format_ for step in target.steps for _, format_ in step.paste} <= own
    assert placeholders(texts) <= PLACEHOLDERS
    assert not any(re.search(r"\[U\]|acme\.sh|mozilla|#\d|\bsource\b", text) for text in texts)
    assert all(step.text.endswith((".", ":")) for step in target.steps if step.text)
    assert all(trap.text.endswith(".") for trap in target.traps)
    assert not any(step.do.endswith(".") for step in target.steps)
    assert (target.key == "any") == (not target.key_reason)
    assert (target.takes_own == "yes") == (not target.own_note)


@pytest.mark.parametrize("target", LIST, ids=lambda target: target.id)
def test_what_nobody_verified_is_said_as_a_guess(target: Target) -> None:
    if "key" in target.guesses and target.key != "rsa-2048":
        assert re.search("usually|safest", target.key_reason)
    if "takes_own" in target.guesses:
        assert re.search("usually|Not every", target.own_note)
