"""A real SMTP server on loopback with configurable replies."""

import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Postman:
    """SMTP handler that stores accepted mails; ``answer`` is its reply to RCPT, None accepts."""

    def __init__(self, answer: str | None = None):
        self.answer = answer
        self.mails: list = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the library's name)
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@contextmanager
def postman_at_work(answer: str | None = None):
    """Run a server on a free loopback port; yield its handler and port."""
    postman = Postman(answer)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postman, port
    finally:
        controller.stop()


@contextmanager
def smtp_server(settings, answer: str | None = None):
    """Point Django's mail settings at a real server for the duration of the block."""
    with postman_at_work(answer) as (postman, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield postman
