"""When a token, draft or session expires, at most one page is lost, and a page says what to do."""

from collections.abc import Iterator

from tests.drills import inside_site
from tests.drills.client import Answer, ask
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.report import Result
from tests.visitor import Visitor

MOST_STEPS = 30  # maximum number of persons for one path


def forms_expire(ground: Ground, size: Size) -> Iterator[Result]:
    """At every step, a form is posted after its token expired; then the same after the draft expired."""
    people = ground.inside(inside_site.drafts_at_every_step, ground.next_person(MOST_STEPS))
    way = [person["at"] for person in people]
    again, unfriendly, stuck = [], 0, 0
    for person in people:
        refused = post(ground, person, has_token=False)
        unfriendly += not is_friendly(refused.status, refused.text)
        led_to = ask(ground.site.port, "GET", "/candidacy/resume/", draft=person["draft"]).location
        again.append(way.index(person["at"]) - way.index(led_to) + 1)
        stuck += post(ground, person).status != 302
    yield Result(
        f"Form token expired, at each of {len(way)} pages",
        "≤ 1 page typed again, never a bare 403",
        f"most {max(again)}, {unfriendly} bare, {stuck} not taken then",
        max(again) <= 1 and (unfriendly, stuck) == (0, 0),
    )
    yield from drafts_expire(ground)


def drafts_expire(ground: Ground) -> Iterator[Result]:
    """After 24 hours the draft is erased; the browser may also have dropped its cookies."""
    people = ground.inside(inside_site.drafts_at_every_step, ground.next_person(MOST_STEPS))
    ground.execute("DELETE FROM screening_draft")
    answers = [follow(ground, person, post(ground, person)) for person in people]
    answers += [post(ground, person | {"draft": ""}, has_token=False) for person in people]
    unfriendly = sum(not is_friendly(answer.status, answer.text) for answer in answers)
    yield Result(
        f"Draft erased after 24 h, at each of {len(people)} pages",
        "a friendly page",
        f"{unfriendly} of {len(answers)} not so",
        unfriendly == 0,
    )


def post(ground: Ground, person: dict, *, has_token: bool = True) -> Answer:
    return ask(
        ground.site.port,
        "POST",
        person["at"],
        person["fields"],
        person=person["person"],
        draft=person["draft"],
        has_token=has_token,
    )


def follow(ground: Ground, person: dict, answer: Answer) -> Answer:
    while answer.location:
        answer = ask(ground.site.port, "GET", answer.location, draft=person["draft"])
    return answer


def is_friendly(status: int, text: str) -> bool:
    """A page of the clinic with a link or form to continue."""
    page = text.partition("<main")[2].partition("</main>")[0]
    return (
        status in (200, 403)
        and "<h1" in page
        and any(way in page for way in ('href="/candidacy/', 'href="/admin/', "<form"))
    )


def staff_sessions_expire(ground: Ground, size: Size) -> Iterator[Result]:
    """A note is posted after the form's token expired, and another after the session ended."""
    ground.inside(inside_site.inquiries, 1, ground.next_person(1))
    record = ground.inside(inside_site.newest_record)
    staff = Visitor(ground.site.address)
    sign_in(staff, ground, record)
    refused = staff.post(record, note("first") | {"csrfmiddlewaretoken": "e" * 32})
    taken_then = [is_taken(staff, record, "first")]
    ground.execute("DELETE FROM django_session")
    led_to = staff.post(record, note("second"))
    sign_in(staff, ground, record)
    taken_then.append(is_taken(staff, record, "second"))
    shown_again = led_to.status == 403 and "An invented second note" in led_to.text
    friendly = [is_friendly(refused.status, refused.text), shown_again]
    yield Result(
        "Staff: form token expired, then session",
        "≤ 1 note typed again each, never a bare 403",
        f"{friendly.count(False)} bare, {taken_then.count(False)} not taken then",
        all(friendly) and all(taken_then),
    )


def note(text: str) -> dict:
    return {"do": "note", "text": f"An invented {text} note"}


def is_taken(staff: Visitor, record: str, text: str) -> bool:
    return f"An invented {text} note" in staff.post(record, note(text)).text


def sign_in(staff: Visitor, ground: Ground, onward: str) -> None:
    fields = {"username": "staff", "password": ground.site.password, "next": onward}
    staff.post(f"/admin/login/?next={onward}", fields)


DRILLS = (forms_expire, staff_sessions_expire)
