"""The forms of a record about appointments: offering times, moving one, and acting on one by a button.

Days and hours are those of the clinic. An hour that the clocks skip does not exist, and of one that comes twice the
form asks which is meant.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import set_queryset
from screening.inquiries import clinic_time, services
from screening.models import SLOT, Appointment, Inquiry, Status, is_free, slots_of

_MINUTES = (15, 20, 30, 45, 60, 90)
_FURTHEST = 365  # days
_FIRST, _SECOND = "first", "second"
_HOUR_TAKEN = _("Another appointment is at this time. Choose another one")
_GONE = _("This appointment is not there any more")


class AppointmentForm(forms.Form):
    """Names an appointment of the inquiry, for a button."""

    appointment: forms.ModelChoiceField = forms.ModelChoiceField(
        None, widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid_choice"), _GONE)
    )

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="appointment_%s", label_suffix="")
        set_queryset(self, "appointment", inquiry.appointments.all())


class _TimesForm(forms.Form):
    """``rows`` are the suffixes of its fields ``date``, ``time`` and ``which``; all rows have one length and kind."""

    minutes = forms.TypedChoiceField(
        label=_("How long"),
        coerce=int,
        initial=30,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the lengths")),
    )
    kind = forms.ChoiceField(
        label=_("How"),
        choices=Appointment.Kind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose call, video or visit")),
    )
    link = forms.URLField(
        label=_("Link of the video call (you may add it later)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter the whole link, such as https://meet.example/room")},
    )

    rows: tuple[str, ...] = ("",)

    def __init__(self, inquiry: Inquiry, data: Mapping[str, Any] | None, auto_id: str, initial: dict[str, Any]):
        super().__init__(data, auto_id=auto_id, label_suffix="", initial=initial)
        self.inquiry = inquiry
        lengths = sorted({*_MINUTES, initial.get("minutes", _MINUTES[0])})
        cast(forms.ChoiceField, self.fields["minutes"]).choices = [
            (minutes, gettext("%(minutes)d minutes") % {"minutes": minutes}) for minutes in lengths
        ]
        for row in self.rows:
            self.fields |= _fields(row)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(self.fields["link"].error_messages["invalid"])
        return link

    @property
    def time_fields(self) -> Iterator[dict[str, forms.BoundField]]:
        """The fields of each row. ``which`` is asked only where it is needed."""
        for row in self.rows:
            which = self[f"which{row}"]
            yield {"date": self[f"date{row}"], "time": self[f"time{row}"]} | (
                {"which": which} if which.errors or which.value() else {}
            )

    def moment(self, row: str) -> datetime | None:
        """The moment of a row in UTC; None if it is empty or has an error, which is added."""
        day, hour = self.cleaned_data.get(f"date{row}"), self.cleaned_data.get(f"time{row}")
        if day is None or hour is None:
            self._require_both(row)
            return None
        try:
            return _check_moment(row, self._to_utc(row, day, hour))
        except forms.ValidationError as problem:
            self.add_error(None, problem)  # names its field
            return None

    def _to_utc(self, row: str, day: date, hour: time) -> datetime:
        which = self.cleaned_data.get(f"which{row}")
        try:
            return clinic_time.to_utc(day, hour, second_time=which == _SECOND if which else None)
        except clinic_time.MissingHour:
            problem = _("This hour does not exist on that day: the clocks go forward over it. Choose another one")
            raise forms.ValidationError({f"time{row}": problem}) from None
        except clinic_time.DoubledHour:
            problem = _("This hour comes twice on that day, since the clocks go back. Choose which one is meant")
            raise forms.ValidationError({f"which{row}": problem}) from None

    def _require_both(self, row: str) -> None:
        for name, other, problem in (
            ("date", "time", _("Enter the day too")),
            ("time", "date", _("Enter the time too")),
        ):
            is_empty = self.cleaned_data.get(f"{name}{row}") is None and f"{name}{row}" not in self.errors
            if is_empty and (self.cleaned_data.get(f"{other}{row}") is not None or f"{other}{row}" in self.errors):
                self.add_error(f"{name}{row}", problem)

    def time_at(self, moment: datetime) -> services.Time:
        values = self.cleaned_data
        link = values["link"] if values["kind"] == Appointment.Kind.VIDEO else ""
        return services.Time(moment, values["minutes"], values["kind"], link)


class OfferForm(_TimesForm):
    """Up to five times; empty rows are left out. ``cleaned_data["times"]`` are what is offered."""

    rows = tuple(f"_{number}" for number in range(1, services.MAX_OFFERS + 1))

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(inquiry, data, "offer_%s", {"kind": Appointment.Kind.CALL})
        self.can_offer = inquiry.status != Status.CLOSED

    def clean(self) -> dict[str, Any]:
        super().clean()
        moments = {row: self.moment(row) for row in self.rows}
        minutes = self.cleaned_data.get("minutes")
        if minutes:
            self._check_free({row: moment for row, moment in moments.items() if moment}, minutes)
        if not any(moments.values()) and not self.errors:
            self.add_error("date_1", _("Enter at least one day and time"))
        if not self.errors:
            self.cleaned_data["times"] = [self.time_at(moment) for moment in moments.values() if moment]
        return self.cleaned_data

    def _check_free(self, moments: dict[str, datetime], minutes: int) -> None:
        offers = list(self.inquiry.appointments.open_offers())
        if len(offers) + len(moments) > services.MAX_OFFERS:
            problem = gettext("At most %(most)d times can be open. Withdraw one first, or offer fewer")
            self.add_error(None, problem % {"most": services.MAX_OFFERS})
        offered = {slot for offer in offers for slot in offer.slots}
        for row, moment in moments.items():
            slots = slots_of(moment, minutes)
            if not is_free(slots):
                self.add_error(f"time{row}", _HOUR_TAKEN)
            elif offered & set(slots):
                self.add_error(f"time{row}", _("This time, or a part of it, is offered to them already"))
            offered |= set(slots)


class MoveTimeForm(_TimesForm):
    """Another time for a booked appointment that is still to come; ``to`` is the time."""

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        booked = inquiry.appointments.booked().filter(starts_at__gt=timezone.now())
        first = booked.first()
        super().__init__(inquiry, data, "moving_%s", _initial(first) if first else {})
        self.fields["appointment"] = _AppointmentChoice(
            booked,
            label=_("Which appointment"),
            empty_label=None,
            initial=first,
            error_messages=dict.fromkeys(("required", "invalid_choice"), _GONE),
        )
        self.can_move = first is not None
        for name in ("date", "time"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Enter the day") if name == "date" else _("Enter the time")

    def clean(self) -> dict[str, Any]:
        super().clean()
        moment = self.moment("") if not {"date", "time"} & set(self.errors) else None
        if moment and not self.errors:
            to = self.time_at(moment)
            if not is_free(slots_of(to.starts_at, to.minutes), for_appointment=self.cleaned_data["appointment"]):
                self.add_error("time", _HOUR_TAKEN)
            self.cleaned_data["to"] = to
        return self.cleaned_data


def _check_moment(row: str, moment: datetime) -> datetime:
    """The moment. Raises ValidationError if it is over, too far ahead, or no multiple of five minutes."""
    now = timezone.now()
    furthest = min(_FURTHEST, settings.RETENTION_DAYS)
    if moment <= now:
        raise forms.ValidationError({f"time{row}": _("This time is over. Choose a later one")})
    if moment > now + timedelta(days=furthest):
        problem = gettext("Choose a day within the next %(days)d days. After that, an inquiry is erased")
        raise forms.ValidationError({f"date{row}": problem % {"days": furthest}})
    if (moment - datetime(2000, 1, 1, tzinfo=UTC)) % SLOT:
        raise forms.ValidationError({f"time{row}": _("Choose a multiple of five minutes, such as 10:05")})
    return moment


class _AppointmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        return date_format(clinic_time.local(cast(Appointment, obj).starts_at), "SHORT_DATETIME_FORMAT")


def _initial(appointment: Appointment) -> dict[str, Any]:
    at = clinic_time.local(appointment.starts_at)
    return {
        "date": at.date(),
        "time": at.time(),
        "minutes": appointment.minutes,
        "kind": appointment.kind,
        "link": appointment.link or "",
    }


def _fields(row: str) -> dict[str, forms.Field]:
    return {
        f"date{row}": forms.DateField(
            label=_("Day"),
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Enter the day like 2027-01-31")},
        ),
        f"time{row}": forms.TimeField(
            label=_("Time"),
            required=False,
            input_formats=["%H:%M", "%H:%M:%S"],
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300}),
            error_messages={"invalid": _("Enter the time like 14:30")},
        ),
        f"which{row}": forms.ChoiceField(
            label=_("Which of the two"),
            required=False,
            choices=[
                ("", "–"),
                (_FIRST, _("the first, before the clocks go back")),
                (_SECOND, _("the second, after they have gone back")),
            ],
        ),
    }
