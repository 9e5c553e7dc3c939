"""Pages for staff outside the admin: enrolment by a link, and the language choice."""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from screening.accounts import enrolment, passkeys, qr_code
from screening.accounts.forms import CodeForm, PasskeyForm, PasswordForm
from screening.accounts.models import Enrolment

_LANGUAGE_COOKIE_AGE = timedelta(days=365)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """Enrolment: choose a password, then connect the app and prove it with a code. A GET changes nothing."""
    try:
        opened = enrolment.open_link(token)
        if request.method == "POST":
            return _post(request, opened)
    except enrolment.InvalidLink:
        return render(request, "staff/link_ended.html", status=404)
    if opened.password and "again" not in request.GET:
        return _app_step(request, opened, CodeForm())
    return _password_step(request, opened, PasswordForm(opened.member))


def _post(request: HttpRequest, opened: Enrolment) -> HttpResponse:
    if "passkey" in request.POST:
        return _add_passkey(request, opened)
    if "remove" in request.POST:
        passkeys.pending(opened).filter(name=request.POST["remove"]).delete()
        return HttpResponseRedirect(request.path)
    if "code" in request.POST or "without-app" in request.POST:
        return _finish(request, opened)
    return _choose_password(request, opened)


def _add_passkey(request: HttpRequest, opened: Enrolment) -> HttpResponse:
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return _app_step(request, opened, CodeForm(), 422, form)
    try:
        passkeys.register(opened, form.cleaned_data["passkey"], form.cleaned_data["name"])
    except passkeys.NotAccepted:
        form.add_error("name", _("The passkey was not accepted. Please try again."))
        return _app_step(request, opened, CodeForm(), 422, form)
    return HttpResponseRedirect(request.path)


def _choose_password(request: HttpRequest, opened: Enrolment) -> HttpResponse:
    form = PasswordForm(opened.member, request.POST)
    if not form.is_valid():
        return _password_step(request, opened, form, 422)
    enrolment.choose_password(opened, form.cleaned_data["password"])
    return HttpResponseRedirect(request.path)


def _finish(request: HttpRequest, opened: Enrolment) -> HttpResponse:
    has_app = "without-app" not in request.POST and not settings.STAFF_REQUIRE_PASSKEY
    form = CodeForm(request.POST)
    if has_app and not form.is_valid():
        return _app_step(request, opened, form, 422)
    try:
        codes = enrolment.finish(opened, form.cleaned_data["code"] if has_app else None)
    except enrolment.WrongCode:
        if not has_app:
            return HttpResponseRedirect(request.path)
        form.add_error("code", _("This is not the code that the app shows for us now. Enter the next one."))
        return _app_step(request, opened, form, 422)
    spaced = [" ".join((code[:4], code[4:8], code[8:])) for code in codes]
    return render(request, "staff/enrolled.html", {"member": opened.member, "codes": spaced})


def _password_step(request: HttpRequest, opened: Enrolment, form: PasswordForm, status: int = 200) -> HttpResponse:
    return render(request, "staff/choose_password.html", {"enrolment": opened, "form": form}, status=status)


def _app_step(
    request: HttpRequest,
    opened: Enrolment,
    form: CodeForm,
    status: int = 200,
    passkey_form: PasskeyForm | None = None,
) -> HttpResponse:
    context = {
        "passkey_form": passkey_form or PasskeyForm(),
        "passkeys": passkeys.pending(opened),
        "options": passkeys.registration_options(opened),
        "may_use_app": not settings.STAFF_REQUIRE_PASSKEY,
        "enrolment": opened,
        "form": form,
        "drawing": qr_code.qr_code_svg(opened),
        "key": qr_code.in_groups(opened.key),
    }
    return render(request, "staff/connect_app.html", context, status=status)


@sensitive_post_parameters()
@require_POST
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """Open the desk by a passkey alone: it is password and second factor in one."""
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}):
        onward = reverse("admin:index")
    try:
        passkey = passkeys.verify(request.POST.get("passkey", ""))
    except passkeys.NotAccepted:
        return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'next': onward, 'problem': 'passkey'})}")
    passkey.user.otp_device = passkey
    login(request, passkey.user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(onward)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Store the language in a cookie and redirect back to ``next``, if it is a page of this site."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("admin:index")
    response = HttpResponseRedirect(back)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.STAFF_LANGUAGE_COOKIE_NAME,
            request.POST["language"],
            max_age=_LANGUAGE_COOKIE_AGE,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response
