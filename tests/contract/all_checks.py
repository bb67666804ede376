"""All checks of this folder, by the group they run in: each module beside this one that has some is named here."""

from typing import Final

from tests.contract import cipher, formats, suite, tabs, verifier
from tests.contract.suite import Check

GROUPS: Final[dict[str, dict[str, Check]]] = {
    "both": {**suite.CHECKS, **cipher.CHECKS, **formats.CHECKS, **tabs.CHECKS, **verifier.CHECKS},
    "browser": suite.BROWSER_CHECKS,
    "reload": suite.RELOAD_CHECKS,
}
"""`both` hold in both worlds, `browser` only there, and `reload` there after the page was loaded anew."""
