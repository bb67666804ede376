"""Step 2 while a proof is missing or has failed: messages and buttons stand under the heading, and a person is led there."""

from pyodide.ffi import to_js

from app.browser.page.dom import by_id
from app.ui.views import ProofTrouble


class ProofFailure:
    """Moves `#messages` and `#prove-actions` to the place under the heading, and back to where they stand otherwise."""

    def __init__(self) -> None:
        self._led_to: ProofTrouble = ""

    def show(self, trouble: ProofTrouble) -> None:
        """Put them under the heading while there is `trouble`. They stay there until the step is left: no button jumps away."""
        if trouble and not by_id("verdict").firstElementChild:
            by_id("verdict").append(by_id("messages"), by_id("prove-actions"))

    def leave(self) -> None:
        """Another step is shown: put them back."""
        self._led_to = ""
        if by_id("verdict").firstElementChild:
            by_id("verdict").parentElement.append(by_id("prove-actions"))
            by_id("panels").before(by_id("messages"))

    def forget(self) -> None:
        """A person did something: what is said from now on is news, even if it was said before."""
        self._led_to = ""

    def lead(self, trouble: ProofTrouble) -> None:
        """Give the message the focus – once for each kind of `trouble`, for a CA that goes on looking may say it often."""
        if trouble != self._led_to:
            self._led_to = trouble
            by_id("title-prove").scrollIntoView()
            by_id("error").focus(to_js({"preventScroll": True}))
