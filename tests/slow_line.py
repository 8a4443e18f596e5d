"""A line as in a village: slow, far away, and with a count of every byte that crosses it.

Chromium's own emulation leaves out whatever a service worker fetches, and so nearly everything on
a phone that has one; a line between the two leaves out nothing.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

#: field-ux 7.2, profile "Desa".
BYTES_PER_SECOND = 400_000 / 8
THERE_AND_BACK = 0.4
_PACKET = 1460


@dataclass
class Exchange:
    """One request and its answer, headers included."""

    method: str
    path: str
    up: int = 0
    down: int = 0


class _Direction:
    """Bytes one after the other, however many connections they belong to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at = 0.0

    def arrives(self, length: int, *, is_slow: bool) -> float:
        """When what is handed over now is there."""
        now = time.monotonic()
        if not is_slow:
            return now
        with self._lock:
            self._free_at = max(now, self._free_at) + length / BYTES_PER_SECOND
            return self._free_at + THERE_AND_BACK / 2


class SlowLine:
    """In front of the server at that port of this machine."""

    def __init__(self, server_port: int) -> None:
        #: Off, it still counts.
        self.is_slow = True
        self.exchanges: list[Exchange] = []
        self._server_port = server_port
        self._up, self._down = _Direction(), _Direction()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.2)
        self._is_open = True
        self._connections: list[_Connection] = []
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> int:
        return len(self.exchanges)

    @property
    def up(self) -> int:
        return sum(each.up for each in self.exchanges)

    @property
    def down(self) -> int:
        return sum(each.down for each in self.exchanges)

    def reset(self) -> None:
        self.exchanges = []

    def close(self) -> None:
        self._is_open = False
        self._thread.join()
        self._listener.close()
        for each in self._connections:
            each.close()

    def _accept(self) -> None:
        while self._is_open:
            try:
                phone, _address = self._listener.accept()
            except TimeoutError:
                continue
            server = socket.create_connection(("127.0.0.1", self._server_port))
            for each in (phone, server):
                each.settimeout(None)
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(self, phone, server)
            self._connections.append(connection)
            connection.start()

    def lane(self, *, is_up: bool) -> _Direction:
        return self._up if is_up else self._down


class _Connection:
    def __init__(self, line: SlowLine, phone: socket.socket, server: socket.socket) -> None:
        self._line = line
        self._phone, self._server = phone, server
        self._now: Exchange | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        # A call is answered after one way there and back; what it says waits for that.
        met = time.monotonic() + (THERE_AND_BACK if self._line.is_slow else 0)
        for source, target, is_up in (
            (self._phone, self._server, True),
            (self._server, self._phone, False),
        ):
            under_way: queue.Queue[tuple[float, bytes]] = queue.Queue()
            for work in (
                lambda s=source, u=is_up, q=under_way: self._read(s, q, met, is_up=u),
                lambda t=target, q=under_way: self._write(t, q),
            ):
                self._threads.append(threading.Thread(target=work, daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for each in (self._phone, self._server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._phone.close()
        self._server.close()

    def _read(
        self,
        source: socket.socket,
        under_way: queue.Queue[tuple[float, bytes]],
        met: float,
        *,
        is_up: bool,
    ) -> None:
        lane = self._line.lane(is_up=is_up)
        data = b"-"
        while data:
            try:
                data = source.recv(_PACKET)
            except OSError:
                data = b""
            if data and is_up:
                time.sleep(max(0, met - time.monotonic()))
            if data:
                self._count(data, is_up=is_up)
            under_way.put((lane.arrives(len(data), is_slow=self._line.is_slow), data))

    def _count(self, data: bytes, *, is_up: bool) -> None:
        """Browsers do not speak on one connection before the answer has come."""
        if is_up and (self._now is None or self._now.down):
            method, path, *_rest = data.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            self._now = Exchange(method, path)
            self._line.exchanges.append(self._now)
        if self._now is not None:
            if is_up:
                self._now.up += len(data)
            else:
                self._now.down += len(data)

    def _write(self, target: socket.socket, under_way: queue.Queue[tuple[float, bytes]]) -> None:
        with suppress(OSError):
            while True:
                arrives, data = under_way.get()
                time.sleep(max(0, arrives - time.monotonic()))
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)


@contextmanager
def slow_line(port: int) -> Iterator[SlowLine]:
    line = SlowLine(port)
    yield line
    line.close()
