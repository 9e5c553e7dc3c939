import re

import pytest
from django.utils.translation import override

from content.library import library
from screening.inquiries import services
from screening.models import Letter
from screening.outbox import letters, queue
from screening.outbox.letters import build_message, preview
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def letter(which: str, /, **changed):
    inquiry(**changed)
    return build_message(Letter.objects.get(name=which))


def whole(mail) -> str:
    return mail.message().as_string() + mail.body + mail.alternatives[0].content


def test_the_patient_is_greeted_and_told_reference_and_way_back(settings):
    mail = letter("received", name="José Ángel Núñez")
    text = whole(mail)
    assert mail.to == ["ana@example.com"]
    assert "Hello José" in mail.body
    assert Letter.objects.first().inquiry.reference in mail.subject
    assert f"{settings.SITE_URL}/candidacy/withdraw/" in mail.body
    assert "911" in text
    assert "{" not in mail.body + mail.alternatives[0].content


@pytest.mark.parametrize("name", ["received", "copy"])
def test_it_holds_no_answer_and_no_health_word(name):
    made = inquiry(anything_else="canary", condition="both")
    services.request_copy(made.pk)
    mail = build_message(Letter.objects.get(name=name))
    text = (mail.subject + mail.body + mail.alternatives[0].content).lower()
    for word in ("canary", "arthritis", "joint", "pain", "candidate", "infection", "treatment", "nunez", "pérez"):
        assert word not in text


def test_staff_get_the_reference_and_a_link_and_nothing_else():
    mail = letter("new-inquiry", anything_else="canary", name="Ana Pérez")
    made = Letter.objects.first().inquiry
    assert mail.to == ["staff@clinic.example"]
    assert made.reference in mail.body
    assert f"/admin/screening/inquiry/{made.pk}/change/" in mail.body
    for secret in ("canary", "Ana", "Pérez", "ana@example.com", "5550100"):
        assert secret not in whole(mail)


def test_staff_are_told_of_a_withdrawal_by_reference():
    made = inquiry(anything_else="canary")
    services.withdraw(made.pk)
    mail = build_message(Letter.objects.get())
    assert mail.to == ["staff@clinic.example"]
    assert made.reference in mail.subject
    for secret in ("canary", "Ana", "ana@example.com"):
        assert secret not in whole(mail)


@pytest.mark.parametrize(
    "name", ["http://evil.example", "evil.example", "[click](http://evil.example)", "<b>Ana</b>", "**x**", "A" * 90]
)
def test_a_name_that_is_not_plainly_one_is_not_repeated(name):
    mail = letter("received", name=name)
    assert name not in mail.body + mail.alternatives[0].content
    assert "Hello" not in mail.body


def test_a_repeat_carries_the_same_message_id():
    inquiry()
    queued = Letter.objects.first()
    assert build_message(queued).message()["Message-ID"] == build_message(queued).message()["Message-ID"]


def test_lines_without_a_value_leave_no_gap():
    assert "\n\n\n" not in letter("received").body


CHOSEN = ["ask-more", "offer-consultation", "cannot-help-now", "still-there"]


def test_staff_choose_by_titles_in_their_own_language():
    assert [name for name, _title in letters.letter_choices()] == CHOSEN
    assert dict(letters.letter_choices())["ask-more"] == "Ask a few questions"
    with override("es"):
        assert dict(letters.letter_choices())["ask-more"] == "Hacer unas preguntas"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", CHOSEN)
def test_what_is_previewed_is_what_is_sent(name, language, staff):
    made = inquiry(name="José Ángel Núñez", language=language)
    shown = preview(made, name, "First line\nsecond line\n\nNew paragraph")
    with override("en" if language == "es" else "es"):  # independent of the worker's or reader's language
        mail = build_message(queue.queue_letter(made, name, "First line\nsecond line\n\nNew paragraph", staff))
    assert (mail.to, mail.subject, mail.body) == (shown.to, shown.subject, shown.text)
    assert shown.html in mail.alternatives[0].content
    assert f'<html lang="{language}" dir="ltr">' in mail.alternatives[0].content
    assert "\n\nFirst line\nsecond line\n\nNew paragraph\n\n" in shown.text
    assert '<p dir="auto">First line<br>second line</p>' in shown.html
    assert made.reference in shown.subject
    assert f"{'/es' if language == 'es' else ''}/candidacy/withdraw/" in shown.text
    assert "911" in shown.text
    assert "{" not in shown.text + shown.html + shown.subject
    assert "\n\n\n" not in shown.text


