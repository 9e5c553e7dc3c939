"""SIGTERM stops web and worker soon without loss, reloads fail no post, and two mail workers send no letter twice."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.drills import inside_site, senders
from tests.drills.environment import Ground
from tests.drills.senders import Sending
from tests.drills.size import Size
from tests.drills.smtp_server import HEALTHY
from tests.report import Result
from tests.served import Served, wait_for


def sigterm(ground: Ground, size: Size) -> Iterator[Result]:
    """SIGTERM while people send, a request is half received, and a letter hangs at the mail server."""
    for name, stop in (("each process", Served.stop), ("the whole group", terminate_group)):
        ground.post.turn("hanging")
        people = ground.inside(inside_site.finished_drafts, size.stopped_sends, ground.next_person(size.stopped_sends))
        sending, seconds = stopped_midway(ground, size, people, stop)
        ground.post.turn(HEALTHY)
        found = ground.inside(inside_site.account, sending.acknowledged)
        wrong = found["lost"] + found["doubled"] + found["in part"]
        yield Result(
            f"SIGTERM to {name}: nothing lost",
            "0",
            f"{wrong} of {len(people)} inquiries",
            wrong == 0 and len(sending.acknowledged) == len(people),
        )
        yield Result(f"SIGTERM to {name}: all ended", "≤ 10 s", f"{seconds:.1f} s", seconds <= 10, is_timed=True)


def stopped_midway(
    ground: Ground, size: Size, people: list[dict], stop: Callable[[Served], None]
) -> tuple[Sending, float]:
    """Stop the site with ``stop`` while people send, and restart it; return the sending and the seconds of the stop."""
    sending = Sending()
    with ThreadPoolExecutor(size.clients) as pool, half_a_request(ground.site.port):
        for sender in people:
            pool.submit(senders.send, ground.site.port, sender, sending)
        wait_for(lambda: len(sending.acknowledged) > len(people) // 3)
        started = time.monotonic()
        stop(ground.site)
        seconds = time.monotonic() - started
        ground.site.start()
    return sending, seconds


def reloads(ground: Ground, size: Size) -> Iterator[Result]:
    """gunicorn replaces its worker processes repeatedly while people send."""
    people = ground.inside(inside_site.finished_drafts, size.calm_sends, ground.next_person(size.calm_sends))
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(senders.send_all, ground.site.port, people, size.clients)
        replaced = [replace_processes(ground.site) for _number in range(size.reloads)]
        sending = sending.result()
    found = ground.inside(inside_site.account, sending.acknowledged)
    failed = sending.server_errors + sending.answers.count(None)
    wrong = found["lost"] + found["doubled"] + found["in part"] + len(people) - len(sending.acknowledged)
    yield Result(
        f"{size.reloads} reloads while {size.clients} send",
        "0 posts fail, 0 lost",
        f"{failed} of {len(sending.answers)} failed, {wrong} lost, {replaced.count(True)} reloads",
        (failed, wrong) == (0, 0) and all(replaced),
    )


def replace_processes(site: Served) -> bool:
    """Reload gunicorn; return whether all its worker processes were replaced."""
    before = set(site.web_children())
    site.web.send_signal(signal.SIGHUP)
    return wait_for(lambda: (now := set(site.web_children())) and not now & before)


def terminate_group(site: Served) -> None:
    site.signal_group(signal.SIGTERM)


@contextmanager
def half_a_request(port: int) -> Iterator[None]:
    with socket.create_connection(("127.0.0.1", port)) as unfinished:
        unfinished.sendall(b"POST /candidacy/check/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\ncsrf")
        yield


def two_mail_workers(ground: Ground, size: Size) -> Iterator[Result]:
    """Two workers start together with the same unsent letters."""
    site, post = ground.site, ground.post
    site.worker.terminate()
    site.worker.wait()
    ground.forget_letters()
    owed = ground.inside(inside_site.inquiries, size.owed, ground.next_person(size.owed))
    first, _second = site.start_worker(), site.start_worker()
    wait_for(lambda: set(owed) <= set(post.arrived()))
    first.terminate()
    first.wait()
    arrived = [letter for letter in post.arrived() if letter in set(owed)]
    missing, repeated = len(set(owed) - set(arrived)), len(arrived) - len(set(arrived))
    yield Result(
        "Two mail workers",
        "no letter sent twice",
        f"{repeated} twice, {missing} not sent, of {len(owed)}",
        (missing, repeated) == (0, 0),
    )


DRILLS = (sigterm, reloads, two_mail_workers)
