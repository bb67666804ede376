"""All checks of this folder, by the group they run in: each module beside this one that has some is named here."""

from typing import Final

from tests.contract import cipher, event_loop, formats, http, key_store, secret_store, store, tabs, verifier
from tests.contract.suite import Check

GROUPS: Final[dict[str, dict[str, Check]]] = {
    "both": {
        **key_store.CHECKS,
        **store.CHECKS,
        **http.CHECKS,
        **cipher.CHECKS,
        **formats.CHECKS,
        **tabs.CHECKS,
        **verifier.CHECKS,
        **secret_store.CHECKS,
        **event_loop.CHECKS,
    },
    "large": key_store.LARGE_CHECKS,
    "browser": {**http.BROWSER_CHECKS, **store.BROWSER_CHECKS, **event_loop.BROWSER_CHECKS},
    "reload": store.RELOAD_CHECKS,
}
"""`both` and `large` hold in both worlds, `browser` only there, and `reload` there after the page was loaded anew."""
