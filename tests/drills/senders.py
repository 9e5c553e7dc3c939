"""Many people press Send at one time, each until the site has acknowledged it."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.drills.client import Answer, ask

CHECK = "/candidacy/check/"
SENT = "/candidacy/sent/"
PATIENCE = 120  # seconds that one person goes on for


@dataclass
class Sending:
    """What came of it: who was acknowledged, and the answer to every post, None where the connection broke.

    Where nobody listens there is no post; who found it so is ``refused``.
    """

    acknowledged: list[dict] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)
    refused: list[dict] = field(default_factory=list)

    @property
    def server_errors(self) -> int:
        return sum(answer is not None and answer.status >= 500 for answer in self.answers)

    @property
    def p95(self) -> float:
        """In seconds, of the posts that were answered."""
        return statistics.quantiles((answer.seconds for answer in self.answers if answer), n=20)[-1]


def press_send(port: int, sender: dict) -> Answer | None:
    """Raises ConnectionRefusedError when nobody listens."""
    try:
        return ask(port, "POST", CHECK, {}, person=sender["person"], draft=sender["draft"])
    except ConnectionRefusedError:
        raise
    except (OSError, HTTPException):
        return None


def is_acknowledged(answer: Answer | None) -> bool:
    return answer is not None and (answer.status, answer.location) == (302, SENT)


def send(port: int, sender: dict, sending: Sending) -> None:
    """Press Send, and again after anything but the acknowledgement."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            sending.answers.append(answer := press_send(port, sender))
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
