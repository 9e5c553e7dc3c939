"""The filter form of the inbox: status, assignee, language."""

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import set_choices
from screening.desk.inbox.listing import UNASSIGNED, Listing
from screening.desk.labels import staff_name
from screening.desk.presenters import language_name


class FilterForm(forms.Form):
    """Renders the filters of a Listing; only Listing parses them."""

    status = forms.ChoiceField(required=False, label=_("Status"))
    assignee = forms.ChoiceField(required=False, label=_("Assigned to"))
    language = forms.ChoiceField(required=False, label=_("Language"))

    def __init__(self, listing: Listing):
        super().__init__(
            initial={"status": listing.status, "assignee": listing.assignee, "language": listing.language},
            auto_id="filter-%s",
        )
        colleagues = User.objects.filter(is_staff=True).order_by("username")
        names = {str(member.pk): staff_name(member) for member in colleagues}
        languages = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        set_choices(self, "status", [("", _("Any")), *((status, status.label) for status in listing.tab.statuses)])
        set_choices(self, "assignee", [("", _("Anybody")), (UNASSIGNED, _("Nobody")), *names.items()])
        set_choices(self, "language", [("", _("Any")), *languages])
        self.knows_the_assignee = listing.assignee in {"", UNASSIGNED, *names}
