"""The one rule: the software does the same for every patient, whatever the answers; only the answers differ."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crc_site.middleware import session_timeout
from screening.inquiries import business_days, services, views
from screening.inquiries.patient_links import copy_token, page_token, withdraw_token
from screening.models import Appointment, Draft, Inquiry, Letter, Tally
from screening.outbox import letters, queue
from screening.outbox.letters import build_message
from screening.questionnaire import flow
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import answers, draft, upcoming
from tests.examples import examples

CLINICAL = [
    question
    for step, question in QUESTIONNAIRE.questions()
    if step.slug not in {"consent", "contact"} and question.options
]
KEYS = {question.key for question in CLINICAL} | {"anything-else"}
# Values that differ between inquiries regardless of the answers: reference, ids, signed links, tokens, times.
INCIDENTAL = re.compile(
    r"CRC-[2-9A-Z]{4}-[2-9A-Z]{2}"
    r"|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?:(?:\.\w{6})?\.[\w-]{43}|\.\d+)?"
    r"|(?<=csrfmiddlewaretoken=)\w+|(?<=csrftoken=)\w+|\b\w{64}\b"
    r"|(?<=\('name', 'version'\), \('type', 'hidden'\), \('value', ')\d+"
    r"|(?<=: )\d{6}\b"  # a code in a mail
    r"|\d{8}T\d{6}Z"  # a time in a calendar file
    r"|\d+\s(?:minute|hour|second)s?|\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.+-]+|\d{1,2} [ap]\.m\."
)


class Skeleton(HTMLParser):
    """Tags, attributes and texts of a page, without the contents of answer elements."""

    def __init__(self, page: str):
        super().__init__()
        self.parts: list[str] = []
        self.inside_answer: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if self.inside_answer:
            if tag == self.inside_answer[0]:
                self.inside_answer.append(tag)
            return
        # The version is the record's newest event when the page was made; events are compared separately.
        shown = [
            (name, "*") if name == "value" and ("name", "version") in attrs else (name, value) for name, value in attrs
        ]
        self.parts.append(INCIDENTAL.sub("*", f"{tag} {sorted(shown)}"))
        if {"answer", "field-condition"} & set((dict(attrs).get("class") or "").split()):
            self.inside_answer.append(tag)

    def handle_endtag(self, tag):
        if self.inside_answer and tag == self.inside_answer[0]:
            self.inside_answer.pop()

    def handle_data(self, data):
        if not self.inside_answer and data.strip():
            self.parts.append(INCIDENTAL.sub("*", data.strip()))


class PatientSkeleton(Skeleton):
    """A skeleton of a patient's page, also without ticked, typed or read-back answers."""

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, [(name, value) for name, value in attrs if name != "checked"])
        if tag == "textarea" or (tag == "dd" and attrs == [("dir", "auto")]):
            self.inside_answer = self.inside_answer or [tag]


# Headers that differ for each response.
EACH_ITS_OWN = {"ETag", "Content-Length", "X-Request-ID", "Expires", "Last-Modified"}


WORDS = ["", "I have a fever", "urgent!", "cure me", "fiebre\nfuerte", "x" * 1000]


def every_option() -> Iterator[dict]:
    """As few sets of answers as hold each option of each question: with both conditions every question is asked."""
    for number in range(max(len(question.options) for question in CLINICAL)):
        values = {question: question.options[number % len(question.options)].value for question in CLINICAL}
        given = {question.key: [value] if question.takes_several else value for question, value in values.items()}
        yield given | {"condition": "both", "anything-else": WORDS[number % len(WORDS)]}


@st.composite
def clinical_answers(draw) -> dict:
    """Draw any valid answers, on any path."""
    given = {}
    for question in CLINICAL:
        values = [option.value for option in question.options if not option.stands_alone]
        alone = [option.value for option in question.options if option.stands_alone]
        if question.takes_several:
            chosen = st.lists(st.sampled_from(values), min_size=1, unique=True)
            given[question.key] = draw(chosen | st.sampled_from([[value] for value in alone]))
        else:
            given[question.key] = draw(st.sampled_from(values + alone))
    return given | {"anything-else": draw(st.sampled_from(WORDS))}


def met(response, skeleton=Skeleton) -> tuple:
    """Return status, headers, cookies and page; of varying headers, only the names."""
    headers = {name: INCIDENTAL.sub("*", value) for name, value in response.headers.items() if name not in EACH_ITS_OWN}
    cookies = {
        name: {attribute: value for attribute, value in cookie.items() if attribute != "expires"}
        for name, cookie in response.cookies.items()
    }
    return response.status_code, headers, sorted(response.headers), cookies, skeleton(response.content.decode()).parts


