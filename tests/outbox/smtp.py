"""A real SMTP server on loopback with configurable replies."""

import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Postman:
    """SMTP handler that stores accepted mails.

    ``answer`` and ``data_answer`` are its replies to RCPT and DATA; None accepts.
    """

    def __init__(self, answer: str | None = None, data_answer: str | None = None):
        self.answer, self.data_answer = answer, data_answer
        self.mails: list = []
        self.sign_ins = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the library's name)
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_answer:
            return self.data_answer
        self.mails.append(envelope)
        return "250 OK"

    def refuse_sign_in(self, server, session, envelope, mechanism, data) -> AuthResult:
        self.sign_ins += 1
        return AuthResult(success=False, handled=False)  # aiosmtpd answers 535


@contextmanager
def postman_at_work(answer: str | None = None, data_answer: str | None = None):
    """Run a server on a free loopback port; yield its handler and port. It refuses whoever signs in."""
    postman = Postman(answer, data_answer)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        postman, hostname="127.0.0.1", port=port, authenticator=postman.refuse_sign_in, auth_require_tls=False
    )
    controller.start()
    try:
        yield postman, port
    finally:
        controller.stop()


@contextmanager
def smtp_server(settings, answer: str | None = None, data_answer: str | None = None):
    """Point Django's mail settings at a real server for the duration of the block."""
    with postman_at_work(answer, data_answer) as (postman, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield postman
