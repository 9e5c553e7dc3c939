"""What the inbox can be narrowed to: status, assignee and language, each by its name."""

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from screening.desk.queue import NOBODY, Queue
from screening.desk.standing import language_name
from screening.desk.words import name_of


class FilterForm(forms.Form):
    """Shows what the address asks for; the address is read by `Queue` alone."""

    status = forms.ChoiceField(required=False, label=_("Status"))
    assignee = forms.ChoiceField(required=False, label=_("Assigned to"))
    language = forms.ChoiceField(required=False, label=_("Language"))

    def __init__(self, queue: Queue):
        super().__init__(
            initial={"status": queue.status, "assignee": queue.assignee, "language": queue.language},
            auto_id="filter-%s",
        )
        colleagues = get_user_model().objects.filter(is_staff=True).order_by("username")
        self.fields["status"].choices = [("", _("Any")), *((status, status.label) for status in queue.tab.statuses)]
        self.fields["assignee"].choices = [
            ("", _("Anybody")),
            (NOBODY, _("Nobody")),
            *((str(member.pk), name_of(member)) for member in colleagues),
        ]
        self.fields["language"].choices = [
            ("", _("Any")),
            *((code, language_name(code)) for code, _name in settings.LANGUAGES),
        ]
        self.knows_the_assignee = queue.assignee in dict(self.fields["assignee"].choices)