def what_the_software_does(give_cookie, desk, clinical: dict) -> tuple[dict, dict]:
    """Return all that a patient and staff see for one inquiry, without incidental values.

    First what is the same for everyone, then the pages that depend on the path: the condition decides which questions
    are asked, so these are the same for all on one path.
    """
    client = give_cookie(draft(**{key.replace("-", "_"): value for key, value in clinical.items()}))
    on_the_path = {"steps": while_answering(client), "check": met(client.get(reverse("check")), PatientSkeleton)}
    shared = {"sending": met(client.post(reverse("check"))), "confirmation": met(client.get(reverse("sent")))}
    inquiry = Inquiry.objects.latest("received_at")
    on_the_path["sent answers"] = met(client.get(reverse("sent-answers")), PatientSkeleton)
    shared |= what_staff_meet(desk, inquiry)
    shared |= the_own_page(client, inquiry)
    shared |= {
        "withdrawing": met(client.get(reverse("withdraw", args=[withdraw_token(inquiry)]))),
        "asking for a copy": met(client.post(reverse("ask-for-copy", args=[withdraw_token(inquiry)]))),
        "copy asked for": met(client.get(reverse("ask-for-copy", args=[withdraw_token(inquiry)]))),
    }
    on_the_path |= {
        "copy": met(client.get(reverse("copy", args=[copy_token(inquiry)])), PatientSkeleton),
        "copy as JSON": outline(client.get(reverse("copy-as-json", args=[copy_token(inquiry)])).json()),
        "record as JSON": outline(desk.get(reverse("admin:screening_inquiry_record_json", args=[inquiry.pk])).json()),
    }
    shared |= what_is_written(inquiry)
    shared |= {
        "taken back": met(client.post(reverse("withdraw", args=[withdraw_token(inquiry)]))),
        "confirmation of what was taken back": met(client.get(reverse("sent"))),
        "record of what was taken back": met(desk.get(reverse("admin:screening_inquiry_change", args=[inquiry.pk]))),
        "mails about what was taken back": mails(Letter.objects.filter(sent_at=None)),
    }
    Letter.objects.all().delete()
    Inquiry.objects.all().delete()
    Tally.objects.all().delete()  # all test clients share one address
    return shared, on_the_path


def while_answering(client) -> list[tuple]:
    """Return each step as first shown, after an empty post, and the response to its answer."""
    given = Draft.objects.latest("started_at").answers
    shared = []
    for step in flow.path(QUESTIONNAIRE, given):
        address = reverse("step", args=[step.slug])
        data = {question.key: given[question.key] for question in step.questions_for(given)}
        shared.append(met(client.get(address), PatientSkeleton))
        shared.append(met(client.post(address, {}), PatientSkeleton))
        shared.append(met(client.post(address, data)))
    return shared


def the_own_page(client, inquiry: Inquiry) -> dict:
    """The patient's page after staff have written: the code, the conversation, a reply."""
    address, asking, entering, replying = (
        reverse(name, args=[page_token(inquiry)])
        for name in ("inquiry", "inquiry-code", "inquiry-open", "inquiry-reply")
    )
    shared = {"link": met(client.get(address)), "code asked for": met(client.post(asking))}
    shared["code page"] = met(client.get(address))
    code = services.access_code(inquiry.accesses.latest("made_at"))
    shared["code entered"] = met(client.post(entering, {"code": code}))
    shared["own page"] = met(client.get(address), PatientSkeleton)
    shared["reply"] = met(client.post(replying, {"text": "A reply.", "message_id": ""}))
    shared["own page after the reply"] = met(client.get(address), PatientSkeleton)
    return shared | the_times(client, inquiry)


def the_times(client, inquiry: Inquiry) -> dict:
    """The patient reads the times in another zone, takes one, cancels it, and asks for others."""
    zone, taking, cancelling, asking, file = (
        reverse(f"inquiry-{name}", args=[page_token(inquiry)])
        for name in ("zone", "take", "cancel", "other-times", "calendar")
    )
    page = reverse("inquiry", args=[page_token(inquiry)])
    chosen = {"appointment": str(services.open_offers(inquiry)[0].pk)}
    shared = {"other times": met(client.post(asking, {"text": "", "message_id": ""}))}
    shared["zone"] = met(client.post(zone, {"zone": "America/Chicago"}))
    shared["times"] = met(client.get(page), PatientSkeleton)
    shared["taken"] = met(client.post(taking, chosen))
    shared["own page with an appointment"] = met(client.get(page), PatientSkeleton)
    shared["calendar file"] = met(client.get(file, chosen))
    shared["cancelled"] = met(client.post(cancelling, chosen))
    return shared | {"own page after that": met(client.get(page), PatientSkeleton)}


