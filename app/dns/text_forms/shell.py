"""Commands for a POSIX shell, made of words: each word is quoted, unless it is `Syntax`."""

from shlex import quote


class Syntax(str):
    """Shell syntax, which is not quoted. Nothing from an order may be in it."""

    __slots__ = ()


def command(*words: str) -> str:
    """A simple command of these words: what is no `Syntax` reaches the program exactly as it is."""
    return " ".join(word if isinstance(word, Syntax) else quote(word) for word in words)


def variable(name: str) -> Syntax:
    """The value of the variable `name` as one word."""
    return Syntax(f'"${name}"')


def assignment(name: str, source: str) -> str:
    """Keep what the command `source` prints in the variable `name`."""
    return f"{name}=$({source})"


def pipeline(*commands: str) -> str:
    """Each command reads what the one before it prints."""
    return " | ".join(commands)


def for_each_line(name: str, body: str) -> str:
    """The command `body` for each line that is read, in the variable `name`."""
    return f"while read -r {name}; do {body} </dev/null; done"


def lines(*commands: str) -> str:
    """One command after the other."""
    return "\n".join(commands)
