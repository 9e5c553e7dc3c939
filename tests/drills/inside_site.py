"""Functions that run inside the site, to prepare its database for a drill and to inspect it afterwards."""

from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import patient_session, services
from screening.inquiries.patient_links import page_token
from screening.models import Appointment, Consent, Draft, Event, Inquiry, Letter, Message, PatientAccess
from screening.questionnaire import drafts, flow, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from tests import builders

LETTERS = ["new-inquiry", "received"]


def finished_drafts(count: int, first: int) -> list[dict]:
    """Create ``count`` finished drafts: ``person`` is the person's number, ``draft`` the value of the draft cookie."""
    with transaction.atomic():
        return [_finished(person) for person in range(first, first + count)]


def hasty_drafts(count: int, first: int) -> list[dict]:
    """The same, but begun just now: in an hour, because time passes until they are sent."""
    people = finished_drafts(count, first)
    just_now = timezone.now() + timedelta(hours=1)
    Draft.objects.update(started_at=just_now)
    return people


def drafts_naming(addresses: list[str], first: int) -> list[dict]:
    """The same as `finished_drafts`, each with its own e-mail address."""
    with transaction.atomic():
        return [_finished(first + number, address) for number, address in enumerate(addresses)]


def _finished(person: int, address: str = "") -> dict:
    saved = builders.draft(email=address or email_of(person), anything_else="Invented. " * 90)
    return {"person": person, "draft": builders.draft_cookie(saved)}


def drafts_at_every_step(first: int) -> list[dict]:
    """Create drafts on the longest path, one person at each step and one at the check page.

    ``at`` is the path of the person's page, and ``fields`` the input for it.
    """
    answers = builders.answers("both", email=email_of(first))
    given: dict = {}
    people = []
    for step in flow.path(QUESTIONNAIRE, answers):
        fields = {question.key: answers[question.key] for question in step.questions if question.key in answers}
        people.append({"at": f"/candidacy/{step.slug}/", "fields": fields} | _unfinished(given, first + len(people)))
        given |= fields
    return [*people, {"at": "/candidacy/check/", "fields": {}} | _unfinished(given, first + len(people))]


def _unfinished(answers: dict, person: int) -> dict:
    saved = drafts.save_answers(None, answers, wording_versions.consent_version("en"))
    Draft.objects.filter(pk=saved.pk).update(started_at=timezone.now() - timedelta(minutes=1))
    return {"person": person, "draft": builders.draft_cookie(saved)}


def inquiries(count: int, first: int) -> list[str]:
    """Create ``count`` inquiries; return the Message-IDs of their letters."""
    with transaction.atomic():
        made = [builders.inquiry(email=email_of(person)) for person in range(first, first + count)]
    host = urlsplit(settings.SITE_URL).hostname
    return [f"<{letter.pk}@{host}>" for inquiry in made for letter in inquiry.letters.all()]


def page_with_codes(person: int) -> dict[str, str]:
    """Create an inquiry, and two accesses: the patient's with its code, and one of somebody who has the link."""
    made = builders.inquiry(email=email_of(person))
    patient, guesser = services.request_code(made.pk), services.request_code(made.pk)
    Letter.objects.filter(name="code").delete()  # other drills count the letters of every inquiry
    return {
        "path": reverse("inquiry", args=[page_token(made)]),
        "code": services.access_code(patient),
        "patient": patient_session.cookie_value(patient),
        "guesser": patient_session.cookie_value(guesser),
    }


def offered_one_time(count: int, first: int, number: int) -> list[dict]:
    """Create ``count`` patients with an open session, each with one offer; half of the offers begin 15 minutes later.

    ``number`` is the hour of the rush.
    """
    by, _made = User.objects.get_or_create(username="offering")
    patients = []
    for person in range(first, first + count):
        made = builders.inquiry(email=email_of(person))
        after = timedelta(hours=number) + timedelta(minutes=15) * (person % 2)
        (offer,) = services.offer_times(made, [builders.upcoming(3, after=after)], by)
        access = PatientAccess.objects.create(inquiry=made, opened_at=timezone.now())
        path = reverse("inquiry", args=[page_token(made)])
        session = patient_session.cookie_value(access)
        patients.append({"person": person, "path": path, "session": session, "appointment": str(offer.pk)})
    Letter.objects.filter(name="times-offered").delete()  # other drills count the letters of every inquiry
    return patients


