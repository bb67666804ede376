"""The browser of tests/browser."""

from tests.browser.conftest import browser, new_context, page, person, used_profile, watch

__all__ = ["browser", "new_context", "page", "person", "used_profile", "watch"]
