"""Bots are stopped, each by its behaviour; a person without JavaScript gets through."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from screening.questionnaire import rate_limits
from tests.builders import answers
from tests.drills import inside_site
from tests.drills.client import Answer, address_of, ask, ask_and_follow
from tests.drills.environment import PHONE, Ground
from tests.drills.senders import CHECK, is_acknowledged
from tests.drills.size import Size
from tests.report import Result
from tests.visitor import Visitor

STEP = "/candidacy/anything-else/"


def bots(ground: Ground, size: Size) -> Iterator[Result]:
    """A third sends too fast, a third fills in the honeypot, a third shares one address but forges X-Forwarded-For."""
    third, allowed = size.bots // 3, rate_limits.SENDS.maximum
    hasty = ground.inside(inside_site.hasty_drafts, third, ground.next_person(third))
    greedy = ground.inside(inside_site.finished_drafts, third, ground.next_person(third))
    crowd = ground.inside(inside_site.finished_drafts, third + allowed, ground.next_person(third + allowed))
    answered = press_all(ground, hasty) + press_all(ground, greedy, website="https://spam.example")
    crowded = press_all(ground, [bot | {"person": crowd[0]["person"], "claims": bot["person"]} for bot in crowd])
    blocked = sum(is_held_up(answer, 422) for answer in answered) + sum(is_held_up(answer, 429) for answer in crowded)
    through = sum(is_acknowledged(answer) for answer in answered + crowded)
    yield Result(
        "Bots: hasty, filling every field, from one address",
        f"≥ {3 * third} blocked, {allowed} an hour from one address",
        f"{blocked} blocked, {through} through",
        blocked >= 3 * third and through == allowed,
    )


def press_all(ground: Ground, bots: list[dict], **fields: str) -> list[Answer]:
    """All bots press Send simultaneously; ``claims`` is the person whose address goes into X-Forwarded-For."""

    def press(bot: dict) -> Answer:
        claimed = address_of(bot["claims"]) if "claims" in bot else ""
        return ask_and_follow(
            ground.site.port, CHECK, fields, person=bot["person"], draft=bot["draft"], forwarded_for=claimed
        )

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(press, bots))


def is_held_up(answer: Answer, status: int) -> bool:
    """Return whether the page shows the answers and the clinic's phone number: the sender may be a person."""
    return answer.status == status and "Invented. " in answer.text and PHONE in answer.text


def many_pages_from_one_address(ground: Ground, size: Size) -> Iterator[Result]:
    """Beyond the limit, a page is shown again with the input."""
    allowed, more = rate_limits.STEPS.maximum, 20
    (bot,) = ground.inside(inside_site.finished_drafts, 1, ground.next_person(1))
    typed = {"anything-else": "An invented line"}

    def post(_number: int) -> Answer:
        return ask_and_follow(ground.site.port, STEP, typed, person=bot["person"], draft=bot["draft"])

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(post, range(allowed + more)))
    taken = sum(answer.status == 302 for answer in answered)
    repeated = sum(answer.status == 429 and typed["anything-else"] in answer.text for answer in answered)
    yield Result(
        "Pages from one address within an hour",
        f"{allowed} taken, then 429 with what was typed",
        f"{taken} taken, {repeated} × 429 of {dict(Counter(answer.status for answer in answered))}",
        (taken, repeated) == (allowed, more),
    )


def codes_guessed(ground: Ground, size: Size) -> Iterator[Result]:
    """Guessers have the link: half of them asked for a code of their own. The patient then enters theirs."""
    page = ground.inside(inside_site.page_with_codes, ground.next_person(1))

    def guess(number: int) -> Answer:
        cookie = page["guesser"] if number % 2 else ""
        code = f"{number * 97 % 1_000_000:06}"
        return ask(ground.site.port, "POST", f"{page['path']}open/", {"code": code}, person=number, inquiry=cookie)

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(guess, range(size.guesses)))
    right = sum(answer.location == page["path"] for answer in answered)
    faults = sum(answer.status >= 500 for answer in answered)
    entered = ask(
        ground.site.port, "POST", f"{page['path']}open/", {"code": page["code"]}, person=0, inquiry=page["patient"]
    )
    shown = ask(ground.site.port, "GET", page["path"], inquiry=page["patient"])
    yield Result(
        "Codes of the patient's page guessed",
        "0 right, 0 × 5xx; the patient gets in",
        f"{right} of {len(answered)} right, {faults} × 5xx; the patient "
        + ("gets in" if "CRC-" in shown.text and entered.location == page["path"] else "does not"),
        (right, faults) == (0, 0) and entered.location == page["path"] and 'id="reply"' in shown.text,
    )


def people_pass(ground: Ground, size: Size) -> Iterator[Result]:
    """People use forms only, page after page: what works without JavaScript also works by keyboard."""
    passed = 0
    for number in range(size.visitors):
        visitor = Visitor(ground.site.address)
        visitor.answer_everything(answers("both", email=f"visitor{number}@example.com"))
        passed += "CRC-" in visitor.send().text
    yield Result("Visitors without JavaScript", "all pass", f"{passed} of {size.visitors}", passed == size.visitors)


DRILLS = (bots, many_pages_from_one_address, codes_guessed, people_pass)
