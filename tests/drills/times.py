"""Two patients never get one time, however many press at the same moment."""

from collections.abc import Iterator
from threading import Barrier, Thread

from tests.drills import inside_site
from tests.drills.client import Answer, ask
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.report import Result

PATIENTS = 20


def one_time_for_many(ground: Ground, size: Size) -> Iterator[Result]:
    """The same time, and times that overlap it, are offered to twenty; all take theirs at once, several times over."""
    taken = told = faults = booked = 0
    for round_ in range(size.rushes):
        patients = ground.inside(inside_site.offered_one_time, PATIENTS, ground.next_person(PATIENTS), round_)
        answers = take_all(ground, patients)
        pages = [page_after(ground, who, answer) for who, answer in answers]
        taken += sum('class="cancel"' in page.text for page in pages)
        told += sum(page.status == 422 and "This time was taken meanwhile" in page.text for page in pages)
        faults += sum(answer.status >= 500 for _who, answer in answers) + sum(page.status >= 500 for page in pages)
        booked += ground.inside(inside_site.booked_in, round_)
    yield Result(
        f"One time taken by {PATIENTS} patients at once",
        f"{size.rushes} of {size.rushes * PATIENTS} get it, the others are told, 0 × 5xx",
        f"{taken} get it ({booked} booked), {told} are told, {faults} × 5xx",
        (taken, booked, told, faults) == (size.rushes, size.rushes, size.rushes * (PATIENTS - 1), 0),
    )


def page_after(ground: Ground, patient: dict, answer: Answer) -> Answer:
    """The page to which the answer redirects."""
    return ask(ground.site.port, "GET", answer.location.partition("#")[0], inquiry=patient["session"])


def take_all(ground: Ground, patients: list[dict]) -> list[tuple[dict, Answer]]:
    """All press at the same moment, each in a thread of their own."""
    barrier, answered = Barrier(len(patients)), []

    def press(patient: dict) -> None:
        barrier.wait()
        fields = {"appointment": patient["appointment"]}
        answer = ask(
            ground.site.port, "POST", f"{patient['path']}take/", fields,
            person=patient["person"], inquiry=patient["session"],
        )  # fmt: skip
        answered.append((patient, answer))

    threads = [Thread(target=press, args=[patient]) for patient in patients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answered


DRILLS = (one_time_for_many,)
