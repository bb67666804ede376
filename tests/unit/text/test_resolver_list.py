"""The question whether resolvers may be asked: who they are, in the form and above the records."""

from typing import Final

from app.dns.resolvers import Resolver, parse_resolvers
from app.text.resolver_list import form_words, whom_it_asks
from tools.paths import ROOT
from tools.resolver_words import resolver_words

PRACTICE: Final = Resolver("practice", "Practice DNS", "/practice/dns-query", "this computer", practice=True)
ONE: Final = Resolver("one", "One & Co", "https://one.example/", "One & Co (USA)")
SAME: Final = Resolver("same", "The same", "https://same.example/", "One & Co (USA)")
PLAIN: Final = Resolver("plain", "Plain", "https://plain.example/")


def test_each_operator_is_named_once_with_the_country() -> None:
    assert form_words((ONE, SAME, PLAIN), str) == (
        "Yes, it may ask these resolvers: One & Co (USA), Plain. They learn the names and your internet address."
    )
    assert whom_it_asks((ONE, SAME, PLAIN)) == (
        "It asks the resolvers of One & Co (USA) and Plain. They learn the names and your internet address."
    )


def test_the_practice_dns_is_named_apart() -> None:
    assert form_words((ONE, PRACTICE), str).endswith("For the practice CA, it asks the practice DNS on this computer instead.")
    assert whom_it_asks((ONE, PRACTICE)).endswith("For the practice CA, it asks the practice DNS on this computer instead.")
    assert form_words((PRACTICE,), str) == "Yes, for the practice CA it may ask the practice DNS on this computer."
    assert whom_it_asks((PRACTICE,)) == "It asks the practice DNS on this computer."


def test_the_build_writes_it_as_html_in_any_language_or_nothing() -> None:
    assert "One &amp; Co (USA), Plain" in resolver_words((ONE, PLAIN))
    assert "ONE &amp; CO (USA)" in resolver_words((ONE,), lambda text: text if "{" in text else text.upper())
    assert resolver_words(()) == ""


def test_every_resolver_of_the_list_says_who_runs_it() -> None:
    listed = parse_resolvers((ROOT / "static" / "data" / "resolvers.json").read_text())
    assert all(resolver.operator for resolver in listed)
