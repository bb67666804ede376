"""The list of resolvers in a person's language: the question whether they may be asked, in the form and above the records.

The build puts the words into the form, so that they are there before Python is: `form_words` takes `translate`, which gives the
translation of a message or the message itself.
"""

from collections.abc import Callable, Iterable
from typing import Final

from app.dns.resolvers import Resolver
from app.text.catalog import N_, SEPARATOR, _, translated
from app.text.message import sentences

Translate = Callable[[str], str]

# Translators: beside a box to tick. {operators} is such as “Cloudflare (USA), Google (USA), Alibaba (China)”.
_YES: Final = N_("Yes, it may ask these resolvers: {operators}. They learn the names and your internet address.")
_PRACTICE: Final = N_("For the practice CA, it asks the practice DNS on this computer instead.")
_ONLY_PRACTICE: Final = N_("Yes, for the practice CA it may ask the practice DNS on this computer.")


def operators(resolvers: Iterable[Resolver], translate: Translate) -> list[str]:
    """Who runs `resolvers`, each with the country; those of the practice DNS are left out."""
    named = (
        translate(resolver.operator) if resolver.operator else resolver.name for resolver in resolvers if not resolver.practice
    )
    return list(dict.fromkeys(named))


def form_words(resolvers: tuple[Resolver, ...], translate: Translate) -> str:
    """What stands beside the box that allows to ask `resolvers`, of which there is at least one."""
    public, has_practice = operators(resolvers, translate), any(resolver.practice for resolver in resolvers)
    if not public:
        return translate(_ONLY_PRACTICE)
    yes = translate(_YES).format(operators=translate(SEPARATOR).join(public))
    return sentences(yes, translate(_PRACTICE) if has_practice else "")


def whom_it_asks(resolvers: tuple[Resolver, ...]) -> str:
    """Above the records, under the question: whom the page asks where it is allowed to. `resolvers` are not empty."""
    public, has_practice = operators(resolvers, translated), any(resolver.practice for resolver in resolvers)
    if not public:
        return _("It asks the practice DNS on this computer.")
    return sentences(
        _("It asks the resolvers of {operators:and}. They learn the names and your internet address.", operators=public),
        _(_PRACTICE) if has_practice else "",
    )
