"""Staff write a letter to the patient: choose it, add a paragraph, preview, send once."""

import re

import pytest

from screening.inquiries import services
from screening.inquiries.patient_links import withdraw_token
from screening.models import Inquiry, Letter
from screening.outbox import letters
from screening.outbox.letters import build_message
from screening.privacy.encryption import Ciphertext
from tests.accounts.people import member, signed_in
from tests.builders import inquiry
from tests.desk.record.sheet_pages import buttons_on, form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PARAGRAPH = "Which scan?\n\nBring <b>it</b> {reference}."


def written(desk, made, do: str = "preview", **changed):
    page = desk.get(record_of(made, "letter")).content.decode()
    return desk.post(record_of(made, "letter"), form_of(page, do, **{"name": "ask-more", **changed}))


def test_every_letter_that_staff_may_send_is_offered_and_can_be_read_first(desk):
    page = desk.get(record_of(inquiry(), "letter")).content.decode()
    for _name, title in letters.letter_choices():
        assert title in page
    assert page.count("<p>Hello Ana,</p>") == len(letters.letter_choices())
    assert "We have your message" not in page


def test_what_is_looked_at_is_what_is_sent(desk):
    made = inquiry()
    page = written(desk, made, free_text=PARAGRAPH).content.decode()
    for text in ("ana@example.com", f"A few questions for you: {made.reference}", "Hello Ana,"):
        assert text in page
    assert '<p dir="auto">Which scan?</p>\n\n<p dir="auto">Bring &lt;b&gt;it&lt;/b&gt; {reference}.</p>' in page
    desk.post(record_of(made, "letter"), form_of(page, "send"))
    mail = build_message(Letter.objects.get(name="ask-more"))
    assert mail.to == ["ana@example.com"]
    shown = page.partition('<div class="letter"')[2].partition(">")[2].partition("</div>")[0]
    assert shown.strip() in mail.alternatives[0].content.replace(withdraw_token(made), "…")


def test_the_key_to_withdraw_is_the_patients_alone(desk):
    made = inquiry()
    opened = desk.get(record_of(made, "letter")).content.decode()
    looked_at = written(desk, made, free_text=PARAGRAPH).content.decode()
    for page in (opened, looked_at):
        assert "/candidacy/withdraw/…/" in page
        assert withdraw_token(made) not in page


def test_it_goes_out_in_the_patients_language_and_is_called_in_the_readers(desk):
    made = inquiry(language="es")
    page = written(desk, made, free_text="¿Qué estudio?").content.decode()
    assert "Hola, Ana:" in page
    assert '<div class="letter" lang="es"' in page
    assert "Spanish" in page
    desk.post(record_of(made, "letter"), form_of(page, "send"))
    assert "Letter written: Ask a few questions" in desk.get(record_of(made)).content.decode()


def test_who_reads_another_language_may_unfold_the_letter_in_theirs_and_it_is_not_what_is_sent(desk):
    made = inquiry(language="es")
    page = written(desk, made, free_text="¿Qué <i>estudio</i>?").content.decode()
    sent, translation = re.findall(r'<div class="letter".*?</div>', page, re.DOTALL)
    assert "Hola, Ana:" in sent
    assert translation.startswith('<div class="letter" lang="en">')
    for text in ("Hello Ana,", "A few questions for you", '<p dir="auto">¿Qué &lt;i&gt;estudio&lt;/i&gt;?</p>'):
        assert text in translation
    assert "<details" in page.partition("Hola, Ana:")[2].partition("In your language")[0]
    assert "open" not in re.search(r'<details class="in-yours"[^>]*>', page)[0]
    assert withdraw_token(made) not in page
    desk.post(record_of(made, "letter"), form_of(page, "send"))
    mail = build_message(Letter.objects.get(name="ask-more"))
    assert "Hello" not in mail.body + mail.alternatives[0].content


def test_who_reads_the_patients_language_sees_the_letter_once(desk):
    assert "In your language" not in written(desk, inquiry(), free_text="Which scan?").content.decode()


def test_going_on_writing_keeps_letter_and_text(desk):
    made = inquiry()
    page = written(desk, made, free_text=PARAGRAPH).content.decode()
    again = desk.post(record_of(made, "letter"), form_of(page, "edit")).content.decode()
    form = form_of(again, "preview")
    assert (form["name"], form["free_text"]) == ("ask-more", PARAGRAPH)


