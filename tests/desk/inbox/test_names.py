"""The list shows each person's name; that it was shown is recorded once a day, in the account's audit trail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from screening.accounts.audit_trail import AccountEvent, audit_trail
from screening.inquiries import services
from screening.models import Inquiry
from screening.privacy.encryption import Ciphertext
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:screening_inquiry_changelist")


def names_in(page: str) -> list[str]:
    return re.findall(r'<bdi class="who">([^<]+)</bdi>', page)


def shown(of) -> int:
    return LogEntry.objects.filter(user=of, change_message=AccountEvent.NAMES_LISTED).count()


@pytest.mark.parametrize("group", ["Reader", "Reviewer", "Manager"])
def test_who_may_open_the_record_sees_the_name_and_the_reference(group):
    made = inquiry(name="Ana Ríos")
    page = signed_in(member(group)).get(INBOX).content.decode()
    assert names_in(page) == ["Ana Ríos"]
    assert made.reference in page


def test_of_an_inquiry_for_somebody_else_it_is_the_patients_name(desk):
    inquiry(who="other", name="Ana Ríos", patient_name="Luz Ríos")
    assert names_in(desk.get(INBOX).content.decode()) == ["Luz Ríos"]


def test_who_may_not_open_records_sees_no_list(client):
    inquiry(name="Ana Ríos")
    response = signed_in(member(None)).get(INBOX)
    assert response.status_code == 403
    assert "Ana Ríos" not in response.content.decode()
    assert not LogEntry.objects.filter(change_message=AccountEvent.NAMES_LISTED).exists()


def test_without_a_readable_name_the_row_has_its_reference(desk):
    withdrawn, broken = inquiry(), inquiry(name="Luz Ríos")
    services.withdraw(withdrawn.pk)
    Inquiry.objects.filter(pk=broken.pk).update(contact=Ciphertext("gAAAAbroken"))
    page = desk.get(INBOX).content.decode()
    assert names_in(page) == []
    assert all(made.reference in page for made in (withdrawn, broken))


@pytest.mark.slow
def test_that_the_list_was_shown_is_one_entry_a_day_for_each_viewer_and_none_in_an_inquiry():
    made, ana, luz = inquiry(), member("Reader", "ana"), member("Reader", "luz")
    start = timezone.localtime().replace(hour=10)
    before = made.events.count()
    with time_machine.travel(start, tick=False):
        for viewer in (ana, luz):
            client = signed_in(viewer)
            for query in ("", "?tab=unread", "?tab=us"):
                client.get(INBOX + query)
        assert (shown(ana), shown(luz)) == (1, 1)
    with time_machine.travel(start + timedelta(days=1), tick=False):
        signed_in(ana).get(INBOX)
    assert (shown(ana), shown(luz)) == (2, 1)
    assert made.events.count() == before
    assert [entry.what for entry in audit_trail(luz)].count(str(AccountEvent.NAMES_LISTED.label)) == 1


def test_a_list_without_names_is_not_recorded(desk, staff):
    desk.get(INBOX)
    assert shown(staff) == 0


def test_no_name_stands_in_an_address_the_title_or_the_log(desk, caplog):
    inquiry(name="Zenobia Ríos")
    with caplog.at_level("DEBUG"):
        page = desk.get(INBOX).content.decode()
    addresses = " ".join(re.findall(r'(?:href|action|value)="([^"]*)"', page))
    title = re.search(r"<title>.*?</title>", page, re.DOTALL)[0]
    assert not any("Zenobia" in text for text in (addresses, title, caplog.text))
    assert "Zenobia" not in str(list(LogEntry.objects.values_list("object_repr", "change_message")))


def test_a_name_is_text_and_never_markup(desk):
    made = inquiry(name="Ana Ríos")
    made.contact = {**made.contact, "name": "<b>Ana</b> \u202eRíos"}
    made.save()
    page = desk.get(INBOX).content.decode()
    assert '<bdi class="who">&lt;b&gt;Ana&lt;/b&gt;' in page
