"""Views of the questionnaire. The URL names the step, the form validates, `flow` decides what follows."""

from math import ceil

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from content.library import library
from crc_site.middleware.client_address import client_address
from crc_site.middleware.languages import translated_path
from screening.models import Draft
from screening.questionnaire import drafts, fhir, flow, rate_limits, rejected_input, wording_versions
from screening.questionnaire.forms import StepForm
from screening.questionnaire.steps import FOR_SOMEONE_ELSE, QUESTIONNAIRE
from screening.questionnaire.types import Answers, Step

# Hidden fields of a page: the token of its draft, and the version of the consent text that it shows.
MADE_FOR = "made_for"
CONSENT_SHOWN = "shown"


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    has_draft = drafts.find_draft(drafts.draft_id_from(request)) is not None
    return render(request, "candidacy/start.html", {"has_draft": has_draft, "steps": QUESTIONNAIRE.steps})


@require_safe
@cache_control(public=True, max_age=300)
def questions(request: HttpRequest) -> HttpResponse:
    """All questions on one page, to read or print."""
    return render(request, "candidacy/questions.html", {"steps": QUESTIONNAIRE.steps})


@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def questionnaire_fhir(request: HttpRequest) -> HttpResponse:
    """The questionnaire as one FHIR resource in all languages."""
    response = HttpResponse(fhir.published(), content_type=fhir.MEDIA_TYPE)
    response.headers["Content-Language"] = ", ".join(sorted(wording_versions.current_wording()[1]))
    return response


