"""Two machines on one PostgreSQL, behind nginx, act as one site: nothing is done twice, and either may die."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from screening.questionnaire import rate_limits
from tests.builders import answers
from tests.drills import erasure, inside_site, senders, session_expiry
from tests.drills.environment import Ground
from tests.drills.senders import Sending, is_acknowledged
from tests.drills.size import Size
from tests.drills.two_sites import Pair, Wanderer, everything_due, letters_of, pair
from tests.report import Result
from tests.served import wait_for


def two_machines(ground: Ground, size: Size) -> Iterator[Result]:
    with pair(ground) as both:
        yield people_wander(ground, size, both)
        yield limits_are_shared(ground, both)
        yield letters_go_once(ground, size, both)
        yield schedules_run_once(ground, size, both)
        yield either_dies(ground, size, both)


def people_wander(ground: Ground, size: Size, both: Pair) -> Result:
    """Patients and staff read every form at one machine and post it at the other."""
    addresses = [one.address for one in both.machines]
    crossings = 0
    for number in range(size.visitors):
        patient = Wanderer(addresses[0], elsewhere=addresses[1])
        patient.answer_everything(answers("both", email=f"wanderer{number}@example.com"))
        patient.send()
        crossings += patient.crossings
    staff = Wanderer(addresses[0], elsewhere=addresses[1])
    record = ground.inside(inside_site.newest_record)
    session_expiry.sign_in(staff, ground, record)
    noted = [session_expiry.is_taken(staff, record, text) for text in ("wandering", "returning")]
    return Result(
        "Two machines: draft and staff's session from one to the other",
        "all arrive, every note is taken",
        f"{crossings} pages of {size.visitors} visitors, {noted.count(True)} of {len(noted)} notes",
        all(noted),
    )


def limits_are_shared(ground: Ground, both: Pair) -> Result:
    allowed, more = rate_limits.SENDS.maximum, 10
    crowd = ground.inside(inside_site.finished_drafts, allowed + more, ground.next_person(allowed + more))
    ports = [one.port for one in both.machines] * len(crowd)
    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(senders.press_send, ports, [one | {"person": crowd[0]["person"]} for one in crowd]))
    through, refused = (
        sum(map(is_acknowledged, answered)),
        sum("problem=too-many" in answer.location for answer in answered),
    )
    return Result(
        "Two machines: limits",
        f"{allowed} an hour from one address at both together",
        f"{through} through, {refused} refused",
        (through, refused) == (allowed, more),
    )


def letters_go_once(ground: Ground, size: Size, both: Pair) -> Result:
    wait_for(lambda: not ground.unsent_letters())
    ground.post.handler.arrivals.clear()
    count = size.calm_sends // 4
    people = ground.inside(inside_site.finished_drafts, count, ground.next_person(count))
    sending = senders.send_all(both.port, people, size.clients)
    owed = len(inside_site.LETTERS) * len(people)
    wait_for(lambda: len(set(ground.post.arrived())) >= owed)
    arrived = ground.post.arrived()
    repeated, failed = len(arrived) - len(set(arrived)), sending.server_errors + sending.answers.count(None)
    shares = [one.log.count('"letter sent"') for one in both.machines]
    return Result(
        f"Two machines: {size.clients} send, both workers write",
        f"{owed} letters once each, 0 posts fail",
        f"{len(set(arrived))} ({shares[0]} and {shares[1]} in all), {repeated} twice, {failed} posts failed",
        (len(set(arrived)), repeated, failed) == (owed, 0, 0),
    )


def schedules_run_once(ground: Ground, size: Size, both: Pair) -> Result:
    """All scheduled tasks become due at the same moment, for both workers."""
    wrong, rounds = [], size.mail_rounds
    for _number in range(rounds):
        digests, reminders = (letters_of(ground, name) for name in ("digest", "overdue"))
        backups, purges = both.logged("backup made"), both.logged("inquiries purged")
        due = ground.inside(everything_due, 3, ground.next_person(6))
        wait_for(lambda: not ground.count("screening_schedule", "next_at <= now()"))
        done = [both.logged("backup made") - backups, both.logged("inquiries purged") - purges]
        done += [letters_of(ground, "overdue") - reminders, letters_of(ground, "digest")]
        ground.inside(erasure.tidy, due["late"])
        if done != [1, 1, len(due["late"]), max(digests, due["digests"])]:
            wrong.append(done)
    return Result(
        f"Two machines: backup, purge, reminders, digest due at once, {rounds} times",
        "each done once",
        f"{len(wrong)} times otherwise" + (f": {wrong}" if wrong else ""),
        not wrong,
    )


def either_dies(ground: Ground, size: Size, both: Pair) -> Result:
    """Machines are killed in turn while people send through nginx, and restarted."""
    people = ground.inside(inside_site.finished_drafts, size.calm_sends, ground.next_person(size.calm_sends))
    sending, kills = Sending(), max(size.kills // 2, 1)
    with ThreadPoolExecutor(size.clients) as pool:
        for sender in people:
            pool.submit(senders.send, both.port, sender, sending)
        for number in range(kills):
            enough = len(people) * (number + 1) // (kills + 1)
            wait_for(lambda enough=enough: len(sending.acknowledged) >= enough)
            both.kill(number)
    found = ground.inside(inside_site.account, sending.acknowledged)
    lost, doubled = found["lost"] + found["in part"], found["doubled"]
    return Result(
        f"Two machines, {kills} times one of them killed while {size.clients} send",
        "0 acknowledged lost or doubled",
        f"{lost} lost, {doubled} doubled of {len(people)}",
        (lost, doubled) == (0, 0) and len(sending.acknowledged) == len(people),
    )


DRILLS = (two_machines,)