def booked_in(number: int) -> int:
    """Count the booked appointments of the rush."""
    time = builders.upcoming(3, after=timedelta(hours=number))
    booked = Appointment.objects.booked().starting_in(time.starts_at, time.starts_at + timedelta(minutes=30))
    Letter.objects.filter(appointment__in=booked).delete()
    return booked.count()


def open_conversations(count: int, first: int) -> list[dict]:
    """Create inquiries whose page is open in the patient's browser, and one session of staff."""
    staff = _session_of_staff()
    made = []
    with transaction.atomic():
        for person in range(first, first + count):
            inquiry = builders.inquiry(email=email_of(person))
            access = services.request_code(inquiry.pk)
            services.open_access(access, services.access_code(access))
            made.append(
                {
                    "person": person,
                    "page": reverse("inquiry", args=[page_token(inquiry)]),
                    "session": patient_session.cookie_value(access),
                    "record": reverse("admin:screening_inquiry_change", args=[inquiry.pk]),
                    "staff": staff,
                }
            )
    Letter.objects.filter(name="code").delete()  # other drills count the letters of every inquiry
    return made


def _session_of_staff() -> str:
    """The session key of a superuser who has signed in."""
    client = Client()
    user, _is_new = User.objects.get_or_create(username="drilled", is_staff=True, is_superuser=True)
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def message_texts() -> dict[str, int]:
    """How often each text is stored as a message. Then the inquiries are deleted: other drills count theirs."""
    times = Counter(message.text for message in Message.objects.all())
    Inquiry.objects.filter(messages__isnull=False).delete()
    return times


def newest_record() -> str:
    """Return the record's path of the newest inquiry."""
    return reverse("admin:screening_inquiry_change", args=[Inquiry.objects.latest("received_at").pk])


def letters_untried() -> int:
    return Letter.objects.unsent().filter(tries=0).count()


def withheld(addresses: list[str]) -> dict[str, int]:
    """Count the inquiries with these addresses, and the events that say that no mail was sent."""
    stored = [inquiry.pk for inquiry in Inquiry.objects.all() if inquiry.contact["email"] in addresses]
    events = Event.objects.filter(inquiry__in=stored, kind=Event.Kind.LETTER_WITHHELD)
    return {"inquiries": len(stored), "events": events.count()}


def email_of(person: int) -> str:
    return f"person{person}@example.com"


def account(acknowledged: list[dict]) -> dict[str, int]:
    """Count acknowledged inquiries that are missing, doubled or incomplete, and all inquiries and drafts.

    Inquiries are counted by person, since a unique constraint already covers the draft's id.
    """
    stored = {inquiry.pk: inquiry for inquiry in Inquiry.objects.all()}
    of_person = Counter(inquiry.contact["email"] for inquiry in stored.values())
    letters: dict = {pk: [] for pk in stored}
    # A digest may be queued meanwhile; it has no inquiry.
    for pk, name in Letter.objects.exclude(inquiry=None).values_list("inquiry", "name"):
        letters[pk].append(name)
    received = Counter(Event.objects.filter(kind=Event.Kind.RECEIVED).values_list("inquiry", flat=True))
    consents = Counter(Consent.objects.values_list("reference", flat=True))
    return {
        "lost": sum(not of_person[email_of(sender["person"])] for sender in acknowledged),
        "doubled": sum(times > 1 for times in of_person.values()),
        "in part": sum(
            sorted(letters[pk]) != LETTERS or received[pk] != 1 or consents[inquiry.reference] != 1
            for pk, inquiry in stored.items()
        ),
        "inquiries": len(stored),
        "drafts": Draft.objects.count(),
    }
