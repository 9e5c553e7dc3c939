"""The disk is full, or the database is read-only, locked or gone: nothing is stored in part, and the site recovers."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from tests.drills import inside_site, postgresql_failures, senders, sqlite_failures
from tests.drills.client import Answer, ask
from tests.drills.environment import PHONE, Ground
from tests.drills.size import Size
from tests.report import Result
from tests.served import wait_for

PAGES = ("/guides/", "/guides/what-we-use/", "/es/guides/", "/healthz")


def ailing_database(ground: Ground, size: Size) -> Iterator[Result]:
    ailments = (sqlite_failures if ground.is_on_sqlite else postgresql_failures).AILMENTS
    for name, ailment in ailments.items():
        yield ailing(ground, size, name, ailment)


def ailing(ground: Ground, size: Size, name: str, ailment: Callable[[Ground], AbstractContextManager]) -> Result:
    """Everyone presses Send once during the failure and once after it; each inquiry must be stored once."""
    people = ground.inside(inside_site.finished_drafts, size.unlucky, ground.next_person(size.unlucky))
    with ailment(ground):
        answers = press_all(ground, people)
        shut = sum(not is_open(ground, page) for page in PAGES)
    paused = sum(answer is not None and answer.status == 503 and PHONE in answer.text for answer in answers)
    acknowledged = [one for one, answer in zip(people, answers, strict=True) if senders.is_acknowledged(answer)]
    wait_for(lambda: is_open(ground, "/readyz"))
    meanwhile = ground.inside(inside_site.account, acknowledged)
    again = press_all(ground, people)
    after = ground.inside(inside_site.account, people)
    partial = meanwhile["in part"] + meanwhile["lost"] + after["in part"]
    other = len(people) - len(acknowledged) - paused
    unwell = sum(not senders.is_acknowledged(answer) for answer in again) + after["lost"] + after["doubled"]
    unwell += ground.site.worker.poll() is not None
    return Result(
        f"Database {name}",
        "503 with phone, 0 partial, recovers, guides open",
        f"{paused} × 503, {other} other, {partial} partial, {unwell} not recovered, {shut} guides away",
        paused > 0 and (other, partial, unwell, shut) == (0, 0, 0, 0),
    )


def press_all(ground: Ground, people: list[dict]) -> list[Answer | None]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: senders.press_send(ground.site.port, one), people))


def is_open(ground: Ground, page: str) -> bool:
    try:
        return ask(ground.site.port, "GET", page).status == 200
    except OSError:
        return False


def full_log(ground: Ground, size: Size) -> Iterator[Result]:
    people = ground.inside(inside_site.finished_drafts, size.unlucky, ground.next_person(size.unlucky))
    with log_on_a_full_disk(ground):
        wait_for(lambda: is_open(ground, "/readyz"))
        shut = sum(not is_open(ground, page) for page in PAGES)
        refused = sum(not senders.is_acknowledged(answer) for answer in press_all(ground, people))
    yield Result(
        "Log on a full disk",
        "everything works",
        f"{shut} of {len(PAGES)} pages away, {refused} of {len(people)} Sends not acknowledged",
        (shut, refused) == (0, 0),
    )


@contextmanager
def log_on_a_full_disk(ground: Ground) -> Iterator[None]:
    log = ground.site.folder / "log"
    before = log.with_name("log before")
    ground.site.stop()
    log.rename(before)
    log.symlink_to("/dev/full")
    try:
        ground.site.start_web()
        yield
    finally:
        ground.site.web.terminate()
        ground.site.web.wait()
        before.replace(log)
        ground.site.start()


DRILLS = (ailing_database, full_log)
