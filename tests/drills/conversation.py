"""No acknowledged message of patient or staff is lost or doubled by killed processes and repeated presses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from uuid import uuid4

from screening.inquiries.services.messaging import REPLIES_AN_HOUR
from tests.drills import inside_site
from tests.drills.client import Answer, ask
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.drills.submissions import kill_a_process, kill_everything
from tests.report import Result
from tests.served import wait_for

FAR_AHEAD = "9" * 18  # as version: the page has seen everything, since this drill is about storing, not conflicts


def messages_while_processes_are_killed(ground: Ground, size: Size) -> Iterator[Result]:
    """Half by patients, half by staff, in the same inquiries. Each sender repeats a form until it is acknowledged."""
    count = -(-size.messages // (2 * REPLIES_AN_HOUR))
    conversations = ground.inside(inside_site.open_conversations, count, ground.next_person(count))
    owed = [
        (by_patient, conversation, str(uuid4()))
        for conversation in conversations
        for _number in range(REPLIES_AN_HOUR)
        for by_patient in (True, False)
    ]
    acknowledged: list[str] = []
    answers: list[Answer | None] = []

    def send(by_patient: bool, conversation: dict, message_id: str) -> None:
        def press() -> bool:
            try:
                answer = post(ground, by_patient, conversation, message_id)
            except ConnectionRefusedError:  # so there was no post
                return False
            answers.append(answer)
            return is_acknowledged(answer, by_patient)

        if wait_for(press):
            acknowledged.append(message_id)

    with ThreadPoolExecutor(size.clients) as pool:
        for one in owed:
            pool.submit(send, *one)
        for number in range(2 * size.kills):
            enough = len(owed) * (number + 1) // (2 * size.kills + 1)
            wait_for(lambda enough=enough: len(acknowledged) >= enough)
            kill_a_process(ground.site) if number % 2 else kill_everything(ground.site)
    stored = ground.inside(inside_site.message_texts)
    lost = sum(stored.get(text_of(one), 0) == 0 for one in acknowledged)
    doubled = sum(times > 1 for times in stored.values())
    yield Result(
        "No acknowledged message lost or doubled",
        f"0 of ≥ {size.messages} both ways by {size.clients}, ≥ {size.kills} + {size.kills} kills",
        f"{lost} lost, {doubled} doubled of {len(acknowledged)} in {len(answers)} posts, "
        f"{size.kills} processes + {size.kills} groups killed",
        (lost, doubled) == (0, 0) and len(acknowledged) == len(owed) >= size.messages,
    )


def text_of(message_id: str) -> str:
    return f"Invented {message_id}"


def post(ground: Ground, by_patient: bool, conversation: dict, message_id: str) -> Answer | None:
    """Send a form; None if the connection breaks. Raises ConnectionRefusedError."""
    fields = {"text": text_of(message_id), "message_id": message_id}
    try:
        if by_patient:
            path = f"{conversation['page']}reply/"
            return ask(
                ground.site.port, "POST", path, fields, person=conversation["person"], inquiry=conversation["session"]
            )
        fields |= {"do": "message", "version": FAR_AHEAD}
        return ask(ground.site.port, "POST", conversation["record"], fields, staff=conversation["staff"])
    except ConnectionRefusedError:
        raise
    except (OSError, HTTPException):
        return None


def is_acknowledged(answer: Answer | None, by_patient: bool) -> bool:
    return answer is not None and answer.status == 302 and answer.location.endswith("#sent" if by_patient else "#said")


DRILLS = (messages_while_processes_are_killed,)
