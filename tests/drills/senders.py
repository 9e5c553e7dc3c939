"""Many people press Send simultaneously, each until the site acknowledges it."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.drills.client import Answer, ask
from tests.served import HANG

CHECK = "/candidacy/check/"
SENT = "/candidacy/sent/"


@dataclass
class Sending:
    """The acknowledged senders, and the response to every post, None if the connection broke.

    ``breaks`` are the names of the errors that broke a connection. ``refused`` are senders whose connection was
    refused, so there was no post.
    """

    acknowledged: list[dict] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    refused: list[dict] = field(default_factory=list)

    @property
    def server_errors(self) -> int:
        return sum(answer is not None and answer.status >= 500 for answer in self.answers)

    @property
    def broken(self) -> str:
        """How many connections broke, and by which errors."""
        return " ".join([str(len(self.breaks)), "broken off", *sorted(set(self.breaks))])

    @property
    def p95(self) -> float:
        """The 95th percentile of the response times, in seconds."""
        return statistics.quantiles((answer.seconds for answer in self.answers if answer), n=20)[-1]


def press_send(port: int, sender: dict, sending: Sending | None = None) -> Answer | None:
    """Return None if the connection breaks. Raises ConnectionRefusedError."""
    try:
        return ask(port, "POST", CHECK, {}, person=sender["person"], draft=sender["draft"])
    except ConnectionRefusedError:
        raise
    except (OSError, HTTPException) as broken:
        if sending:
            sending.breaks.append(type(broken).__name__)
        return None


def is_acknowledged(answer: Answer | None) -> bool:
    return answer is not None and (answer.status, answer.location) == (302, SENT)


def send(port: int, sender: dict, sending: Sending) -> None:
    """Press Send until it is acknowledged."""
    end = time.monotonic() + HANG
    while time.monotonic() < end:
        try:
            sending.answers.append(answer := press_send(port, sender, sending))
            if is_acknowledged(answer):
                sending.acknowledged.append(sender)
                return
        except ConnectionRefusedError:
            sending.refused.append(sender)
        time.sleep(0.1)


def send_all(port: int, senders: list[dict], clients: int) -> Sending:
    sending = Sending()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda sender: send(port, sender, sending), senders))
    return sending
