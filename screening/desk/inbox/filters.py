"""What the inbox can be narrowed to: status, assignee and language, each by its name."""

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from screening.desk.inbox.listing import UNASSIGNED, Listing
from screening.desk.labels import staff_name
from screening.desk.presenters import language_name


class FilterForm(forms.Form):
    """Shows what the address asks for; the address is read by `Queue` alone."""

    status = forms.ChoiceField(required=False, label=_("Status"))
    assignee = forms.ChoiceField(required=False, label=_("Assigned to"))
    language = forms.ChoiceField(required=False, label=_("Language"))

    def __init__(self, listing: Listing):
        super().__init__(
            initial={"status": listing.status, "assignee": listing.assignee, "language": listing.language},
            auto_id="filter-%s",
        )
        colleagues = get_user_model().objects.filter(is_staff=True).order_by("username")
        self.fields["status"].choices = [("", _("Any")), *((status, status.label) for status in listing.tab.statuses)]
        self.fields["assignee"].choices = [
            ("", _("Anybody")),
            (UNASSIGNED, _("Nobody")),
            *((str(member.pk), staff_name(member)) for member in colleagues),
        ]
        self.fields["language"].choices = [
            ("", _("Any")),
            *((code, language_name(code)) for code, _name in settings.LANGUAGES),
        ]
        self.knows_the_assignee = listing.assignee in dict(self.fields["assignee"].choices)
