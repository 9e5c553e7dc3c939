"""Every letter arrives after an outage, under its own Message-ID, however often the mail worker is killed."""

import random
import time
import urllib.request
from collections.abc import Iterator
from urllib.error import HTTPError

from tests.drills import inside_site
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.drills.smtp_server import HEALTHY, nothing
from tests.report import Result
from tests.served import HANG, wait_for

SOON = 5 * 60  # seconds after recovery
LONG_OUTAGE = 8  # a letter's tries after half an hour


def mail_arrives(ground: Ground, size: Size) -> Iterator[Result]:
    """Takes minutes, since a killed worker's lease must expire."""
    owed = set(letters_owed_in_an_outage(ground, size))
    ready = [readyz(ground)]
    sent_midway(ground, size)
    recovered = time.monotonic()
    ready.append(readyz(ground))
    while not owed <= set(ground.post.arrived()) and time.monotonic() < recovered + SOON + 20:
        hurry(ground, size)
        time.sleep(0.5)
    arrived = ground.post.arrived()
    missing, strange, repeated = len(owed - set(arrived)), len(set(arrived) - owed), len(arrived) - len(set(arrived))
    lost, kills = ground.post.handler.replies_lost, size.worker_kills
    late = max(ground.post.first_arrivals().values()) - recovered
    yield Result(
        "Mail after an outage: letters missing",
        "0",
        f"{missing} of {len(owed)}, {strange} under another Message-ID",
        (missing, strange) == (0, 0),
    )
    yield Result(
        "Mail after an outage: the last one",
        "≤ 5 min after recovery",
        f"{late / 60:.1f} min" + (f", {missing} not yet" if missing else ""),
        not missing and late <= SOON,
        is_timed=True,
    )
    yield Result(
        "Mail after an outage: repeats",
        "≤ lost replies + kills",
        f"{repeated} after {lost} lost replies and {kills} kills",
        repeated <= lost + kills,
    )
    yield Result("/readyz during mail trouble", "200", " ".join(map(str, ready)), set(ready) == {200})


def letters_owed_in_an_outage(ground: Ground, size: Size) -> list[str]:
    """Create unsent letters: half have been tried for a long time, half only once."""
    ground.post.turn("refusing")
    ground.site.worker.terminate()
    ground.site.worker.wait()
    ground.forget_letters()
    ground.post.handler.arrivals.clear()
    half = size.late_letters // 2
    old = ground.inside(inside_site.inquiries, half, ground.next_person(half))
    ground.execute(f"UPDATE screening_letter SET tries = {LONG_OUTAGE} WHERE sent_at IS NULL")
    new = ground.inside(inside_site.inquiries, half, ground.next_person(half))
    ground.site.start_worker()
    wait_for(lambda: not ground.unsent_letters(f"tries IN (0, {LONG_OUTAGE})"))
    return old + new


def sent_midway(ground: Ground, size: Size) -> None:
    """The server is up again but loses some replies, and the worker is killed repeatedly.

    Kills alternate: just before the server's reply, and at a random moment.
    """
    post = ground.post
    post.handler.replies_to_lose = size.lost_replies
    post.turn(HEALTHY)
    for number in range(size.worker_kills):
        hurry(ground, size)
        worker = ground.site.worker
        if number % 2:
            came = len(post.arrived())
            wait_for(lambda came=came: len(post.arrived()) > came)
            time.sleep(random.random() / 10)
            worker.kill()
        else:
            post.handler.before_reply = worker.kill
        worker.wait(timeout=HANG)
        post.handler.before_reply = nothing
        ground.site.start_worker()


def hurry(ground: Ground, size: Size) -> None:
    """In the short form, end the waiting times in the database."""
    if not size.may_wait:
        ground.execute("UPDATE screening_letter SET leased_until = NULL, next_try_at = owed_at WHERE sent_at IS NULL")


def readyz(ground: Ground) -> int:
    try:
        return urllib.request.urlopen(f"{ground.site.address}/readyz").status
    except HTTPError as error:
        return error.code


DRILLS = (mail_arrives,)
