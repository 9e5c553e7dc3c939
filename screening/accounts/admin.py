"""Staff accounts in the admin, for managers: groups, activation and enrolment links.

Nobody can change their own account here, and only a superuser can change another superuser's account. So a manager
can neither gain a permission nor take over an account that has more.
"""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice

from screening.accounts import enrolment, recovery_codes
from screening.accounts.audit_trail import AccountEvent, audit_trail, log_event
from screening.accounts.calendar_feeds import end_feed
from screening.accounts.forms import MemberForm
from screening.accounts.models import Enrolment, Member, Passkey
from screening.accounts.permissions import GROUP_LABELS, may_manage_staff, staff_user
from screening.models import Inquiry, Status

# MemberAdmin replaces these pages of Django and django-otp.
for _model in (User, Group, StaticDevice):
    admin.site.unregister(_model)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    form = MemberForm
    list_display = ("account", "group", "state", "last_sign_in")
    empty_value_display = ""
    sortable_by = ()
    actions = None
    show_full_result_count = False
    change_form_template = "admin/staff/member/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return (
            super()
            .get_queryset(request)
            .filter(is_staff=True)
            .prefetch_related("groups")
            .order_by("-is_active", "username")
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="staff_member_changelist"),
            path("add/", wrap(self.add_view), name="staff_member_add"),
            path("<int:object_id>/change/", wrap(self.change_view), name="staff_member_change"),
            path("<int:object_id>/link/", wrap(self.link_view), name="staff_member_link"),
            path("<int:object_id>/reset/", wrap(self.reset_view), name="staff_member_reset"),
            path(
                "<int:object_id>/passkey/<uuid:passkey_id>/",
                wrap(self.remove_passkey_view),
                name="staff_member_passkey",
            ),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        user = request.user
        if isinstance(user, AnonymousUser) or not may_manage_staff(user) or (obj and obj.pk == user.pk):
            return False
        return not (obj and obj.is_superuser) or user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Member | None = None) -> tuple[str, ...]:
        fields = ("username", "first_name", "last_name", "email", "group")
        return (*fields, "is_active") if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> list[str]:
        return ["username"] if obj else []

    @admin.display(description=_("account"))
    def account(self, member: Member) -> str:
        name = member.get_full_name()
        return f"{name} ({member.username})" if name else member.username

    @admin.display(description=_("group"))
    def group(self, member: Member) -> str:
        if member.is_superuser:
            return gettext("Technician: may do everything")
        label, _meaning = GROUP_LABELS.get(member.group_name, ("–", ""))
        return str(label)

    @admin.display(description=_("state"))
    def state(self, member: Member) -> str:
        return gettext("may sign in") if member.is_active else gettext("deactivated")

    @admin.display(description=_("last sign-in"))
    def last_sign_in(self, member: Member) -> str:
        return date_format(localtime(member.last_login)) if member.last_login else gettext("never signed in")

    def change_view(
        self,
        request: HttpRequest,
        object_id: int | str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        member = self.get_object(request, str(object_id))
        context = self._member_context(request, member) if member and self.has_view_permission(request, member) else {}
        return super().change_view(request, str(object_id), form_url, {**context, **(extra_context or {})})

    def _member_context(self, request: HttpRequest, member: Member) -> dict[str, Any]:
        """Template context for what is shown beside the form."""
        return {
            "group_in_words": self.group(member),
            "is_self": member.pk == request.user.pk,
            "may_change": self.has_change_permission(request, member),
            "enrolment": Enrolment.objects.filter(member_id=member.pk).first(),
            "passkeys": Passkey.objects.filter(user_id=member.pk, confirmed=True).order_by("created_at"),
            "codes_left": recovery_codes.remaining_codes(member),
            "history": audit_trail(member),
        }

    def save_model(self, request: HttpRequest, obj: Member, form: MemberForm, change: bool) -> None:
        before = Member.objects.prefetch_related("groups").get(pk=obj.pk) if change else None
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        obj.groups.set([Group.objects.get(name=form.cleaned_data["group"])])
        self._log_changes(staff_user(request), before, obj, form)
        if before and before.is_active and not obj.is_active:
            Enrolment.objects.filter(member_id=obj.pk).delete()
            end_feed(obj, staff_user(request))
            self._warn_about_open_inquiries(request, obj)

    @staticmethod
    def _log_changes(user: User, before: Member | None, member: Member, form: MemberForm) -> None:
        group = form.cleaned_data["group"]
        if before is None:
            log_event(AccountEvent.MADE, member, user, group)
            return
        if before.group_name != group:
            log_event(AccountEvent.GROUP, member, user, f"{before.group_name} → {group}")
        if before.is_active != member.is_active:
            event = AccountEvent.REACTIVATED if member.is_active else AccountEvent.DEACTIVATED
            log_event(event, member, user)
        if {"first_name", "last_name", "email"} & set(form.changed_data):
            log_event(AccountEvent.DETAILS, member, user)

    @staticmethod
    def _warn_about_open_inquiries(request: HttpRequest, member: Member) -> None:
        """Warn if open inquiries are still assigned to the deactivated account."""
        count = Inquiry.objects.filter(assignee_id=member.pk).exclude(status=Status.CLOSED).count()
        if count:
            text = gettext("Open inquiries that are still assigned to this account: %(count)s. Assign them to others.")
            messages.warning(request, text % {"count": count})

    def log_addition(self, request: HttpRequest, obj: Member, message: Any) -> Any:
        """Write no log entry: `_log_changes` writes its own."""

    log_change = log_addition

    def link_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """On POST, create an enrolment link and show it, once."""
        member = self._changeable_member(request, object_id)
        back = reverse("admin:staff_member_change", args=[member.pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        if not member.is_active:
            messages.error(request, _("This account is deactivated. Activate it first."))
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enrolment link"),
            "opts": self.opts,
            "member": member,
            "secret": enrolment.create_link(member, staff_user(request)),
            "back": back,
            "enrolment": Enrolment.objects.get(member_id=member.pk),
        }
        return TemplateResponse(request, "admin/staff/member/link.html", context)

    def reset_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """On POST, delete the app, recovery codes and link; sessions that they verified lose access at once."""
        member = self._changeable_member(request, object_id)
        if request.method == "POST":
            enrolment.reset_credentials(member)
            log_event(AccountEvent.CODES_ENDED, member, staff_user(request))
            messages.success(request, _("App and passkeys are reset. Make a link so that they can sign in again."))
        return HttpResponseRedirect(reverse("admin:staff_member_change", args=[member.pk]))

    def remove_passkey_view(self, request: HttpRequest, object_id: int, passkey_id: UUID) -> HttpResponse:
        """On POST, remove one passkey; a session that it opened loses access at once."""
        member = self._changeable_member(request, object_id)
        found = Passkey.objects.filter(pk=passkey_id, user_id=member.pk, confirmed=True)
        if request.method == "POST" and found.delete()[0]:
            log_event(AccountEvent.PASSKEY_REMOVED, member, staff_user(request))
            messages.success(request, _("The passkey is removed."))
        return HttpResponseRedirect(reverse("admin:staff_member_change", args=[member.pk]))

    def _changeable_member(self, request: HttpRequest, object_id: int) -> Member:
        """The member, if this user may change them. Raises PermissionDenied or Http404 otherwise."""
        if not may_manage_staff(staff_user(request)):
            raise PermissionDenied
        member: Member | None = self.get_object(request, str(object_id))
        if member is None:
            raise Http404
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        return member
