"""No acknowledged inquiry or message is lost or doubled by killed processes, many senders or repeated presses."""

import os
import random
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.drills import inside_site, messages, senders
from tests.drills.environment import Ground
from tests.drills.messages import Messaging
from tests.drills.senders import Sending
from tests.drills.size import Size
from tests.report import Result
from tests.served import Served, wait_for


def sends_and_messages_while_processes_are_killed(ground: Ground, size: Size) -> Iterator[Result]:
    """Kills are spread over both, alternately of one gunicorn process and of all processes."""
    people = ground.inside(inside_site.finished_drafts, size.sends, ground.next_person(size.sends))
    written = messages.owed(ground, size.messages)
    sending, messaging = Sending(), Messaging(ground)
    with ThreadPoolExecutor(size.clients) as patients, ThreadPoolExecutor(size.clients) as writers:
        for sender in people:
            patients.submit(senders.send, ground.site.port, sender, sending)
        for message in written:
            writers.submit(messaging.send, message)
        for number in range(2 * size.kills):
            enough = (len(people) + len(written)) * (number + 1) // (2 * size.kills + 1)
            wait_for(lambda enough=enough: len(sending.acknowledged) + len(messaging.acknowledged) >= enough)
            kill_a_process(ground.site) if number % 2 else kill_everything(ground.site)
    kills = f"{size.kills} processes + {size.kills} groups killed"
    # First the messages, since their inquiries go with them: every other one is accounted for as a whole.
    stored, known = ground.inside(inside_site.message_texts), set(messaging.acknowledged)
    found = ground.inside(inside_site.account, sending.acknowledged)
    posts, lost, doubled = len(sending.answers), found["lost"] + found["in part"], found["doubled"]
    yield Result(
        "No acknowledged inquiry lost or doubled",
        f"0 of ≥ {size.sends} posts by {size.clients}, ≥ {size.kills} + {size.kills} kills",
        f"{lost} lost, {doubled} doubled of {posts} posts, {kills}",
        (lost, doubled) == (0, 0) and len(sending.acknowledged) == len(people) and posts >= size.sends,
    )
    lost = sum(stored.get(message.text, 0) == 0 for message in written if message.id in known)
    doubled = sum(times > 1 for times in stored.values())
    yield Result(
        "No acknowledged message lost or doubled",
        f"0 of ≥ {size.messages} both ways by {size.clients}, the same kills",
        f"{lost} lost, {doubled} doubled of {len(messaging.acknowledged)} in {len(messaging.answers)} posts",
        (lost, doubled) == (0, 0) and len(messaging.acknowledged) == len(written) >= size.messages,
    )


def kill_a_process(site: Served) -> None:
    os.kill(random.choice(site.web_children()), signal.SIGKILL)


def kill_everything(site: Served) -> None:
    site.signal_group(signal.SIGKILL)
    site.start()


def sends_at_one_time(ground: Ground, size: Size) -> Iterator[Result]:
    people = ground.inside(inside_site.finished_drafts, size.calm_sends, ground.next_person(size.calm_sends))
    sending = senders.send_all(ground.site.port, people, size.clients)
    found = ground.inside(inside_site.account, sending.acknowledged)
    whole = not (found["lost"] or found["doubled"] or found["in part"])
    errors = sending.server_errors
    yield Result(
        f"{size.clients} send at one time",
        "0 × 5xx",
        f"{errors} × 5xx, {sending.broken}, of {len(sending.answers)} posts",
        (errors, sending.breaks) == (0, []) and whole and len(sending.acknowledged) == len(people),
    )
    yield Result(
        f"{size.clients} send at one time: p95",
        "< 1 s",
        f"{sending.p95:.2f} s",
        sending.p95 < 1,
        is_timed=True,
    )


def sends_repeated(ground: Ground, size: Size) -> Iterator[Result]:
    """Many simultaneous presses of one Send."""
    people = ground.inside(inside_site.finished_drafts, size.repeated, ground.next_person(size.repeated))
    refused = sum(
        not senders.is_acknowledged(answer) for one in people for answer in at_once(ground, one, size.presses)
    )
    found = ground.inside(inside_site.account, people)
    wrong = found["lost"] + found["doubled"] + found["in part"]
    yield Result(
        f"{size.presses} presses of one Send at one moment",
        "1 inquiry, 1 pair of letters",
        f"{wrong} of {len(people)} not so, {refused} presses not acknowledged",
        (wrong, refused) == (0, 0),
    )


def at_once(ground: Ground, sender: dict, presses: int) -> list:
    barrier = threading.Barrier(presses)

    def press(_number: int):
        barrier.wait()
        return senders.press_send(ground.site.port, sender)

    with ThreadPoolExecutor(presses) as pool:
        return list(pool.map(press, range(presses)))


DRILLS = (sends_at_one_time, sends_repeated, sends_and_messages_while_processes_are_killed)