HEALTH_WORD = re.compile(
    r"art[hr]?rit|artrosis|joint|articula|pain|dolor|candida|eligib|qualif|elegible|apto|infec|treat|tratamiento|medic"
    r"|symptom|síntoma|diagnos|disease|enfermedad|cell|célula|therap|terapia|doctor",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", CHOSEN)
def test_letters_of_staff_hold_no_health_word_but_theirs(name, language, settings):
    settings.CLINIC_NAME = "The Clinic"
    text = library().texts_in(language).letters[name]
    assert HEALTH_WORD.findall(f"{text.title} {text.choice} {text.source}") == []


@pytest.mark.parametrize(
    "typed", ["<script>x</script> & **bold**", "{first_name} {nope} {free_text}", "[a](http://b.example)"]
)
def test_staffs_words_are_sent_as_typed(typed):
    shown = preview(inquiry(), "ask-more", typed)
    assert typed in shown.text
    for markup in ("<script", "<strong", '<a href="http://b'):
        assert markup not in shown.html
    assert ("&lt;script&gt;" in shown.html) == ("<script" in typed)


def test_a_letter_with_a_hole_is_not_written(monkeypatch):
    made = inquiry()
    with pytest.raises(letters.PlaceholderMissing) as missing:
        preview(made, "ask-more", "  \n ")
    assert missing.value.names == {"free_text"}
    text = library().texts_in("en").letters["ask-more"]
    monkeypatch.setitem(text.meta, "subject", "Hello {first_name}")
    with pytest.raises(letters.PlaceholderMissing) as missing:
        preview(inquiry(name="evil.example"), "ask-more", "x")
    assert missing.value.names == {"first_name"}


def test_to_who_has_withdrawn_there_is_nothing_to_preview():
    made = inquiry()
    services.withdraw(made.pk)
    made.refresh_from_db()
    with pytest.raises(letters.NoAddress):
        preview(made, "ask-more", "x")


def test_a_letter_may_do_without_a_paragraph_where_its_file_says_so():
    shown = preview(inquiry(), "still-there", "")
    assert "free_text" not in shown.text + shown.html
    assert "\n\n\n" not in shown.text


def test_only_letters_that_go_out_by_themselves_say_so(staff):
    made = inquiry()
    assert build_message(made.letters.get(name="received")).message()["Auto-Submitted"] == "auto-generated"
    assert build_message(queue.queue_letter(made, "ask-more", "x", staff)).message()["Auto-Submitted"] is None


def test_a_letter_follows_a_corrected_address_and_stops_without_one(staff):
    made = inquiry()
    owed = queue.queue_letter(made, "ask-more", "x", staff)
    services.correct_contact(made, {"email": "new@example.com"}, staff)
    assert build_message(Letter.objects.get(pk=owed.pk)).to == ["new@example.com"]
    services.correct_contact(made, {"email": "", "channel": "phone"}, staff)
    for queued in Letter.objects.exclude(name="new-inquiry"):
        with pytest.raises(letters.NoAddress):
            build_message(queued)


def test_staff_are_reminded_by_reference(settings):
    made = inquiry(name="Canary Person")
    mail = build_message(Letter.objects.create(inquiry=made, name="overdue"))
    assert mail.to == settings.STAFF_NOTIFY_TO
    assert made.reference in mail.subject
    assert f"/admin/screening/inquiry/{made.pk}/change/" in mail.body
    assert "anary" not in whole(mail)


def test_mail_goes_to_the_domain_that_was_typed_and_the_preview_shows_it_as_typed(settings):
    """Django alone would send to fass.example, which is another domain."""
    settings.DEFAULT_FROM_EMAIL = "no-reply@klinik-faß.example"
    mail = letter("received", email="ana@faß.example")
    assert mail.to == mail.recipients() == ["ana@xn--fa-hia.example"]
    assert mail.message()["To"] == "ana@xn--fa-hia.example"
    assert "no-reply@xn--klinik-fa-o1a.example" in mail.message()["From"]
    assert preview(Letter.objects.first().inquiry, "ask-more", "x").to == ["ana@faß.example"]


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("de la O, María", "Hola, María:"),
        ("Dra. María", "Hola, María:"),
        ("María José", "Hola, María:"),
        ("O'Brien", "Hola, O'Brien:"),
        ("Dr. Ramírez", ""),
        ("de la O María", ""),
    ],
)
def test_a_letter_greets_by_a_given_name_or_by_none(name, greeting):
    mail = letter("received", name=name, language="es")
    assert (greeting in mail.body) if greeting else "Hola" not in mail.body
    assert "Hola, de:" not in mail.body
