"""A letter from staff to the patient: choose a letter, write a paragraph, preview, send.

The text is carried from page to page in the form, so that no URL holds it and nothing is stored before it is sent.
"""

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from screening.accounts import permissions
from screening.desk.record.actions import ActionResult
from screening.desk.record.forms import LetterForm
from screening.desk.record.page import inquiry_view, redirect_to_record, render_page
from screening.desk.record.timeline import TimelineEntry, timeline
from screening.desk.record.version import reload, version_from
from screening.inquiries import services
from screening.inquiries.patient_links import page_token, withdraw_token
from screening.models import Inquiry
from screening.outbox import letters, queue


@inquiry_view("GET", "POST", may=permissions.may_edit)
def letter_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    newest, inquiry = reload(inquiry)
    if inquiry.is_withdrawn:
        return redirect_to_record(request, inquiry, _withdrawn())
    if request.method == "GET":
        return _write_page(desk, request, inquiry, LetterForm(), newest)
    if request.POST.get("do") == "edit":
        typed = {name: request.POST.get(name, "") for name in LetterForm.base_fields}
        return _write_page(desk, request, inquiry, LetterForm(typed=typed), version_from(request.POST))
    return _preview_or_send(desk, request, inquiry, LetterForm(request.POST))


def _preview_or_send(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, form: LetterForm) -> HttpResponse:
    version = version_from(request.POST)
    try:
        if form.is_valid():
            return _send(desk, request, inquiry, form, version) or _preview_page(desk, request, inquiry, form, version)
    except letters.NoSuchLetter:
        form.add_error("name", _("This letter is not there any more. Choose another"))
    except letters.PlaceholderMissing as hole:
        form.add_error("free_text", _missing_placeholders_message(hole.names))
    except letters.NoAddress:
        pass  # the page shows that there is no address
    except services.IsWithdrawn:
        return redirect_to_record(request, inquiry, _withdrawn())
    return _write_page(desk, request, inquiry, form, version, 422)


def _send(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, form: LetterForm, version: int
) -> HttpResponse | None:
    """Queue the letter; None if the form asks only for the preview."""
    if request.POST.get("do") != "send":
        return None
    try:
        by = permissions.staff_user(request)
        queue.queue_letter(inquiry, form.cleaned_data["name"], form.cleaned_data["free_text"], by, version=version)
    except services.Conflict as conflict:
        version, inquiry = reload(inquiry)
        return _preview_page(desk, request, inquiry, form, version, timeline(inquiry, conflict.events))
    desk.log_change(request, inquiry, [{"changed": {"fields": ["letter"]}}])
    return redirect_to_record(request, inquiry, ActionResult(_("The letter is on its way."), "letters"))


def _write_page(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, form: LetterForm, version: int, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "address": inquiry.contact.get("email"),
        "letter_language": letters.language_of(inquiry),
        "choices": [(choice, _sample(inquiry, choice.data["value"])) for choice in form["name"]],
    }
    return render_page(desk, request, inquiry, "letter", status, **context)


def _preview_page(
    desk: ModelAdmin,
    request: HttpRequest,
    inquiry: Inquiry,
    form: LetterForm,
    version: int,
    conflicts: list[TimelineEntry] | None = None,
) -> HttpResponse:
    """The letter as it will be sent. ``conflicts``: what colleagues did since the page was made."""
    written = letters.preview(inquiry, form.cleaned_data["name"], form.cleaned_data["free_text"])
    context = {
        "form": form,
        "version": version,
        "written": written,
        "letter": _without_patient_links(inquiry, written),
        "translation": _translated_preview(inquiry, form),
        "conflicts": conflicts,
        "letter_language": letters.language_of(inquiry),
    }
    return render_page(desk, request, inquiry, "letter_preview", 422 if conflicts else 200, **context)


def _translated_preview(inquiry: Inquiry, form: LetterForm) -> tuple[str, SafeString] | None:
    """Subject and text in the reader's language, if the patient's is another; the paragraph stays as typed."""
    if get_language() == letters.language_of(inquiry):
        return None
    try:
        written = letters.preview(
            inquiry, form.cleaned_data["name"], form.cleaned_data["free_text"], language=get_language()
        )
    except (letters.NoSuchLetter, letters.PlaceholderMissing):
        return None
    return written.subject, _without_patient_links(inquiry, written)


def _sample(inquiry: Inquiry, name: str) -> SafeString | None:
    """The letter with dots in place of the paragraph; None if it cannot be sent to this patient."""
    try:
        return _without_patient_links(inquiry, letters.preview(inquiry, name, "…"))
    except (letters.NoSuchLetter, letters.NoAddress, letters.PlaceholderMissing):
        return None


def _without_patient_links(inquiry: Inquiry, written: letters.RenderedLetter) -> SafeString:
    """The letter without the tokens of the patient's links: with one of them they erase the inquiry."""
    return mark_safe(written.html.replace(withdraw_token(inquiry), "…").replace(page_token(inquiry), "…"))


def _missing_placeholders_message(names: set[str]) -> str:
    if "free_text" in names:
        return _("This letter needs a paragraph of your own. Write it here")
    return _("This letter has blanks that cannot be filled: %(names)s. Tell the person who looks after the texts") % {
        "names": ", ".join(sorted(names))
    }


def _withdrawn() -> ActionResult:
    return ActionResult(_("The patient has withdrawn this inquiry. No letter was sent."), "", is_refused=True)
