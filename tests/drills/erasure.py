"""Erased data is gone: none of the stored bytes is left in the database's files."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import services
from screening.inquiries.patient_links import withdraw_token
from screening.models import Consent, Draft, Event, IndexToken, Inquiry, Letter, Mark, Note
from screening.outbox import queue
from screening.privacy import vacuum
from screening.questionnaire import drafts, wording_versions
from tests import builders
from tests.drills import inside_site
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.privacy import stored_bytes
from tests.report import Result
from tests.visitor import Visitor


def erased_is_erased(ground: Ground, size: Size) -> Iterator[Result]:
    """Patients withdraw a third, retention erases a third, a third stays; drafts expire as well."""
    third = size.calm_sends // 10  # of worked-on inquiries; searching for their bytes is slow
    ground.post.turn("refusing")  # so that letters stay unsent
    made = ground.inside(worked_on, 3 * third, ground.next_person(3 * third))
    begun = ground.inside(begun_drafts, third, ground.next_person(third))
    before = ground.inside(found, [mark for one in made for mark in one["noted"]] + begun)
    withdrawn, outlived, staying = made[:third], made[third : 2 * third], made[2 * third :]
    for one in withdrawn:
        assert Visitor(ground.site.address).post(one["withdraw"], {}).status == 200
    ground.inside(outlive, [one["id"] for one in outlived])
    ground.site.manage("purge", "--really")
    ground.inside(rewrite)
    gone = [mark for one in withdrawn + outlived for mark in one["noted"]] + begun
    left = ground.inside(found, gone)
    remaining_marks = [mark for one in staying for mark in one["noted"]]
    remaining = ground.inside(found, remaining_marks)
    rows = ground.inside(rows_of, [one["id"] for one in withdrawn + outlived])
    proofs = ground.inside(proofs_of, [one["reference"] for one in withdrawn + outlived])
    ground.post.turn("healthy")
    ground.inside(tidy, [one["id"] for one in made])
    yield Result(
        "Erased: bytes noted before, in file and journal",
        f"0 of {len(gone)}, though found before",
        f"{left} left, {before} found before; of those that stay {remaining} of {len(remaining_marks)}",
        left == 0 and before == len(gone) + len(remaining_marks) and remaining == len(remaining_marks),
    )
    yield Result(
        "Erased: rows of any table but reference, dates, events",
        "0; the proof of consent stays",
        f"{rows} rows, {proofs} of {2 * third} proofs",
        (rows, proofs) == (0, 2 * third),
    )


def worked_on(count: int, first: int) -> list[dict]:
    """Inside the site: create inquiries with data in every encrypted field; return their stored bytes."""
    staff, _is_new = get_user_model().objects.get_or_create(username="drill")
    made = [_worked_on(person, staff) for person in range(first, first + count)]
    return [
        {
            "id": str(one.pk),
            "reference": one.reference,
            "withdraw": reverse("withdraw", args=[withdraw_token(one)]),
            "noted": [mark.decode() for mark in stored_bytes.noted(one)],
        }
        for one in made
    ]


def _worked_on(person: int, staff) -> Inquiry:
    name = f"First{person} Last{person}"
    phone = f"+1619{5551000 + person % 9_000}"  # none is 619 555 0100, which inquiries of other drills have
    one = builders.inquiry(name=name, email=inside_site.email_of(person), phone=phone)
    services.add_note(one, "An invented note. " * 40, staff)
    services.set_mark(one, "ra-goals", "ask", "An invented note on a row", staff)
    queue.queue_letter(one, "ask-more", "An invented paragraph. " * 9, staff)
    return one


def begun_drafts(count: int, first: int) -> list[str]:
    """Inside the site: create expired drafts; return their stored bytes."""
    for person in range(first, first + count):
        drafts.save_answers(None, {"email": inside_site.email_of(person)}, wording_versions.consent_version("en"))
    mine = Draft.objects.order_by("-started_at")[:count]
    noted = [str(ciphertext)[40:72] for ciphertext in mine.values_list("answers", flat=True)]
    Draft.objects.filter(pk__in=[one.pk for one in mine]).update(expires_at=timezone.now())
    return noted


def outlive(ids: list[str]) -> None:
    """Inside the site: move the last contact beyond RETENTION_DAYS."""
    Inquiry.objects.filter(pk__in=ids).update(received_at=timezone.now() - timedelta(days=9999), last_contact_at=None)


def rewrite() -> None:
    vacuum.vacuum_full(timezone.now())


def found(noted: list[str]) -> int:
    return stored_bytes.found_of([mark.encode() for mark in noted])


def rows_of(ids: list[str]) -> int:
    """Inside the site: count the rows of erased inquiries that should not exist, in all tables."""
    left = sum(model.objects.filter(inquiry__in=ids).count() for model in (IndexToken, Mark, Note))
    left += Letter.objects.filter(inquiry__in=ids).exclude(name="withdrawn").count()
    left += Inquiry.objects.filter(pk__in=ids).exclude(answers__isnull=True, contact__isnull=True).count()
    details = Event.objects.filter(inquiry__in=ids).values_list("detail", flat=True)
    return left + sum(bool(re.search("First|example", detail)) for detail in details)


def proofs_of(references: list[str]) -> int:
    return Consent.objects.filter(reference__in=references).exclude(proof="").count()


def tidy(ids: list[str]) -> None:
    """Inside the site: erase the inquiries, so that they disturb no other drill."""
    outlive(ids)
    services.purge(really=True)


DRILLS = [erased_is_erased]
