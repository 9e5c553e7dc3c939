"""Field keys are rotated while people send; rotations are killed midway, and every value stays readable."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from cryptography.fernet import Fernet

from screening.privacy import key_rotation
from tests.drills import inside_site, senders
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.report import Result


def keys_rotate(ground: Ground, size: Size) -> Iterator[Result]:
    site = ground.site
    ground.inside(inside_site.inquiries, size.calm_sends, ground.next_person(size.calm_sends))
    people = ground.inside(inside_site.finished_drafts, size.calm_sends, ground.next_person(size.calm_sends))
    former, newest = site.environment["FIELD_KEYS"], Fernet.generate_key().decode()
    change_keys(ground, f"{newest},{former}")
    before = ground.inside(survey)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(senders.send_all, site.port, people, size.clients)
        killed = [rotate_until_killed(ground, batches) for batches in range(1, size.worker_kills + 1)]
        finished = rotate(ground)
        sending = sending.result()
    finished = rotate(ground) and finished
    change_keys(ground, newest)
    after, account = ground.inside(survey), ground.inside(inside_site.account, sending.acknowledged)
    lost = account["lost"] + account["doubled"] + account["in part"]
    yield Result(
        f"Keys rotate while {size.clients} send, killed midway",
        "0 unreadable with the newest key alone",
        f"{after['undecryptable']} of {after['newest'] + after['undecryptable']} unreadable, "
        f"{killed.count(True)} kills, {lost} of {len(people)} Sends lost",
        (after["undecryptable"], after["older"], lost) == (0, 0, 0)
        and before["older"] > 0
        and all(killed)
        and finished
        and len(sending.acknowledged) == len(people),
    )


def change_keys(ground: Ground, keys: str) -> None:
    """Set the variable and restart both processes, as a technician does."""
    ground.site.stop()
    ground.site.environment["FIELD_KEYS"] = keys
    ground.site.start()


def rotate(ground: Ground) -> bool:
    """Re-encrypt all values, again if others wrote meanwhile; return whether it succeeded."""
    for _again in range(20):
        try:
            ground.site.manage("rotate_keys")
        except subprocess.CalledProcessError:
            continue
        return True
    return False


def rotate_until_killed(ground: Ground, batches: int) -> bool:
    """Whether SIGKILL ended it, with values left."""
    try:
        ground.inside(reencrypt_and_die, batches)
    except subprocess.CalledProcessError as ended:
        return ended.returncode == -signal.SIGKILL and ground.inside(survey)["older"] > 0
    return False


def reencrypt_and_die(batches: int) -> None:
    """Inside the site: SIGKILL in the middle of a batch, after ``batches`` complete ones."""
    key_rotation.BATCH = 7
    whole, done = key_rotation.reencrypt, []

    def dying(*arguments, **named):
        done.append(arguments)
        if len(done) > key_rotation.BATCH * batches + 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*arguments, **named)

    key_rotation.reencrypt = dying
    key_rotation.rotate()


def survey() -> dict[str, int]:
    """Inside the site: values by key."""
    found = key_rotation.key_report()
    return {"newest": found.newest, "older": found.older, "undecryptable": len(found.undecryptable)}


DRILLS = [keys_rotate]
