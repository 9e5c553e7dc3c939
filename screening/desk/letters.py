"""A member of staff writes to the patient: choose a letter, write a paragraph, look at the whole, send it.

What was typed goes from page to page in the form itself, so it is in no address and is kept nowhere before it is sent.
"""

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from screening.desk import rights
from screening.desk.actions import Done
from screening.desk.forms import LetterForm
from screening.desk.happenings import Happening, told
from screening.desk.pages import back_to_the_record, of_an_inquiry, page
from screening.desk.seen import as_it_stands, seen_in
from screening.inquiries import letters, records
from screening.inquiries.tokens import withdraw_token
from screening.models import Inquiry


@of_an_inquiry("GET", "POST", may=rights.may_work)
def letter_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    newest, inquiry = as_it_stands(inquiry)
    if inquiry.is_withdrawn:
        return back_to_the_record(request, inquiry, _withdrawn())
    if request.method == "GET":
        return _to_write(desk, request, inquiry, LetterForm(), newest)
    if request.POST.get("do") == "edit":
        typed = {name: request.POST.get(name, "") for name in LetterForm.base_fields}
        return _to_write(desk, request, inquiry, LetterForm(typed=typed), seen_in(request.POST))
    return _looked_at_or_sent(desk, request, inquiry, LetterForm(request.POST))


def _looked_at_or_sent(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, form: LetterForm) -> HttpResponse:
    seen = seen_in(request.POST)
    try:
        if form.is_valid():
            return _send(desk, request, inquiry, form, seen) or _to_look_at(desk, request, inquiry, form, seen)
    except letters.NoSuchLetter:
        form.add_error("name", _("This letter is not there any more. Choose another"))
    except letters.BlankMissing as hole:
        form.add_error("free_text", _hole_in_words(hole.names))
    except letters.NoAddress:
        pass  # the page says so wherever there is none
    except records.IsWithdrawn:
        return back_to_the_record(request, inquiry, _withdrawn())
    return _to_write(desk, request, inquiry, form, seen, 422)


def _send(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, form: LetterForm, seen: int) -> HttpResponse | None:
    """None where it was not asked for."""
    if request.POST.get("do") != "send":
        return None
    try:
        records.send_letter(inquiry, form.cleaned_data["name"], form.cleaned_data["free_text"], request.user, seen=seen)
    except records.Stale as stale:
        seen, inquiry = as_it_stands(inquiry)
        return _to_look_at(desk, request, inquiry, form, seen, told(inquiry, stale.events))
    desk.log_change(request, inquiry, [{"changed": {"fields": ["letter"]}}])
    return back_to_the_record(request, inquiry, Done(_("The letter is on its way."), "letters"))


def _to_write(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, form: LetterForm, seen: int, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "seen": seen,
        "address": inquiry.contact.get("email"),
        "goes_out_in": letters.language_of(inquiry),
        "choices": [(choice, _sample(inquiry, choice.data["value"])) for choice in form["name"]],
    }
    return page(desk, request, inquiry, "letter", status, **context)


def _to_look_at(
    desk: ModelAdmin,
    request: HttpRequest,
    inquiry: Inquiry,
    form: LetterForm,
    seen: int,
    meanwhile: list[Happening] | None = None,
) -> HttpResponse:
    """The whole letter as it will be sent, with what colleagues did ``meanwhile`` where that came in between."""
    written = letters.preview(inquiry, form.cleaned_data["name"], form.cleaned_data["free_text"])
    context = {
        "form": form,
        "seen": seen,
        "written": written,
        "letter": _to_be_shown(inquiry, written),
        "in_yours": _in_the_readers_language(inquiry, form),
        "meanwhile": meanwhile,
        "goes_out_in": letters.language_of(inquiry),
    }
    return page(desk, request, inquiry, "letter_preview", 422 if meanwhile else 200, **context)


def _in_the_readers_language(inquiry: Inquiry, form: LetterForm) -> tuple[str, SafeString] | None:
    """Subject and text for a reader of another language, the paragraph as it was typed; None where there is none."""
    if get_language() == letters.language_of(inquiry):
        return None
    try:
        written = letters.preview(
            inquiry, form.cleaned_data["name"], form.cleaned_data["free_text"], language=get_language()
        )
    except (letters.NoSuchLetter, letters.BlankMissing):
        return None
    return written.subject, _to_be_shown(inquiry, written)


def _sample(inquiry: Inquiry, name: str) -> SafeString | None:
    """The letter as this person would get it, with dots where staff's own words go; None where it cannot be sent."""
    try:
        return _to_be_shown(inquiry, letters.preview(inquiry, name, "…"))
    except (letters.NoSuchLetter, letters.NoAddress, letters.BlankMissing):
        return None


def _to_be_shown(inquiry: Inquiry, written: letters.Written) -> SafeString:
    """Without the key of the link by which a person withdraws: it is theirs, and would erase what they sent."""
    return mark_safe(written.html.replace(withdraw_token(inquiry), "…"))


def _hole_in_words(names: set[str]) -> str:
    if "free_text" in names:
        return _("This letter needs a paragraph of your own. Write it here")
    return _("This letter has blanks that cannot be filled: %(names)s. Tell the person who looks after the texts") % {
        "names": ", ".join(sorted(names))
    }


def _withdrawn() -> Done:
    return Done(_("The patient has withdrawn this inquiry. No letter was sent."), "", is_refused=True)
