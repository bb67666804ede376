"""What the page says at length: a message about something that went wrong, and a question that only a person can answer."""

from dataclasses import dataclass

from app.text.untrusted import Segment, linkify


@dataclass(frozen=True)
class Message:
    """Something went wrong: what happened, the probable cause, and what to do next.

    `detail` is the other side's own text, untrusted: show `linkify` in its place. `link` is an https address that helps, or "".
    """

    title: str
    text: str
    detail: str = ""
    link: str = ""

    @property
    def linkify(self) -> tuple[Segment, ...]:
        """`detail` as it may be shown: nothing hidden in it, not too long, split into words and links."""
        return linkify(self.detail)


@dataclass(frozen=True)
class Question:
    """Something that only a person can decide: what it means, and the words on the two buttons.

    `tick` is a sentence that must be ticked before a yes counts, or "" where the button is enough. `lines` list what the
    question is about, where there is more than the text tells.
    """

    title: str
    text: str
    yes: str
    no: str
    tick: str = ""
    lines: tuple[str, ...] = ()


def sentences(*parts: str) -> str:
    """One paragraph of whole sentences, each translated already; those that are "" are left out."""
    return " ".join(filter(None, parts))


def lines(*parts: str) -> str:
    """Whole sentences, one a line; those that are "" are left out."""
    return "\n".join(filter(None, parts))


def paragraphs(*parts: str) -> str:
    """A text of whole paragraphs; those that are "" are left out."""
    return "\n\n".join(filter(None, parts))
