"""Puts the question about DNS into the form, from the list of resolvers, so that it is there before Python is."""

from html import escape

from app.dns.resolvers import Resolver
from app.text.resolver_list import Translate, form_words


def resolver_words(resolvers: tuple[Resolver, ...], translate: Translate = str) -> str:
    """Return the HTML of what a person allows there; "" where there are no `resolvers`, so that nothing is asked.

    `translate` gives the translation of a message; without it they are in English.
    """
    return escape(form_words(resolvers, translate), quote=False) if resolvers else ""
