"""A member of staff who uses every free-text form of the desk."""

import re
from datetime import date, timedelta

from tests.canaries.planted import PATIENT_INPUT, TYPED, WRITTEN
from tests.visitor import Page, Visitor

INBOX = "/admin/screening/inquiry/"


def sign_in(staff: Visitor, site) -> None:
    page = staff.post("/admin/login/", {"username": "staff", "password": site.password, "next": "/admin/"})
    assert "Staff desk" in page.text


def record_of(staff: Visitor) -> str:
    return re.search(rf'href="({INBOX}[\w-]+/change/)', staff.get(INBOX).text)[1]


def work_on(staff: Visitor, record: str) -> None:
    mark_every_row(staff, record)
    do(staff, record, "note", text=WRITTEN["remark"])
    do(staff, record, "call", note=WRITTEN["call"])
    do(staff, record, "message", text=WRITTEN["message"])
    offer_a_time(staff, record)
    do(staff, record, "work", note=WRITTEN["done"])
    do(staff, record, "contact", **contact_of(staff, record) | {"patient-name": WRITTEN["corrected"]})
    do(staff, record, "move", to="in-review")
    do(staff, record, "move", to="closed (no-reply)")
    do(staff, record, "move", to="in-review", reason=WRITTEN["reopened"])
    write_a_letter(staff, record.replace("/change/", "/letter/"))
    hold_and_lift(staff, record.replace("/change/", "/hold/"))
    search(staff)


def mark_every_row(staff: Visitor, record: str) -> None:
    page = staff.get(record).text
    shown_first = dict(re.findall(r'name="(initial-[\w-]+)"(?: value="([\w-]*)")?', page))
    marks = dict.fromkeys(re.findall(r'name="(mark-[\w-]+)"', page), "ask")
    notes = dict.fromkeys(re.findall(r'name="(note-[\w-]+)"', page), WRITTEN["note"])
    assert "saved" in staff.post(record, {"do": "marks"} | shown_first | marks | notes).text


def contact_of(staff: Visitor, record: str) -> dict[str, str]:
    """The current data of the contact form."""
    forms = re.findall(r"<form.*?</form>", staff.get(record).text, re.DOTALL)
    (form,) = [form for form in forms if 'value="contact"' in form]
    lines = re.findall(r'<input type="\w+" name="([\w-]+)"(?: value="([^"]*)")?', form)
    choices = re.findall(r'<select name="([\w-]+)"(.*?)</select>', form, re.DOTALL)
    chosen = {name: re.search(r'value="([\w-]+)" selected', options)[1] for name, options in choices}
    return {name: value for name, value in lines if name not in ("version", "csrfmiddlewaretoken")} | chosen


def do(staff: Visitor, page: str, what: str, **data: str) -> Page:
    """Send one form of a page, with the page's current version."""
    version = re.search(r'name="version" value="(\d+)"', staff.get(page).text)[1]
    done = staff.post(page, {"do": what, "version": version} | data)
    assert done.status == 200, what
    return done


def offer_a_time(staff: Visitor, record: str) -> None:
    """Offer a video call, agreed by phone, and look at the week; a link that is none comes back."""
    day = (date.today() + timedelta(days=3)).isoformat()
    time = {"date_1": day, "time_1": "10:00", "minutes": "30", "kind": "video"}
    assert "offered" in do(staff, record, "offer", **time, link=f"https://{WRITTEN['link']}.example/room").text
    appointment = re.search(r'name="appointment" value="([\w-]+)"', staff.get(record).text)[1]
    assert "is confirmed" in do(staff, record, "confirm-time", appointment=appointment).text
    assert PATIENT_INPUT["name"] in staff.get(f"{INBOX}appointments/?week={day}").text
    refused = staff.post(record, {"do": "offer", **time, "date_1": TYPED["forged"], "link": TYPED["forged"]})
    assert refused.status == 422


def write_a_letter(staff: Visitor, page: str) -> None:
    """Preview a letter and change it before sending, so that one paragraph is discarded."""
    assert WRITTEN["unsent"] in do(staff, page, "look", name="ask-more", free_text=WRITTEN["unsent"]).text
    do(staff, page, "edit", name="ask-more", free_text=WRITTEN["unsent"])
    assert "on its way" in do(staff, page, "send", name="ask-more", free_text=WRITTEN["paragraph"]).text


def hold_and_lift(staff: Visitor, page: str) -> None:
    """Place and lift a hold, then send an erasure with a forged choice, which is rejected."""
    do(staff, page, "hold", **{"hold-reason": WRITTEN["held"]})
    do(staff, page, "lift", **{"lift-reason": WRITTEN["lifted"]})
    refused = staff.post(page, {"do": "erase", "erase-asked_by": TYPED["forged"], "erase-is_sure": "on"})
    assert refused.status == 422


def search(staff: Visitor) -> None:
    for sought in (PATIENT_INPUT["name"], PATIENT_INPUT["email"], TYPED["sought"], TYPED["sought"] * 30):
        staff.post(INBOX, {"q": sought})
