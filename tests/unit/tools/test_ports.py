"""The ports that `make run` takes: the defaults, and where another page puts them."""

import asyncio
import socket
import subprocess
import sys

import pytest

from tools.paths import ROOT
from tools.ports import MAX_PORT, MIN_PORT, PAGE, Ports, listen

RESERVE = "from tools.ports import Ports; print({}.reserve())"


def test_the_defaults_are_pebbles_own() -> None:
    assert Ports.for_page(PAGE) == Ports() == Ports(8000, 14000, 15000, 8055, 8053, 5002, 5001)


def test_all_ports_move_with_the_page() -> None:
    assert Ports.for_page(8123) == Ports(8123, 14123, 15123, 8178, 8176, 5125, 5124)


@pytest.mark.parametrize("page", [1, 80, 443, 1024, 3999, 4000, 58_535, 58_536, 65_000, MAX_PORT])
def test_a_moved_port_stays_in_range_and_none_meets_another(page: int) -> None:
    ports = Ports.for_page(page)
    moved = [ports.acme, ports.management, ports.records, ports.dns, ports.http01, ports.tlsalpn01]
    assert all(MIN_PORT <= port <= MAX_PORT for port in moved)
    assert len({page, *moved}) == 7


def test_a_port_that_would_leave_the_range_comes_back_by_20000() -> None:
    assert Ports.for_page(80).http01 == 5002 - 7920 + 20_000
    assert Ports.for_page(65_000).acme == 14_000 + 57_000 - 20_000


def test_a_taken_port_is_told_with_its_reason() -> None:
    ports = Ports.free()
    assert ports.refused() == {}
    with listen(ports.dns, "127.0.0.1"):
        assert ports.refused() == {ports.dns: "Address already in use"}
    assert ports.refused() == {}


def test_what_is_reserved_is_given_to_nobody_else_before_its_server_listens() -> None:
    ports = Ports.free()
    assert not ports.reserve()
    assert subprocess.check_output([sys.executable, "-c", RESERVE.format(ports)], cwd=ROOT, text=True) == "False\n"
    with pytest.raises(OSError, match="in use"), socket.socket() as outgoing:
        outgoing.bind(("127.0.0.1", ports.page))
    with listen(ports.page, "127.0.0.1"):
        assert ports.refused() == {ports.page: "Address already in use"}


async def test_servers_send_the_pieces_of_an_answer_at_once() -> None:
    connected: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with listen(0, "127.0.0.1") as listener:
        async with await asyncio.start_server(accept, sock=listener):
            with socket.create_connection(listener.getsockname()):
                assert await connected