def test_a_letter_is_sent_once_and_is_an_event(desk, staff):
    made = inquiry()
    sent = form_of(written(desk, made, free_text="Which scan?").content.decode(), "send")
    response = desk.post(record_of(made, "letter"), sent, follow=True)
    assert response.redirect_chain == [(f"{record_of(made)}#said", 302)]
    assert "The letter is on its way" in response.content.decode()
    stored = Letter.objects.get(name="ask-more")
    assert (stored.free_text, stored.author) == ("Which scan?", staff)
    again = desk.post(record_of(made, "letter"), sent)
    assert again.status_code == 422
    assert "The letter was not sent" in again.content.decode()
    assert Letter.objects.filter(name="ask-more").count() == 1


def test_a_letter_that_a_colleague_has_overtaken_is_looked_at_again_as_it_would_go_now(desk):
    made, colleague = inquiry(), member("Reviewer", "colleague")
    sent = form_of(written(desk, made, free_text="Which scan?").content.decode(), "send")
    services.correct_contact(made, {"email": "new@example.com"}, colleague)
    page = desk.post(record_of(made, "letter"), sent).content.decode()
    for text in ("Contact details corrected: E-mail address", "colleague", "new@example.com", "Which scan?"):
        assert text in page
    desk.post(record_of(made, "letter"), form_of(page, "send"))
    assert build_message(Letter.objects.get(name="ask-more")).to == ["new@example.com"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "Choose one of the letters"),
        ({"name": "received"}, "Choose one of the letters"),
        ({"name": "../../etc/passwd"}, "Choose one of the letters"),
        ({"free_text": " \n"}, "needs a paragraph of your own"),
        ({"free_text": "x" * 10_000}, "You have written 10000"),
    ],
)
@pytest.mark.parametrize("do", ["preview", "send"])
def test_what_cannot_be_sent_gets_an_error_and_is_shown_again(desk, do, changed, message):
    made = inquiry()
    sent = form_of(desk.get(record_of(made, "letter")).content.decode(), "preview", name="ask-more", free_text="typed")
    response = desk.post(record_of(made, "letter"), sent | changed | {"do": do})
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert changed.get("free_text", "typed").strip() in page
    assert not Letter.objects.filter(author__isnull=False).exists()


def test_a_letter_without_a_paragraph_goes_where_it_can_do_without(desk):
    assert "As it will be sent" in written(desk, inquiry(), name="still-there").content.decode()


def test_a_blank_that_nothing_fills_is_named(desk, monkeypatch):
    made = inquiry()

    def with_a_hole(*_arguments):
        raise letters.PlaceholderMissing({"surgeon"})

    monkeypatch.setattr(letters, "preview", with_a_hole)
    response = written(desk, made, free_text="typed")
    assert response.status_code == 422
    assert "blanks that cannot be filled: surgeon" in response.content.decode()
    assert "typed" in response.content.decode()


def test_without_an_address_there_is_nothing_to_write_and_what_was_written_is_kept(desk):
    made = inquiry(email="", channel="phone")
    page = desk.get(record_of(made, "letter")).content.decode()
    assert "no e-mail address on record" in page
    assert buttons_on(page) == set()
    response = desk.post(record_of(made, "letter"), {"do": "send", "name": "ask-more", "free_text": "typed"})
    assert response.status_code == 422
    for text in ("no e-mail address on record", "typed"):
        assert text in response.content.decode()
    assert not Letter.objects.filter(name="ask-more").exists()


def test_nobody_writes_to_who_has_withdrawn(desk):
    made = inquiry()
    sent = form_of(written(desk, made, free_text="Which scan?").content.decode(), "send")
    services.withdraw(made.pk)
    for response in (desk.get(record_of(made, "letter"), follow=True), desk.post(record_of(made, "letter"), sent)):
        assert response.redirect_chain if response.status_code == 200 else response.status_code == 302
    assert not Letter.objects.filter(name="ask-more").exists()


def test_a_reader_writes_no_letter():
    made, reader = inquiry(), signed_in(member("Reader"))
    for response in (reader.get(record_of(made, "letter")), reader.post(record_of(made, "letter"), {"do": "send"})):
        assert response.status_code == 403


def test_a_letter_from_a_record_that_cannot_be_decrypted_is_not_written(desk):
    made = inquiry()
    Inquiry.objects.update(contact=Ciphertext("gAAAAbroken"))
    assert desk.get(record_of(made, "letter")).status_code == 500
