"""Extracts the messages of index.html, and writes the page with their translations.

A message is the content of one block: its text with its inline elements. In the message these have no attributes, so that a
translator cannot change any: `See <a>the terms</a> in <code>cas.json</code>.` Several of one kind with different attributes are
numbered: `<span1>…</span1><span2>…</span2>`. The texts of the attributes of `ATTRIBUTES` are messages, too. What is in an
element with translate="no" stays as it is. A comment before a message that starts with "Translators:" goes with it.

It reads the HTML that we write, not any: lower case, double quotes, every element closed. What is anything else stops it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Final

INLINE: Final = frozenset({"a", "abbr", "b", "code", "em", "i", "kbd", "small", "span", "strong"})
VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta"})
SILENT: Final = frozenset({"script", "style"})
ATTRIBUTES: Final = frozenset({"alt", "aria-label", "label", "placeholder", "title"})

_TOKEN: Final = re.compile(
    r"<!--(?P<comment>.*?)-->|<!doctype html>|</(?P<closed>[a-z][a-z0-9]*)>"
    r'|<(?P<opened>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>',
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r'\s([a-z-]+)(?:="([^"]*)")?')
_TAG: Final = re.compile(r"<(/?)([a-z]+[0-9]*)>")
_ENTITY: Final = re.compile(r"&(?:[a-z]+|#[0-9]+);")
_FIELD: Final = re.compile(r"\{[^{}]*\}")
_LETTER: Final = re.compile(r"[^\W\d_]")


class PageTextError(Exception):
    """The page, or a translation of one of its messages, is not what it should be. The message may be printed."""


@dataclass
class _Node:
    """A text (`name` is ""), an element, or a comment ("!"), by its position in the source.

    `inner` is where the content of an element begins.
    """

    name: str
    start: int
    end: int = 0
    attributes: str = ""
    attributes_start: int = 0
    inner: int = 0
    comment: str = ""
    children: list["_Node"] = field(default_factory=list)

    @property
    def fixed(self) -> bool:
        """Whether its content stays as it is in every language."""
        return ' translate="no"' in self.attributes or self.name in SILENT

    @property
    def is_inline(self) -> bool:
        """Whether it can stand within a message."""
        return not self.name or (self.name in INLINE and all(child.is_inline for child in self.children))


@dataclass(frozen=True)
class Message:
    """One message: its text, a translator's comment or "", and how the page is written with a translation of it.

    `start` and `end` say what of the page the translation replaces; `written` makes that of it and raises `PageTextError`.
    """

    text: str
    comment: str
    start: int
    end: int
    written: Callable[[str], str]


def page_messages(page: str) -> list[Message]:
    """All messages of `page`, in their order. Raises `PageTextError`."""
    root = _parse(page)
    return sorted(_messages(page, root), key=lambda message: message.start)


def translated_page(page: str, translate: Callable[[str], str], language: str, direction: str = "ltr") -> str:
    """`page` with its messages through `translate`, and `language` (BCP 47) in its first tag. Raises `PageTextError`."""
    parts, position = [], 0
    for message in page_messages(page):
        translation = translate(message.text)
        if translation != message.text:
            parts += [page[position : message.start], message.written(translation)]
            position = message.end
    text = "".join(parts) + page[position:]
    start = '<html lang="en"'
    if text.count(start) != 1:
        raise PageTextError(f"index.html must hold {start} once")
    turned = ' dir="rtl"' if direction == "rtl" else ""
    return text.replace(start, f'<html lang="{escape(language)}"{turned}')


def check_translation(source: str, translation: str) -> None:
    """Raise `PageTextError` where `translation` has other tags or placeholders than `source`."""
    for kind, found in (("tags", _TAG), ("placeholders", _FIELD)):
        wanted, got = (Counter(match[0] for match in found.finditer(text)) for text in (source, translation))
        if wanted != got:
            different = sorted((wanted - got) + (got - wanted))
            raise PageTextError(f"other {kind} than in the source ({', '.join(different)}): {translation}")


# ---- Reading the source ----


def _parse(page: str) -> _Node:
    root = _Node("#", 0)
    stack, position = [root], 0
    for token in _TOKEN.finditer(page):
        _add_text(page, stack[-1], position, token.start())
        position = token.end()
        if token["opened"]:
            node = _Node(token["opened"], token.start(), position, token["attributes"], token.start("attributes"), position)
            stack[-1].children.append(node)
            if node.name not in VOID:
                stack.append(node)
        elif token["closed"]:
            node = stack.pop()
            if node.name != token["closed"]:
                raise PageTextError(f"</{token['closed']}> closes <{node.name}{node.attributes}>")
            node.end = position
        else:
            stack[-1].children.append(_Node("!", token.start(), position, comment=(token["comment"] or "").strip()))
    _add_text(page, stack[-1], position, len(page))
    if len(stack) > 1:
        raise PageTextError(f"<{stack[-1].name}{stack[-1].attributes}> is not closed")
    return root


def _add_text(page: str, parent: _Node, start: int, end: int) -> None:
    text = page[start:end]
    if parent.name not in SILENT and ("<" in text or ">" in text):
        raise PageTextError(f"this cannot be parsed: {' '.join(text.split())[:80]}")
    if text:
        parent.children.append(_Node("", start, end))


def _messages(page: str, node: _Node, comment: str = "") -> Iterator[Message]:
    """The messages in `node` and of its attributes; `comment` is for the first one."""
    if node.fixed:
        return
    yield from _attribute_messages(node)
    run: list[_Node] = []
    for child in [*node.children, _Node("!", node.end)]:
        if child.is_inline:
            run.append(child)
            continue
        found = list(_run_messages(page, run, comment))
        yield from found
        comment, run = "" if found else comment, []
        if child.name == "!":
            comment = child.comment if child.comment.startswith("Translators:") else comment
        else:
            yield from _messages(page, child, comment)
            comment = ""


def _attribute_messages(node: _Node) -> Iterator[Message]:
    is_description = node.name == "meta" and 'name="description"' in node.attributes
    for match in _ATTRIBUTE.finditer(node.attributes):
        name, value = match[1], match[2]
        if value and (name in ATTRIBUTES or (is_description and name == "content")):
            text = " ".join(unescape(value).split())
            if _LETTER.search(text):
                start, end = (node.attributes_start + place for place in match.span(2))
                yield Message(text, "", start, end, escape)


def _run_messages(page: str, run: Sequence[_Node], comment: str) -> Iterator[Message]:
    """The message of inline nodes that follow each other, where there are words in them.

    One element around all of it is no matter of the message. Elements within it have no attributes that are messages: a
    translation replaces their tags.
    """
    filled = [node for node in run if node.name or page[node.start : node.end].strip()]
    if len(filled) == 1 and filled[0].name and not filled[0].fixed:
        yield from _attribute_messages(filled[0])
        yield from _run_messages(page, filled[0].children, comment)
    elif any(_has_words(page, node) for node in run):
        for element in (element for node in run for element in _elements(node)):
            if any(_attribute_messages(element)):
                raise PageTextError(
                    f"an element within a message has an attribute with text: <{element.name}{element.attributes}>"
                )
        yield _message(page, run, comment)


def _has_words(page: str, node: _Node) -> bool:
    if not node.name:
        return bool(_LETTER.search(_ENTITY.sub("", page[node.start : node.end])))
    return not node.fixed and any(_has_words(page, child) for child in node.children)


# ---- A message and its translation ----


def _message(page: str, run: Sequence[_Node], comment: str) -> Message:
    source = page[run[0].start : run[-1].end]
    start = run[0].start + len(source) - len(source.lstrip())
    end = run[-1].end - len(source) + len(source.rstrip())
    tags = _tags([element for node in run for element in _elements(node)])
    text = " ".join("".join(_source_text(page, node, tags) for node in run).split())
    return Message(text, comment.removeprefix("Translators:").strip(), start, end, _Writer(page, text, tags).written)


def _elements(node: _Node) -> Iterator[_Node]:
    if node.name:
        yield node
        for child in node.children:
            yield from _elements(child)


def _tags(elements: Sequence[_Node]) -> dict[int, tuple[str, _Node]]:
    """The tag of each element in the message, by where it starts."""
    kinds: dict[str, set[str]] = {}
    for element in elements:
        kinds.setdefault(element.name, set()).add(element.attributes)
    counts: Counter[str] = Counter()
    tags: dict[int, tuple[str, _Node]] = {}
    for element in elements:
        counts[element.name] += 1
        number = counts[element.name] if len(kinds[element.name]) > 1 else ""
        tags[element.start] = (f"{element.name}{number}", element)
    return tags


def _source_text(page: str, node: _Node, tags: dict[int, tuple[str, _Node]]) -> str:
    if not node.name:
        return page[node.start : node.end]
    name = tags[node.start][0]
    return f"<{name}>{''.join(_source_text(page, child, tags) for child in node.children)}</{name}>"


class _Writer:
    """Writes a translation of the message `text` as HTML."""

    def __init__(self, page: str, text: str, tags: dict[int, tuple[str, _Node]]) -> None:
        self._text = text
        self._opened = {name: page[node.start : node.inner] for name, node in tags.values()}
        self._kept = _kept(text, {name for name, node in tags.values() if node.fixed or not node.children})

    def written(self, translation: str) -> str:
        """The HTML of `translation`. Raises `PageTextError` where it differs in more than its words."""
        check_translation(self._text, translation)
        if re.search(r"[<>]|&(?!(?:[a-z]+|#[0-9]+);)", _TAG.sub("", translation)):
            raise PageTextError(f"a “<”, “>” or “&” that is neither a tag nor a character reference: {translation}")
        names = [(slash, name) for slash, name in _TAG.findall(translation)]
        _check_nesting(names, translation)
        if _kept(translation, set(self._opened) & {name for name, _ in self._kept}) != self._kept:
            raise PageTextError(f"the content of code and of empty elements must not be changed: {translation}")
        return _TAG.sub(self._tag, translation)

    def _tag(self, match: re.Match[str]) -> str:
        name = match[2]
        return f"</{name.rstrip('0123456789')}>" if match[1] else self._opened[name]


def _kept(text: str, names: set[str]) -> Counter[tuple[str, str]]:
    """What the elements `names`, which hold no other ones of their name, hold in `text`."""
    return Counter((name, content) for name in names for content in re.findall(f"<{name}>(.*?)</{name}>", text))


def _check_nesting(tags: Sequence[tuple[str, str]], translation: str) -> None:
    stack: list[str] = []
    for slash, name in tags:
        if not slash:
            stack.append(name)
        elif not stack or stack.pop() != name:
            raise PageTextError(f"</{name}> closes another element: {translation}")