@require_safe
@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """Redirect to the first unanswered step, or to the check page."""
    draft = drafts.find_draft(drafts.draft_id_from(request))
    return redirect(_next_url(draft.answers if draft else {}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step(request: HttpRequest, slug: str) -> HttpResponse:
    current_step = QUESTIONNAIRE.find_step(slug)
    if current_step is None:
        raise Http404
    draft_id = drafts.draft_id_from(request)
    draft = drafts.find_draft(draft_id)
    answers = draft.answers if draft else {}
    if draft is None and not _is_first(current_step) and (draft_id or request.method == "POST"):
        return redirect("sent")  # which says whether it was sent or has expired
    if not flow.may_visit(QUESTIONNAIRE, answers, current_step):
        return redirect(_next_url(answers))
    if request.method == "POST":
        return _handle_post(request, current_step, draft, answers)
    return _handle_get(request, current_step, draft, answers)


def _handle_post(request: HttpRequest, step: Step, draft: Draft | None, answers: Answers) -> HttpResponse:
    """Save the answers and redirect to the next page, or store the rejected input and redirect to the same page."""
    form = _bound_form(step, answers, request.POST)
    reason = _reason_to_reject(request, step, draft, form)
    consent = wording_versions.consent_version(get_language()) if _is_first(step) else ""
    try:
        with transaction.atomic():
            rate_limits.check_rate_limit(rate_limits.STEPS, client_address(request))
            saved = None if reason else drafts.save_answers(draft.pk if draft else None, form.answers(), consent)
    except rate_limits.RateLimited as limited:
        saved = None
        if reason != rejected_input.OTHER_DRAFT:
            reason = rejected_input.RATE_LIMITED
        if draft is not None and not _may_store_rejected(request):
            return _render_rate_limited(request, step, draft, reason, limited.seconds)
    if reason:
        response = redirect(request.get_full_path())
        names = [*form.fields, CONSENT_SHOWN]
        rejected_input.store(response, draft, rejected_input.from_post(step.slug, reason, request.POST, names))
        return response
    if saved is None:
        return redirect("sent")
    response = redirect(_url_after(step, saved.answers, _is_changing(request)))
    drafts.set_draft_cookie(response, saved)
    return response


def _may_store_rejected(request: HttpRequest) -> bool:
    """Whether input above the rate limit is stored; also limited, so that the rate limit bounds the writes."""
    try:
        rate_limits.check_rate_limit(rate_limits.STORED_INPUT, client_address(request))
    except rate_limits.RateLimited:
        return False
    return True


def _render_rate_limited(request: HttpRequest, step: Step, draft: Draft, reason: str, seconds: int) -> HttpResponse:
    """Render the page with its input directly, without writing anything."""
    form = StepForm(step, draft.answers, typed=request.POST)
    problem = "other-draft" if reason == rejected_input.OTHER_DRAFT else "too-many"
    return with_retry_after(_render_page(request, step, draft, form, 429, problem, ceil(seconds / 60)), seconds)


def _reason_to_reject(request: HttpRequest, step: Step, draft: Draft | None, form: StepForm) -> str:
    """The reason to reject the POST, a constant of `rejected_input`, or ""."""
    made_for = request.POST.get(MADE_FOR)
    # A page rendered before the draft was created has an empty token; one of an earlier release has no such field.
    is_for_this_draft = made_for in (None, drafts.page_token(draft)) or (_is_first(step) and made_for == "")
    if not is_for_this_draft:
        return rejected_input.OTHER_DRAFT  # first, since the page that is rendered next has this draft's token
    if "reading" in request.POST:
        return rejected_input.NOT_VALIDATED
    return "" if form.is_valid() else rejected_input.INVALID


def _handle_get(request: HttpRequest, step: Step, draft: Draft | None, answers: Answers) -> HttpResponse:
    """Render the page with the stored answers, or with the rejected input."""
    rejected = rejected_input.find(request, draft, step.slug)
    if rejected is None:
        return _render_page(request, step, draft, StepForm(step, answers))
    post_data = rejected.as_post_data()
    if rejected.reason == rejected_input.INVALID:
        form = _bound_form(step, answers, post_data)
        if not form.is_valid():
            return _render_page(request, step, draft, form, 422)
    form = StepForm(step, answers, typed=post_data)
    if rejected.reason == rejected_input.RATE_LIMITED:
        seconds = rate_limits.seconds_until_free(rate_limits.STEPS, client_address(request))
        if seconds:
            page = _render_page(request, step, draft, form, 429, "too-many", ceil(seconds / 60))
            return with_retry_after(page, seconds)
    if rejected.reason == rejected_input.OTHER_DRAFT:
        return _render_page(request, step, draft, form, 422, "other-draft")
    return _render_page(request, step, draft, form)


def _bound_form(step: Step, answers: Answers, post_data: QueryDict) -> StepForm:
    """The form with data; adds an error if the consent text has changed since the page was rendered."""
    form = StepForm(step, answers, data=post_data)
    if _is_first(step):
        consent = wording_versions.consent_version(get_language())
        if form.is_valid() and post_data.get(CONSENT_SHOWN, consent) != consent:
            form.add_error(
                "consent", _("This text has changed since you opened the page. Read it once more, then continue")
            )
    return form


def _is_first(step: Step) -> bool:
    return step == QUESTIONNAIRE.steps[0]


def _is_changing(request: HttpRequest) -> bool:
    """Whether the person follows Change on the check page."""
    return "change" in request.GET


def with_retry_after(response: HttpResponse, seconds: int) -> HttpResponse:
    response.headers["Retry-After"] = str(seconds)
    return response


def _render_page(
    request: HttpRequest,
    step: Step,
    draft: Draft | None,
    form: StepForm,
    status: int = 200,
    problem: str = "",
    wait_minutes: int = 0,
) -> HttpResponse:
    """``problem`` names why the POST was rejected, unless the form has errors: "other-draft" or "too-many"."""
    answers = draft.answers if draft else {}
    previous = flow.previous_step(QUESTIONNAIRE, answers, step)
    criteria = library().texts_in().criteria
    total = flow.total_steps(QUESTIONNAIRE, answers, step)
    context = {
        "step": step,
        "form": form,
        "form_token": drafts.form_token(draft, {field.name: field.value() for field in form}),
        "made_for": drafts.page_token(draft),
        # The first step is the consent, not a question.
        "position": flow.path(QUESTIONNAIRE, answers).index(step),
        "questions_in_all": total and total - 1,
        "back": reverse("check")
        if _is_changing(request)
        else reverse("step", args=[previous.slug])
        if previous
        else reverse("candidacy"),
        "criteria": [criteria[id_] for id_ in flow.criteria_for(step, answers)],
        "is_for_someone_else": FOR_SOMEONE_ELSE.holds(answers),
        "consent_shown": wording_versions.consent_version(get_language()) if previous is None else "",
        "problem": problem,
        "wait_minutes": wait_minutes,
    }
    if _is_changing(request):
        context["other_languages"] = translated_path(request.path, "?change")
    return render(request, "candidacy/step.html", context, status=status)


def _url_after(step: Step, answers: Answers, is_changing: bool) -> str:
    """The next page's URL; after Change the first step that became unanswered, or the check page."""
    if is_changing:
        return _next_url(answers, "?change")
    if not step.is_asked(answers):  # another tab changed the path
        return _next_url(answers)
    next_step = flow.next_step(QUESTIONNAIRE, answers, step)
    return reverse("step", args=[next_step.slug]) if next_step else _next_url(answers)


def _next_url(answers: Answers, query: str = "") -> str:
    """The URL of the first unanswered step, or of the check page if there is none."""
    unanswered = flow.first_unanswered(QUESTIONNAIRE, answers)
    return reverse("step", args=[unanswered.slug]) + query if unanswered else reverse("check")
