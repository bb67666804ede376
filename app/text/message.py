"""A message about something that went wrong."""

from dataclasses import dataclass

from app.text.untrusted import Segment, linkify


@dataclass(frozen=True)
class Message:
    """Something went wrong: what happened, why probably and what to do next. `detail` is the other side's own text, untrusted.

    `link` is an https address that helps, or "". Show `pieces`, not `detail`.
    """

    title: str
    text: str
    detail: str = ""
    link: str = ""

    @property
    def linkify(self) -> tuple[Segment, ...]:
        """`detail` as it may be shown: nothing hidden in it, not too long, in words and links."""
        return linkify(self.detail)
