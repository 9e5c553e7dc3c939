"""A real SMTP server on loopback whose mood can change while it runs: healthy, or one of five troubles."""

import asyncio
import email
import time
from collections.abc import Callable

from aiosmtpd.controller import Controller

from tests.outbox.smtp import Postman
from tests.served import free_port

HEALTHY = "healthy"
TROUBLES = ("refusing", "hanging", "garbage", "451", "dripping")


def nothing() -> None:
    """The default of ``before_reply``."""


class Counter(Postman):
    """Record the Message-ID and time of each letter; ``before_reply`` runs between acceptance and reply."""

    def __init__(self) -> None:
        super().__init__()
        self.recipients: list[str] = []
        self.arrivals: list[tuple[str, float]] = []
        self.replies_to_lose = 0
        self.replies_lost = 0
        self.before_reply: Callable[[], None] = nothing

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (the library's name)
        message_id = email.message_from_bytes(envelope.content)["Message-ID"]
        self.arrivals.append((message_id, time.monotonic()))
        self.recipients += envelope.rcpt_tos
        self.before_reply()
        if self.replies_lost < self.replies_to_lose:
            self.replies_lost += 1
            server.transport.abort()
        return "250 OK"


class Troubled(asyncio.Protocol):
    """A server that accepts the connection, then sends nothing, garbage, or one character at a time."""

    def __init__(self, mood: str) -> None:
        self.mood = mood

    def connection_made(self, transport) -> None:
        self.transport = transport
        if self.mood == "garbage":
            transport.write(b"\x00\xff\xfe 999 \r\nlorem ipsum\r\n" * 3)
        elif self.mood == "dripping":
            self._drip()

    def _drip(self) -> None:
        """Send a byte often enough that the client does not time out."""
        if not self.transport.is_closing():
            self.transport.write(b"2")
            asyncio.get_running_loop().call_later(0.2, self._drip)


class PostOffice(Controller):
    def __init__(self) -> None:
        super().__init__(Counter(), hostname="127.0.0.1", port=free_port())
        self.mood = HEALTHY
        self.connections = 0
        self._transports: list = []

    def __enter__(self) -> "PostOffice":
        self.start()
        self.connections = 0  # Controller.start connects once itself
        return self

    def __exit__(self, *error) -> None:
        self.turn(HEALTHY)  # stopping would wait for hanging clients
        self.stop()

    def factory(self):
        self.connections += 1
        protocol = super().factory() if self.mood in (HEALTHY, "451") else Troubled(self.mood)
        return self._remembered(protocol)

    def _remembered(self, protocol):
        made = protocol.connection_made

        def connection_made(transport) -> None:
            self._transports.append(transport)
            made(transport)

        protocol.connection_made = connection_made
        return protocol

    def arrived(self) -> list[str]:
        """Return the Message-IDs of all letters in order of arrival, including repeats."""
        return [message_id for message_id, _moment in self.handler.arrivals]

    def first_arrivals(self) -> dict[str, float]:
        """Return each letter's first time of arrival."""
        return dict(reversed(self.handler.arrivals))

    def turn(self, mood: str) -> None:
        """Change the mood; existing connections are aborted."""
        asyncio.run_coroutine_threadsafe(self._turn(mood), self.loop).result()

    async def _turn(self, mood: str) -> None:
        if mood == "refusing":
            self.server.close()
        elif self.mood == "refusing":
            self.server = await self._create_server()
        self.mood = mood
        self.handler.answer = "451 try later" if mood == "451" else None
        while self._transports:
            self._transports.pop().abort()
