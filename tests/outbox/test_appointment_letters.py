"""Letters about appointments: how it stands when they are sent, the calendar file, the reminder, nothing personal."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from icalendar import Calendar

from screening.inquiries import clinic_time, services
from screening.models import Appointment, Event, Inquiry, Letter
from screening.outbox import letters, queue
from screening.outbox.letters import build_message
from screening.worker.process import Worker
from tests.builders import inquiry, offer, upcoming

pytestmark = pytest.mark.django_db
HEALTH_WORDS = ("arthritis", "artritis", "pain", "dolor", "knee", "rodilla", "stem", "treatment", "tratamiento")


def confirmed(staff, days: int = 2, zone: str = "", **changed) -> Appointment:
    made = inquiry(**changed)
    one = offer(made, staff, upcoming(days, kind="video", link="https://meet.example/secret"))
    services.take(made.pk, one.pk, zone)
    services.confirm(made, one.pk, staff)
    one.refresh_from_db()
    return one


def mail(name: str):
    return build_message(Letter.objects.get(name=name))


def event_of(message):
    """The method and the event of the attached file, as a calendar program reads them."""
    (attached,) = message.attachments
    name, content, kind = attached
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert kind == f"text/calendar; method={calendar['METHOD']}"
    assert name == f"{event['SUMMARY']}.ics"
    return calendar["METHOD"], event


def reminder_time(one: Appointment) -> datetime:
    return clinic_time.day_before(one.starts_at, time(9))


def test_patient_and_staff_get_the_same_entry_and_the_time_each_reads(staff):
    one = confirmed(staff, zone="America/New_York")
    to_patient, to_staff = mail("appointment-confirmed"), mail("appointment")
    assert to_patient.to == ["ana@example.com"]
    assert "1:00 p.m., Eastern Time" in to_patient.body
    assert "At the clinic that is" in to_patient.body
    assert "10:00 a.m., Pacific Time" in to_staff.body
    assert "Confirmed" in to_staff.body
    assert event_of(to_patient)[1] == event_of(to_staff)[1]
    assert event_of(to_staff)[1]["UID"] == str(one.pk)


def test_the_raw_mail_carries_a_calendar_part(staff):
    confirmed(staff)
    parts = list(mail("appointment-confirmed").message().walk())
    (part,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    assert Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")


def test_whoever_reads_times_as_at_the_clinic_is_told_them_once(staff):
    confirmed(staff, zone="America/Tijuana")
    assert "At the clinic" not in mail("appointment-confirmed").body


def test_the_assignee_is_told_and_nobody_else(staff):
    staff.email = "nurse@clinic.example"
    staff.save()
    one = confirmed(staff)
    services.assign(one.inquiry, staff, staff)
    assert mail("appointment").to == ["nurse@clinic.example"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_letter_has_a_health_word_or_a_link_and_staffs_has_no_name(staff, language):
    one = confirmed(staff, language=language)
    texts = [mail("times-offered"), mail("appointment-confirmed"), mail("appointment")]
    services.move(one.inquiry, one.pk, upcoming(3), staff)
    texts += [mail("appointment-moved"), mail("appointment")]
    with time_machine.travel(reminder_time(Appointment.objects.get())):
        queue.queue_appointment_reminders(datetime.now(tz=one.starts_at.tzinfo))
        texts.append(mail(letters.REMINDER))
    services.cancel(one.inquiry, one.pk, staff)
    texts += [mail("appointment-cancelled"), mail("appointment")]
    for each in texts:
        whole = each.subject + each.body + each.alternatives[0].content + "".join(file[1] for file in each.attachments)
        assert not [word for word in (*HEALTH_WORDS, "meet.example", "Pérez") if word in whole.lower()]
        assert one.inquiry.reference in each.subject
    assert not any("Ana" in each.body for each in texts if each.to != ["ana@example.com"])


def test_a_letter_says_how_it_stands_when_it_is_sent(staff):
    one = confirmed(staff)
    waiting = Letter.objects.get(name="appointment-confirmed")
    Letter.objects.filter(pk=waiting.pk).update(leased_until=datetime(2020, 1, 1, tzinfo=one.starts_at.tzinfo))
    services.cancel(one.inquiry, one.pk, staff)
    waiting.refresh_from_db()
    message = build_message(waiting)
    assert "is cancelled" in message.subject
    assert event_of(message)[0] == "CANCEL"


def test_what_was_not_sent_yet_is_replaced_by_the_newest(staff):
    one = confirmed(staff)
    for days in (3, 4):
        services.move(one.inquiry, one.pk, upcoming(days), staff)
    names = sorted(one.letters.values_list("name", flat=True))
    assert names == ["appointment", "appointment-moved"]
    assert event_of(mail("appointment-moved"))[1].decoded("DTSTART") == upcoming(4).starts_at


def test_the_reminder_goes_once_on_the_day_before_from_nine(staff, mailbox):
    one = confirmed(staff)
    due = reminder_time(one)
    assert queue.queue_appointment_reminders(due - timedelta(minutes=1)) == 0
    assert queue.queue_appointment_reminders(due) == 1
    assert queue.queue_appointment_reminders(due + timedelta(minutes=5)) == 0
    message = mail(letters.REMINDER)
    assert message.attachments == []
    assert "10:00 a.m." in message.body
    runner = Worker()
    while runner.send_next():
        pass
    sent = one.inquiry.events.filter(kind=Event.Kind.LETTER_SENT).values_list("detail", flat=True)
    assert letters.REMINDER in sent


def test_after_a_move_there_is_another_reminder(staff):
    one = confirmed(staff)
    assert queue.queue_appointment_reminders(reminder_time(one)) == 1
    services.move(one.inquiry, one.pk, upcoming(5), staff)
    assert not Letter.objects.filter(name=letters.REMINDER).exists()  # not sent yet, and of the former time
    one.refresh_from_db()
    assert queue.queue_appointment_reminders(reminder_time(one)) == 1


def test_whoever_confirmed_after_that_hour_is_not_reminded(staff):
    one = confirmed(staff)
    Appointment.objects.update(changed_at=reminder_time(one) + timedelta(minutes=1))
    assert queue.queue_appointment_reminders(reminder_time(one) + timedelta(hours=1)) == 0


@pytest.mark.parametrize("state", ["offered", "taken", "withdrawn", "cancelled", "no-show"])
def test_nobody_is_reminded_of_what_is_not_confirmed(staff, state):
    one = confirmed(staff)
    Appointment.objects.update(state=state)
    assert queue.queue_appointment_reminders(reminder_time(one)) == 0


def test_on_legal_hold_and_when_closed_as_booked_the_reminder_goes(staff):
    one = confirmed(staff)
    services.place_hold(one.inquiry, "a dispute", staff)
    services.move_status(one.inquiry, "closed", staff, "booked")
    assert queue.queue_appointment_reminders(reminder_time(one)) == 1


@pytest.mark.parametrize("is_held", [True, False])
def test_whoever_has_withdrawn_is_not_reminded(staff, is_held):
    one = confirmed(staff)
    if is_held:
        services.place_hold(one.inquiry, "a dispute", staff)
    queue.queue_appointment_reminders(reminder_time(one))
    services.withdraw(one.inquiry_id)
    assert queue.queue_appointment_reminders(reminder_time(one)) == 0
    assert not Letter.objects.filter(name=letters.REMINDER).exists()


def test_without_an_address_nothing_is_owed(staff):
    one = offer(inquiry(email="", channel="phone"), staff)
    services.confirm(one.inquiry, one.pk, staff)
    assert queue.queue_appointment_reminders(reminder_time(one)) == 0


def test_a_reminder_that_could_not_be_sent_in_time_is_dropped(staff):
    one = confirmed(staff)
    queue.queue_appointment_reminders(reminder_time(one))
    queue.queue_appointment_reminders(one.starts_at)
    assert not Letter.objects.filter(name=letters.REMINDER).exists()


def test_after_a_withdrawal_staffs_calendars_still_hear_of_it(staff):
    one = confirmed(staff)
    services.withdraw(one.inquiry_id)
    method, event = event_of(mail("appointment"))
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert Inquiry.objects.get().is_erased