def what_staff_meet(desk, inquiry: Inquiry) -> dict:
    """The pages before, during and after their work."""
    record = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    reminders = queue.queue_overdue_reminders(inquiry.reply_due_at + timedelta(minutes=1))
    shared = {
        "promise": (inquiry.reply_due_at, reminders),
        "inbox": met(desk.get(reverse("admin:screening_inquiry_changelist"))),
        "sheet": met(sheet := desk.get(record)),
        "late": the_desk_when_it_is_late(desk, inquiry),
    }
    work_on(inquiry, sheet.wsgi_request.user)
    return shared | {
        "desk after work": the_desk(desk, "all"),
        "sheet after work": met(desk.get(record)),
        "weeks of appointments": [
            met(desk.get(reverse("admin:screening_appointments"), {"week": f"{upcoming(day).starts_at:%Y-%m-%d}"}))
            for day in (-1, 6)
        ],
        "letter looked at": met(desk.post(reverse("admin:screening_inquiry_letter", args=[inquiry.pk]), LETTER)),
        "medical record": met(desk.get(reverse("admin:screening_inquiry_record", args=[inquiry.pk]))),
    }


def what_is_written(inquiry: Inquiry) -> dict:
    """Return the mails, the events, and the record's fields."""
    inquiry.refresh_from_db()
    return {
        "mails": mails([*inquiry.letters.all(), Letter.objects.get(name="digest")]),
        "events": list(inquiry.events.values_list("kind", "detail", "actor")),
        "record": (inquiry.status, inquiry.closed_as, inquiry.assignee, inquiry.turn, inquiry.held_since),
    }


def mails(owed) -> list[tuple]:
    """Sorted, since letters of one moment are in no order."""
    made = [build_message(letter) for letter in owed]
    return sorted(
        (
            mail.to,
            mail.from_email,
            sorted((name, INCIDENTAL.sub("*", value)) for name, value in mail.extra_headers.items()),
            INCIDENTAL.sub("*", mail.subject + mail.body + mail.alternatives[0].content),
            [(kind, INCIDENTAL.sub("*", content)) for _name, content, kind in mail.attachments],
        )
        for mail in made
    )


def outline(data, name: str = ""):
    """Return JSON without the content and type of answers; FHIR omits `answer` for an unanswered question."""
    if isinstance(data, dict):
        return {
            key: outline(value, key) for key, value in data.items() if key != "answer" or not isinstance(value, list)
        }
    if name in {"answer", "value", "state"}:
        return "*"
    if isinstance(data, list):
        return [outline(one, name) for one in data]
    return INCIDENTAL.sub("*", str(data))


LETTER = {"do": "preview", "name": "ask-more", "free_text": "A paragraph."}


def the_desk(desk, tab: str) -> list[tuple]:
    """Return the front page and a tab of the inbox."""
    addresses = (reverse("admin:index"), f"{reverse('admin:screening_inquiry_changelist')}?tab={tab}")
    return [met(desk.get(address)) for address in addresses]


def the_desk_when_it_is_late(desk, inquiry: Inquiry) -> list:
    """Return the desk and the bulk action pages when the promised reply is overdue."""
    promised = inquiry.reply_due_at
    Inquiry.objects.filter(pk=inquiry.pk).update(reply_due_at=inquiry.received_at - timedelta(days=2))
    pages = [
        desk.post(reverse("admin:screening_inquiry_bulk"), {"do": do, "chosen": inquiry.pk})
        for do in ("assign", "close")
    ]
    pages.append(desk.get(reverse("admin:screening_inquiry_export")))
    shared = [*the_desk(desk, "overdue"), *(met(page) for page in pages)]
    Inquiry.objects.filter(pk=inquiry.pk).update(reply_due_at=promised)
    return shared


def work_on(inquiry: Inquiry, by) -> None:
    """Do everything that staff can do, to create every kind of event and letter."""
    for name in ("ask-more", "offer-consultation", "cannot-help-now", "still-there"):
        queue.mark_sent(queue.queue_letter(inquiry, name, "A paragraph.", by))
    failed = queue.queue_letter(inquiry, "still-there", "", by)
    queue.mark_failed(failed)
    queue.retry_letter(failed, by)
    services.log_call(inquiry, "A note.", by)
    services.write_message(inquiry, "A message.", by)
    services.correct_contact(inquiry, {"name": "Ana Ríos"}, by)
    services.set_mark(inquiry, "anything-else", "ask", "A note.", by)
    services.add_note(inquiry, "A note.", by)
    services.assign(inquiry, by, by)
    services.move_status(inquiry, "closed", by, "spam")
    services.undo_status_move(inquiry, by)
    queue.queue_digest(business_days.next_working_morning(inquiry.reply_due_at))
    make_appointments(inquiry, by)


