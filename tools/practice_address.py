"""The addresses of the practice CA, for the build."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Practice:
    """The practice CA of `make run`.

    `origin` serves the page's relay, record server and resolver (`tools/serve.py`), without a slash at the end; `directory` is
    the practice CA's own directory URL, which the relay calls. The defaults are those of `make run` without `PORT=`.
    """

    origin: str = "http://localhost:8000"
    directory: str = "https://localhost:14000/dir"

    @property
    def relay(self) -> str:
        """The prefix of the relay; the CA's host and path follow it."""
        return f"{self.origin}/relay/"

    @property
    def records(self) -> str:
        """The prefix of the record server's commands."""
        return f"{self.origin}/practice/"

    @property
    def resolver(self) -> str:
        """The URL that answers DNS over HTTPS from the practice CA's records (RFC 8484)."""
        return f"{self.origin}/practice/dns-query"
