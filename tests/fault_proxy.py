"""A line between a phone and the server that fails in every way lines fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum


class Fault(StrEnum):
    NONE = "none"
    #: Nobody answers the call.
    REFUSE = "refuse"
    #: It breaks while the phone is still speaking.
    CUT_REQUEST = "cut_request"
    #: The server does what it was asked, and the answer never comes.
    LOSE_ANSWER = "lose_answer"
    #: Half of the answer comes.
    CUT_ANSWER = "cut_answer"
    DELAY = "delay"
    #: Everything is swallowed, and nothing says so.
    BLACK_HOLE = "black_hole"
    #: Another network's sign-in page answers in the server's place.
    PORTAL = "portal"


#: What a phone of these tests waits for an answer.
PATIENCE = 1.0
_DELAY = 0.2
_PAGE = b"<html><title>WiFi gratis</title>Silakan masuk</html>"
_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    + b"Content-Length: %d\r\n\r\n" % len(_PAGE)
    + _PAGE
)


class FaultProxy:
    """`fault` is what happens to the calls that come from now on."""

    def __init__(self, port: int) -> None:
        self.fault = Fault.NONE
        self.server_port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        # Closing it does not wake whoever waits for a call.
        self.listener.settimeout(0.2)
        self._is_open = True
        self.port: int = self.listener.getsockname()[1]

    def run(self) -> None:
        while self._is_open:
            try:
                phone, _address = self.listener.accept()
            except TimeoutError:
                continue
            phone.settimeout(None)
            threading.Thread(target=self._carry, args=(phone, self.fault), daemon=True).start()

    def close(self) -> None:
        self._is_open = False

    def _carry(self, phone: socket.socket, fault: Fault) -> None:
        # A server that was killed, or a phone that gave up: that is what this is about.
        with phone, suppress(OSError):
            if fault is Fault.REFUSE:
                return
            request = _message(phone)
            if fault is Fault.BLACK_HOLE:
                time.sleep(2 * PATIENCE)
                return
            if fault is Fault.PORTAL:
                phone.sendall(_PORTAL)
                return
            if fault is Fault.DELAY:
                time.sleep(_DELAY)
            with socket.create_connection(("127.0.0.1", self.server_port)) as server:
                if fault is Fault.CUT_REQUEST:
                    server.sendall(request[: len(request) // 2])
                    return
                server.sendall(request)
                answer = _message(server)
            if fault is Fault.LOSE_ANSWER:
                return
            if fault is Fault.CUT_ANSWER:
                answer = answer[: len(answer) // 2]
            phone.sendall(answer)


def _message(from_: socket.socket) -> bytes:
    """One request or answer whole, as far as its Content-Length says."""
    message = b""
    while b"\r\n\r\n" not in message:
        more = from_.recv(65536)
        if not more:
            return message
        message += more
    head, _, body = message.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = from_.recv(65536)
        if not more:
            break
        body += more
    return head + b"\r\n\r\n" + body


@contextmanager
def fault_proxy(port: int) -> Iterator[FaultProxy]:
    """In front of the server at that port of this machine."""
    proxy = FaultProxy(port)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    yield proxy
    proxy.close()
    thread.join()
    proxy.listener.close()
