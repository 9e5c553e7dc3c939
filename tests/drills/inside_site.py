"""What a drill puts into the site's database beforehand, and finds there afterwards; runs inside the site."""

from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from screening.models import Consent, Draft, Event, Inquiry, Letter
from screening.questionnaire import drafts, flow, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from tests import builders

LETTERS = ["new-inquiry", "received"]


def finished_drafts(count: int, first: int) -> list[dict]:
    """Finished drafts of so many persons: ``person`` numbers them, ``draft`` is the value of their cookie."""
    with transaction.atomic():
        return [_finished(person) for person in range(first, first + count)]


def hasty_drafts(count: int, first: int) -> list[dict]:
    """The same, but every draft there is was begun just now: in a minute, for until they are sent some time goes by."""
    people = finished_drafts(count, first)
    just_now = timezone.now() + timedelta(minutes=1)
    Draft.objects.update(started_at=just_now)
    return people


def _finished(person: int) -> dict:
    held = builders.draft(email=email_of(person), anything_else="Invented. " * 90)
    return {"person": person, "draft": _cookie(held)}


def _cookie(draft: Draft) -> str:
    return signing.TimestampSigner(salt=drafts._SALT).sign(draft.pk)


def drafts_at_every_step(first: int) -> list[dict]:
    """The longest way, with a person at every step of it and one at its end.

    ``at`` is the path of that step's page, and ``fields`` what the person has just filled in there.
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
    held = drafts.save_answers(None, answers, wording_versions.consent_version("en"))
    Draft.objects.filter(pk=held.pk).update(started_at=timezone.now() - timedelta(minutes=1))
    return {"person": person, "draft": _cookie(held)}


def inquiries(count: int, first: int) -> list[str]:
    """Inquiries of so many persons; returns the Message-IDs of the letters that are owed for them."""
    with transaction.atomic():
        made = [builders.inquiry(email=email_of(person)) for person in range(first, first + count)]
    host = urlsplit(settings.SITE_URL).hostname
    return [f"<{letter.pk}@{host}>" for inquiry in made for letter in inquiry.letters.all()]


def newest_record() -> str:
    """Where staff work on the inquiry that came last."""
    return reverse("admin:screening_inquiry_change", args=[Inquiry.objects.latest("received_at").pk])


def letters_untried(tries: int) -> int:
    """How many letters still have no try behind them, or as many as they were given."""
    return Letter.objects.unsent().filter(tries__in=(0, tries)).count()


def email_of(person: int) -> str:
    return f"person{person}@example.com"


def account(acknowledged: list[dict]) -> dict[str, int]:
    """How many acknowledged inquiries are missing, kept twice, or kept in part, and what is left over.

    Counted by the person that sent them, since the draft's own id is unique by the database's rule.
    """
    kept = {inquiry.pk: inquiry for inquiry in Inquiry.objects.all()}
    of_person = Counter(inquiry.contact["email"] for inquiry in kept.values())
    letters: dict = {pk: [] for pk in kept}
    # A working morning may come meanwhile: its digest is about no single inquiry.
    for pk, name in Letter.objects.exclude(inquiry=None).values_list("inquiry", "name"):
        letters[pk].append(name)
    received = Counter(Event.objects.filter(kind=Event.Kind.RECEIVED).values_list("inquiry", flat=True))
    consents = Counter(Consent.objects.values_list("reference", flat=True))
    return {
        "lost": sum(not of_person[email_of(sender["person"])] for sender in acknowledged),
        "doubled": sum(times > 1 for times in of_person.values()),
        "in part": sum(
            sorted(letters[pk]) != LETTERS or received[pk] != 1 or consents[inquiry.reference] != 1
            for pk, inquiry in kept.items()
        ),
        "inquiries": len(kept),
        "drafts": Draft.objects.count(),
    }
