"""The timeline in the reader's language, without raw values."""

import pytest
from django.utils.translation import override

from screening.desk.record.timeline import merge_repeats, timeline
from screening.models import Event
from tests.builders import inquiry

pytestmark = pytest.mark.django_db

# kind, detail of the event, and its text in English and in Spanish
CASES = [
    ("moved", "new → in-review", "New → In review", "Nueva → En revisión"),
    ("moved", "offered → closed (no-reply)", "Consultation offered → Closed (No reply)", None),
    ("move-undone", "closed (spam) → waiting", "Closed (Spam) → Waiting for patient", None),
    ("marked", "oa-severity", "Your osteoarthritis is mild to moderate.", "Su osteoartritis es de leve a moderada."),
    ("marked", "anything-else", "Is there anything else you want us to know?", None),
    ("assigned", "luz", "luz", "luz"),
    ("assigned", "", "nobody", "nadie"),
    ("contact-corrected", "email, leave-message", "E-mail address, May we leave a message?", None),
    ("letter-sent", "ask-more", "Ask a few questions", "Hacer unas preguntas"),
    ("letter-owed", "still-there", "Ask again after a silence", None),
    ("letter-failed", "received", "Confirmation to the patient", "Confirmación al paciente"),
    ("letter-set-aside", "new-inquiry", "Notice to staff: new inquiry", None),
    ("exported", "json", "JSON for the medical record", None),
    ("opened", "", "", ""),
    # letters and rows with former names
    ("letter-sent", "a-former-letter", "a-former-letter", None),
    ("marked", "a-former-row", "a-former-row", None),
    ("moved", "new → closed", "New → closed", None),
]


@pytest.mark.parametrize(("kind", "detail", "english", "spanish"), CASES)
def test_an_event_is_shown_in_the_readers_words(kind, detail, english, spanish):
    made = inquiry("both")
    event = Event(inquiry=made, kind=kind, detail=detail)
    (happening,) = timeline(made, [event])
    assert (happening.about, happening.who) == (english, "")
    with override("es"):
        (happening,) = timeline(made, [event])
        assert happening.about == spanish or spanish is None


def test_every_kind_of_event_has_its_words_in_spanish():
    def in_words(language: str) -> list[str]:
        with override(language):
            return [str(words) for _kind, words in Event.Kind.choices]

    assert not set(in_words("en")) & set(in_words("es"))


def test_what_one_person_does_again_and_again_stands_once(staff):
    made = inquiry()
    events = [Event(inquiry=made, kind=kind, actor=by) for kind, by in [("opened", staff)] * 3 + [("opened", None)]]
    merged = merge_repeats(timeline(made, [*events, Event(inquiry=made, kind="noted"), events[0]]))
    assert [happening.times for happening in merged] == [3, 1, 1, 1]
    assert [happening.who for happening in merged] == ["nurse", "", "", "nurse"]
