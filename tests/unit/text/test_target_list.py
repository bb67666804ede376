"""The list of targets in another language, and as options of the form."""

from app.install.targets import InstallStep, Target, TargetFile, Trap
from app.text.target_list import localized
from tools.target_options import target_options

STEP = InstallStep("Do it", "So.", menu=("Menu",), code=("code",), paste=(("Label", "cert"),))


def target(id_: str, name: str, group: str = "web", **more: object) -> Target:
    return Target(id_, name, group, (TargetFile("cert"),), (STEP,), **more)  # type: ignore[arg-type]


def test_sentences_are_translated_and_what_the_target_calls_things_is_not() -> None:
    one = target(
        "x", "x", key="rsa", key_reason="It is old.", traps=(Trap("It fails", "Mind it."),), reload="go", own_note="No."
    )
    there = localized(one, str.upper)
    assert (there.name, there.key_reason, there.own_note) == ("X", "IT IS OLD.", "NO.")
    assert there.traps == (Trap("IT FAILS", "MIND IT."),)
    assert there.steps == (InstallStep("DO IT", "SO.", menu=("Menu",), code=("code",), paste=(("Label", "cert"),)),)
    assert there.reload == "go"


def test_what_is_not_said_is_not_translated() -> None:
    assert localized(target("x", "X"), lambda text: f"header before {text}").key_reason == ""


def test_options_are_in_groups_and_say_which_key_they_want() -> None:
    listed = (target("b", "B & Co", also=("Bee",)), target("a", "A", "hosting", key="rsa", key_reason="It is old."))
    assert target_options(listed, "") == (
        '<optgroup label="Web hosting">\n'
        '  <option value="a" data-key="rsa-2048">A</option>\n'
        "</optgroup>\n"
        '<optgroup label="Web servers">\n'
        '  <option value="b" data-also="Bee">B &amp; Co</option>\n'
        "</optgroup>"
    )
