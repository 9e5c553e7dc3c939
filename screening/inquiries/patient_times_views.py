"""What the patient does with times, on their own page: choose a time zone, take a time, ask for others, cancel.

Each answer is a redirect to the page. If a time is gone, the page says why and shows what is left.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from screening.inquiries import clinic_time, patient_times, services
from screening.inquiries.calendar_files import calendar_file
from screening.inquiries.message_forms import OtherTimesForm
from screening.inquiries.patient_page_views import receive_text, uuid_or_new
from screening.inquiries.patient_session import redirect_with_problem, requires_inquiry, requires_session
from screening.models import Appointment, Inquiry, PatientAccess

_PROBLEMS = {
    services.TimeTaken: patient_times.TAKEN,
    services.TimePast: patient_times.OVER,
    services.OfferEnded: patient_times.ENDED,
    services.InquiryClosed: patient_times.CLOSED,
}


@require_POST
@requires_session
def choose_zone(request: HttpRequest, inquiry: Inquiry, token: str, access: PatientAccess) -> HttpResponse:
    services.save_time_zone(access, clinic_time.known_zone(request.POST.get("zone", "")))
    return _to_times(token)


@require_POST
@requires_session
def take_time(request: HttpRequest, inquiry: Inquiry, token: str, access: PatientAccess) -> HttpResponse:
    try:
        services.take(inquiry.pk, _appointment_id(request.POST), patient_times.zone_of(inquiry, access))
    except tuple(_PROBLEMS) as problem:
        return redirect_with_problem(token, _PROBLEMS[type(problem)])
    except services.IsWithdrawn:  # the page says so
        pass
    return _to_times(token)


@require_POST
@requires_session
def cancel_appointment(request: HttpRequest, inquiry: Inquiry, token: str, access: PatientAccess) -> HttpResponse:
    try:
        services.cancel_by_patient(inquiry.pk, _appointment_id(request.POST))
    except (services.TimePast, services.OfferEnded):
        return redirect_with_problem(token, patient_times.OVER)
    except services.IsWithdrawn:  # the page says so
        pass
    return _to_times(token)


@require_POST
@never_cache
@requires_inquiry
def ask_for_other_times(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    return receive_text(request, inquiry, token, OtherTimesForm(request.POST), services.ask_for_other_times)


@require_GET
@requires_session
def calendar(request: HttpRequest, inquiry: Inquiry, token: str, access: PatientAccess) -> HttpResponse:
    """The iCalendar file of an appointment."""
    made = (*Appointment.BOOKED, Appointment.State.CANCELLED)
    appointment = inquiry.appointments.filter(pk=_appointment_id(request.GET), state__in=made).first()
    if appointment is None:
        return redirect_with_problem(token, patient_times.ENDED)
    response = HttpResponse(calendar_file(appointment), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{inquiry.reference}.ics"'
    return response


def _appointment_id(data: QueryDict) -> UUID:
    """The id in a form or query; one that no appointment has if it is malformed."""
    return uuid_or_new(data.get("appointment", ""))


def _to_times(token: str) -> HttpResponse:
    return redirect(f"{reverse('inquiry', args=[token])}#times")
