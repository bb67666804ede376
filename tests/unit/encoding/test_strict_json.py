"""Strict reading of a stranger's JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.encoding.strict_json import JsonObject, read_json, words
from app.errors import OversizeError, ProtocolError
from app.text.sentences import sentence
from tests.unit.says import says

WRONG_FOR = {
    "text": [1, True, ["a"], {"a": "b"}],
    "optional_text": [0, False, [], {}],
    "flag": ["true", 1, 0, [], {}],
    "number": ["400", 4.0, True, [], {}],
    "texts": ["a", 1, {"a": "b"}, ["a", 1], [None]],
    "child": ["a", 1, [], True],
    "children": ["a", {}, 1, ["a"], [None]],
}


@pytest.mark.parametrize(("reader", "value"), [(reader, value) for reader, values in WRONG_FOR.items() for value in values])
def test_wrong_type_is_refused(reader: str, value: object) -> None:
    with pytest.raises(ProtocolError) as caught:
        getattr(JsonObject({"member": value}, "order"), reader)("member")
    assert "order" in sentence(caught.value)


@pytest.mark.parametrize("value", [None, "absent"])
def test_absent_and_null_are_the_same(value: object) -> None:
    fields = JsonObject({} if value else {"member": None}, "order")
    assert fields.optional_text("member") is None
    assert fields.flag("member") is False
    assert fields.number("member") is None
    assert fields.texts("member") == ()
    assert fields.child("member") is None
    assert fields.children("member") == ()


def test_members_are_given_in_their_types() -> None:
    value = {"text": "a", "flag": True, "number": 7, "texts": ["a", "b"], "child": {"a": "b"}}
    fields = JsonObject({**value, "children": [{"a": "b"}]}, "order")
    assert (fields.text("text"), fields.flag("flag"), fields.number("number")) == ("a", True, 7)
    assert fields.texts("texts") == ("a", "b")
    child = fields.child("child")
    assert child is not None
    assert child.text("a") == "b"
    assert [entry.text("a") for entry in fields.children("children")] == ["b"]


def test_missing_text_names_resource_and_member() -> None:
    with pytest.raises(ProtocolError, check=says("“order” has no member “finalize”")):
        JsonObject({}, "order").text("finalize")


def test_message_about_a_child_names_its_parents() -> None:
    child = JsonObject({"meta": {}}, "directory").child("meta")
    assert child is not None
    with pytest.raises(ProtocolError, check=says("directory.meta")):
        child.text("website")


def test_value_of_a_wrong_type_is_kept_as_detail_but_not_whole() -> None:
    with pytest.raises(ProtocolError) as caught:
        JsonObject({"status": ["x" * 9000]}, "order").text("status")
    assert 0 < len(caught.value.detail) <= 500


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>login</html>", id="HTML"),
        pytest.param(b'{"a": 1', id="cut off"),
        pytest.param(b"\xff\xfe\xfd", id="not UTF-8"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b'"text"', id="a string"),
        pytest.param(b"[{}]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"1" * 5000, id="a huge number"),
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError, check=says("directory")):
        read_json(body, "directory")


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        fields = read_json(body, "answer")
    except ProtocolError:
        return
    assert fields.optional_text("no such member") is None


ODD: list[object] = [None, "", 5, 1.5, True, [], [[]], {}, {"a": 1}, "x", [None, 5, "x", {}]]


@pytest.mark.parametrize("odd", ODD)
def test_lenient_readers_take_anything(odd: object) -> None:
    members = JsonObject({"member": odd}, "order").optional
    assert isinstance(members.text("member"), str)
    assert isinstance(members.flag("member"), bool)
    assert members.number("member") in (None, 5)
    assert all(isinstance(text, str) for text in members.texts("member"))
    assert members.child("member").optional.text("a") == ""
    assert isinstance(members.values("member"), list)
    assert all(isinstance(text, str) for text in members.described("member").values())
    assert members.beside(["member"]) == {}


@pytest.mark.parametrize("reader", ["texts", "values", "described"])
@pytest.mark.parametrize("many", [["x"] * 1001, {str(n): "" for n in range(1001)}], ids=["a list", "a map"])
def test_lenient_readers_are_bounded(reader: str, many: object) -> None:
    members = JsonObject({"member": many}, "order").optional
    try:
        assert len(getattr(members, reader)("member")) <= 1
    except OversizeError:
        return


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        (0, "0"),
        (False, "false"),
        ("a\ud800b", "a\ufffdb"),
        ([["a"], ["a"], "b"], "a\nb"),
        ({"detail": {"message": "a"}}, "a"),
        ({"x": 1}, '{"x": 1}'),
    ],
)
def test_words_of_any_value(value: object, said: str) -> None:
    assert words(value) == said


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(values)
def test_every_value_has_words_or_none(value: object) -> None:
    assert isinstance(words(value), str)
    assert isinstance(words({"detail": value}), str)
