"""The forms in which a patient writes to staff: a message, or a wish for other times."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.models import MAX_MESSAGE_LENGTH
from screening.questionnaire.fields import TOO_LONG, CleanCharField, without_maxlength


class ReplyForm(forms.Form):
    name, place = "reply", "sent"
    text = CleanCharField(
        lines=True,
        max_length=MAX_MESSAGE_LENGTH,
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write your message first"),
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, data: Mapping[str, str] | None = None, initial: dict[str, str] | None = None):
        super().__init__(data, initial=initial)
        without_maxlength(self.fields["text"])

    @property
    def is_shown(self) -> bool:
        """Whether there is something to show, even where nothing may be sent: a text or an error."""
        return self.is_bound or bool(self["text"].value())


class OtherTimesForm(ReplyForm):
    """Asks for other times, with or without a message. Sent together with `ReplyForm`, so that no text is lost."""

    name, place = "other-times", "times"
    prefix = "times"

    def __init__(self, data: Mapping[str, str] | None = None, initial: dict[str, str] | None = None):
        super().__init__(data, initial=initial)
        self.auto_id = "%s"
        self.fields["text"].required = False
        self.fields["text"].label = _("When would it suit you? (you may leave it empty)")
        self.fields["text"].widget.attrs |= {"rows": 3, "form": "reply"}


TEXT_FIELDS = tuple(form.add_prefix("text") for form in (ReplyForm(), OtherTimesForm()))  # as in a POST
