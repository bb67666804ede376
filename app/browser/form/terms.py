"""The box for the CA's terms of service. Those of a chosen CA are linked by static/form.mjs, where the list of CAs has them."""

from app.browser.page.dom import by_id


def linked_terms() -> str:
    """The page of terms that is linked beside the box, or ""."""
    return str(by_id("terms-link").getAttribute("href") or "")


def link_terms(url: str, *, agreed: bool) -> None:
    """Link the terms at `url`; unless they are `agreed` to by a tick that is there, take the tick away."""
    by_id("terms-link").href = url
    by_id("terms-link").hidden, by_id("terms-unlinked").hidden = False, True
    by_id("agree-tos").checked = by_id("agree-tos").checked and agreed