def make_appointments(inquiry: Inquiry, by) -> None:
    """One that is moved, reminded of and cancelled, one that nobody came to, and offers that stay for the patient."""
    first, second = services.offer_times(inquiry, [upcoming(2), upcoming(3)], by)
    services.withdraw_offer(inquiry, second.pk, by)
    services.confirm(inquiry, first.pk, by)
    queue.queue_appointment_reminders(first.starts_at - timedelta(hours=20))
    services.move(inquiry, first.pk, upcoming(4, kind="visit"), by)
    services.cancel(inquiry, first.pk, by)
    (missed,) = services.offer_times(inquiry, [upcoming(5)], by)
    services.confirm(inquiry, missed.pk, by)
    Appointment.objects.filter(pk=missed.pk).update(starts_at=upcoming(-1).starts_at)
    services.record_no_show(inquiry, missed.pk, by)
    services.offer_times(inquiry, [upcoming(6), upcoming(7, kind="video", link="https://meet.example/room")], by)


@pytest.fixture
def one_hour(monkeypatch):
    """Freeze the hour, so that a slow machine makes no difference; the session records no activity meanwhile."""
    monkeypatch.setattr(session_timeout, "ACTIVITY_RESOLUTION", 24 * 60 * 60)
    with time_machine.travel(business_days.start_of_day(timezone.now()) + timedelta(hours=10, minutes=1)):
        yield


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.usefixtures("one_hour")
def test_nothing_but_the_answers_differs(desk, with_draft):
    def patient(saved):
        return with_draft(saved, Client())

    usual = {condition: what_the_software_does(patient, desk, plain(condition)) for condition in PATHS}

    def same(clinical):
        shared, on_the_path = what_the_software_does(patient, desk, clinical)
        assert_same(shared, usual["both"][0])
        assert_same(on_the_path, usual[clinical["condition"] if clinical["condition"] in PATHS else "none"][1])

    for shared, _on_the_path in usual.values():
        assert_same(shared, usual["both"][0])
    for clinical in [*every_option(), plain("another"), plain("unsure")]:
        same(clinical)
    examples(10)(given(clinical_answers())(same))()


PATHS = ("ra", "oa", "both", "none")  # another type and unsure have the same path as none


def plain(condition: str, **changed) -> dict:
    """The clinical answers of `builders.answers`."""
    return {key: value for key, value in answers(condition, **changed).items() if key in KEYS}


def assert_same(shared: dict, usual: dict) -> None:
    for what, value in shared.items():
        assert value == usual[what], what


def is_tempting(given: dict) -> bool:
    return given["infection"] == "untreated"


def a_judging_confirmation(monkeypatch) -> None:
    monkeypatch.setattr(views, "_may_show_answers", lambda inquiry: not is_tempting(inquiry.answers))


def a_judging_header(monkeypatch) -> None:
    made = views._check_page

    def page(request, draft_id, *rest, **named):
        response = made(request, draft_id, *rest, **named)
        response.headers["Refresh"] = "60" if is_tempting(Draft.objects.get(pk=draft_id).answers) else "600"
        return response

    monkeypatch.setattr(views, "_check_page", page)


def a_judging_mail(monkeypatch) -> None:
    made = letters._patient_values
    monkeypatch.setattr(
        letters, "_patient_values", lambda one: made(one) | ({"first_name": ""} if is_tempting(one.answers) else {})
    )


def a_judging_step(monkeypatch) -> None:
    made = flow.criteria_for
    monkeypatch.setattr(flow, "criteria_for", lambda step, given: [] if is_tempting(given) else made(step, given))


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("judging", [a_judging_confirmation, a_judging_header, a_judging_mail, a_judging_step])
def test_software_that_judges_would_be_noticed(desk, with_draft, monkeypatch, judging):
    judging(monkeypatch)
    calm, tempting = (
        what_the_software_does(lambda saved: with_draft(saved, Client()), desk, plain("ra", infection=infection))
        for infection in ("no", "untreated")
    )
    assert calm != tempting


@pytest.mark.django_db
def test_the_order_of_the_inbox_is_the_order_of_arrival(desk, with_draft):
    """Answers that might tempt to reorder the inbox leave it in the order of arrival."""
    tempting = [{"infection": "untreated"}, {"condition": "none"}, {"goals": ["cure"]}, {"infection": "no"}]
    made = []
    for changed in tempting:
        client = with_draft(draft(**changed), Client())
        client.post(reverse("check"))
        made.append(Inquiry.objects.latest("received_at").reference)
    page = desk.get(reverse("admin:screening_inquiry_changelist")).content.decode()
    assert sorted(made, key=page.find) == made


def test_the_skeleton_would_notice_a_warning_raised_by_an_answer():
    calm = Skeleton('<p>Thank you</p><td class="answer">No</td>').parts
    assert Skeleton('<p>Thank you</p><td class="answer"><b>Yes</b></td>').parts == calm
    assert Skeleton('<p class="alert">Thank you</p><td class="answer">No</td>').parts != calm
    assert Skeleton('<p>Sorry</p><td class="answer">No</td>').parts != calm
