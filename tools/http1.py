"""HTTP/1.1 by uvicorn, except that each malformed request is answered with 400, and none with a traceback."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Http1Protocol(H11Protocol):
    """One connection of the local server."""

    def eof_received(self) -> None:
        """Answer a request whose body ends early; uvicorn would hang up."""
        if self.conn.their_state is h11.SEND_BODY:
            self.conn.receive_data(b"")
            self.handle_events()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, unless an answer is under way already: then only hang up."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()
        if self.cycle:
            self.cycle.disconnected = True  # what the application still says goes nowhere
            self.cycle.message_event.set()
