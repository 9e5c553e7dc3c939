"""The one rule: whatever a person answers, everything the software does is the same but for the answers themselves."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.inquiries import clock, records
from screening.inquiries.letters import compose
from screening.inquiries.tokens import withdraw_token
from screening.models import Inquiry, Letter, Tally
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import answers, draft

CLINICAL = [
    question
    for step, question in QUESTIONNAIRE.questions()
    if step.slug not in {"consent", "contact"} and question.options
]
# What differs between two inquiries for reasons that are no answers: reference, ids, signed links, tokens, times.
INCIDENTAL = re.compile(
    r"CRC-[2-9A-Z]{4}-[2-9A-Z]{2}"
    r"|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?:(?:\.\w{6})?\.[\w-]{43}|\.\d+)?"
    r"|(?<=csrfmiddlewaretoken=)\w+|(?<=csrftoken=)\w+|\b\w{64}\b"
    r"|(?<=\('name', 'seen'\), \('type', 'hidden'\), \('value', ')\d+"
    r"|\d+\s(?:minute|hour|second)s?|\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.+-]+|\d{1,2} [ap]\.m\."
)


class Skeleton(HTMLParser):
    """Tags, attributes and texts of a page, without what stands inside an answer's own element."""

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
        # How far the record's history had come when its page was made; the events themselves are compared.
        shown = [
            (name, "*") if name == "value" and ("name", "seen") in attrs else (name, value) for name, value in attrs
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


@st.composite
def clinical_answers(draw) -> dict:
    """Any answers the questionnaire takes, on any path."""
    given = {}
    for question in CLINICAL:
        values = [option.value for option in question.options if not option.stands_alone]
        alone = [option.value for option in question.options if option.stands_alone]
        if question.takes_several:
            chosen = st.lists(st.sampled_from(values), min_size=1, unique=True)
            given[question.key] = draw(chosen | st.sampled_from([[value] for value in alone]))
        else:
            given[question.key] = draw(st.sampled_from(values + alone))
    words = st.sampled_from(["", "I have a fever", "urgent!", "cure me", "fiebre\nfuerte", "x" * 1000])
    return given | {"anything-else": draw(words)}


def what_the_software_does(give_cookie, desk, clinical: dict) -> dict:
    """Everything that patient and staff meet, stripped of incidentals, for one inquiry."""
    client = give_cookie(draft(**{key.replace("-", "_"): value for key, value in clinical.items()}))
    sending = client.post(reverse("check"))
    confirmation = client.get(reverse("sent"))
    inquiry = Inquiry.objects.latest("received_at")
    reminders = records.remind_of_overdue(inquiry.reply_due_at + timedelta(minutes=1))
    inbox = desk.get(reverse("admin:screening_inquiry_changelist"))
    sheet = desk.get(reverse("admin:screening_inquiry_change", args=[inquiry.pk]))
    withdrawing = client.get(reverse("withdraw", args=[withdraw_token(inquiry)]))
    client.post(reverse("ask-for-copy", args=[withdraw_token(inquiry)]))
    late = the_desk_when_it_is_late(desk, inquiry)
    work_on(inquiry, sheet.wsgi_request.user)
    worked_on = desk.get(reverse("admin:screening_inquiry_change", args=[inquiry.pk]))
    letter = desk.post(reverse("admin:screening_inquiry_letter", args=[inquiry.pk]), LETTER)
    medical = desk.get(reverse("admin:screening_inquiry_record", args=[inquiry.pk]))
    letters = [*inquiry.letters.order_by("name", "owed_at"), Letter.objects.get(name="digest")]
    mails = [compose(letter) for letter in letters]
    seen = {
        "statuses": [response.status_code for response in (sending, confirmation, inbox, sheet)],
        "headers": [sorted(response.headers) for response in (sending, confirmation, inbox, sheet)],
        "location": sending.headers["Location"],
        "confirmation": Skeleton(confirmation.content.decode()).parts,
        "withdrawing": Skeleton(withdrawing.content.decode()).parts,
        "mails": [INCIDENTAL.sub("*", mail.subject + mail.body + mail.alternatives[0].content) for mail in mails],
        "inbox": Skeleton(inbox.content.decode()).parts,
        "late": late,
        "desk after work": the_desk(desk, "all"),
        "sheet": Skeleton(sheet.content.decode()).parts,
        "sheet after work": Skeleton(worked_on.content.decode()).parts,
        "letter looked at": Skeleton(letter.content.decode()).parts,
        "medical record": Skeleton(medical.content.decode()).parts,
        "events": list(inquiry.events.values_list("kind", "detail", "actor")),
        "record": (inquiry.status, inquiry.closed_as, inquiry.assignee),
        "promise": (inquiry.reply_due_at, reminders),
    }
    Letter.objects.all().delete()
    Inquiry.objects.all().delete()
    Tally.objects.all().delete()  # all these people share the tests' one address
    return seen


LETTER = {"do": "preview", "name": "ask-more", "free_text": "A paragraph."}


def the_desk(desk, tab: str) -> list[list[str]]:
    """The front page, and a tab of the inbox."""
    addresses = (reverse("admin:index"), f"{reverse('admin:screening_inquiry_changelist')}?tab={tab}")
    return [Skeleton(desk.get(address).content.decode()).parts for address in addresses]


def the_desk_when_it_is_late(desk, inquiry: Inquiry) -> list:
    """The same, and the pages on which several are worked on, once the promised time is over."""
    promised = inquiry.reply_due_at
    Inquiry.objects.filter(pk=inquiry.pk).update(reply_due_at=inquiry.received_at - timedelta(days=2))
    asked = [
        desk.post(reverse("admin:screening_inquiry_several"), {"do": do, "chosen": inquiry.pk})
        for do in ("assign", "close")
    ]
    asked.append(desk.get(reverse("admin:screening_inquiry_export")))
    seen = [*the_desk(desk, "overdue"), *(Skeleton(page.content.decode()).parts for page in asked)]
    Inquiry.objects.filter(pk=inquiry.pk).update(reply_due_at=promised)
    return seen


def work_on(inquiry: Inquiry, by) -> None:
    """Everything that staff do, so that every kind of event is left and every letter owed."""
    for name in ("ask-more", "offer-consultation", "cannot-help-now", "still-there"):
        records.letter_sent(records.send_letter(inquiry, name, "A paragraph.", by))
    failed = records.send_letter(inquiry, "still-there", "", by)
    records.letter_given_up(failed)
    records.retry_letter(failed, by)
    records.log_call(inquiry, "A note.", by)
    records.correct_contact(inquiry, {"name": "Ana Ríos"}, by)
    records.mark(inquiry, "anything-else", "ask", "A note.", by)
    records.note(inquiry, "A note.", by)
    records.assign(inquiry, by, by)
    records.move(inquiry, "closed", by, "spam")
    records.undo_move(inquiry, by)
    records.owe_digest(clock.next_working_morning(inquiry.reply_due_at))


@pytest.mark.django_db
def test_nothing_but_the_answers_differs(desk, with_draft, client):
    def patient(held):
        return with_draft(held, Client())

    usual = what_the_software_does(patient, desk, {key: answers("both")[key] for key in answers("both") if key in KEYS})

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(clinical_answers())
    def same(clinical):
        seen = what_the_software_does(patient, desk, clinical)
        for what, value in seen.items():
            assert value == usual[what], what

    same()


KEYS = {question.key for question in CLINICAL} | {"anything-else"}


@pytest.mark.django_db
def test_the_order_of_the_inbox_is_the_order_of_arrival(desk, with_draft):
    """Three inquiries with the answers that might tempt: the order stays the one they came in."""
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
