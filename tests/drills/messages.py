"""Patients and staff write messages in the same inquiries, each repeated until the site acknowledges it."""

from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import uuid4

from screening.inquiries.services.messaging import REPLIES_AN_HOUR
from tests.drills import inside_site
from tests.drills.client import Answer, ask
from tests.drills.environment import Ground
from tests.served import wait_for

FAR_AHEAD = "9" * 18  # as version: the page has seen everything, since this drill is about storing, not conflicts


@dataclass
class Owed:
    """A message to be written; ``conversation`` is what `inside_site.open_conversations` returns for its inquiry."""

    conversation: dict
    is_by_patient: bool
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def text(self) -> str:
        return f"Invented {self.id}"


@dataclass
class Messaging:
    """The ids of the acknowledged messages, and the response to every post, None if the connection broke."""

    ground: Ground
    acknowledged: list[str] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)

    def send(self, message: Owed) -> None:
        """Press until it is acknowledged."""

        def press() -> bool:
            try:
                answer = self._post(message)
            except ConnectionRefusedError:  # so there was no post
                return False
            self.answers.append(answer)
            return _is_acknowledged(answer, message.is_by_patient)

        if wait_for(press):
            self.acknowledged.append(message.id)

    def _post(self, message: Owed) -> Answer | None:
        """Send the form; None if the connection breaks. Raises ConnectionRefusedError."""
        one, port = message.conversation, self.ground.site.port
        fields = {"text": message.text, "message_id": message.id}
        try:
            if message.is_by_patient:
                path = f"{one['page']}reply/"
                return ask(port, "POST", path, fields, person=one["person"], inquiry=one["session"])
            fields |= {"do": "message", "version": FAR_AHEAD}
            return ask(port, "POST", one["record"], fields, staff=one["staff"])
        except ConnectionRefusedError:
            raise
        except (OSError, HTTPException):
            return None


def owed(ground: Ground, messages: int) -> list[Owed]:
    """At least so many messages, half by patients and half by staff, in as many inquiries as the hourly limit wants."""
    count = -(-messages // (2 * REPLIES_AN_HOUR))
    conversations = ground.inside(inside_site.open_conversations, count, ground.next_person(count))
    return [
        Owed(conversation, is_by_patient)
        for conversation in conversations
        for _number in range(REPLIES_AN_HOUR)
        for is_by_patient in (True, False)
    ]


def _is_acknowledged(answer: Answer | None, by_patient: bool) -> bool:
    return answer is not None and answer.status == 302 and answer.location.endswith("#sent" if by_patient else "#said")
