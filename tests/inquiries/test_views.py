import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import services
from screening.inquiries.patient_links import withdraw_token
from screening.models import Draft, Inquiry, Letter
from screening.questionnaire import drafts
from tests.builders import answers, draft

pytestmark = pytest.mark.django_db


def test_the_check_page_shows_what_was_asked_with_a_way_to_change_it(client, with_draft):
    with_draft(draft("oa", anything_else=""))
    page = client.get(reverse("check")).content.decode()
    assert "Moderate" in page
    assert "Not provided" in page
    assert f"{reverse('step', args=['oa-severity'])}?change" in page
    assert reverse("step", args=["ra-symptoms"]) not in page


def test_the_check_page_of_an_unfinished_draft_leads_to_what_is_missing(client, with_draft):
    with_draft(draft(goals=None))
    response = client.get(reverse("check"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("step", args=["goals"])


def test_send_refresh_back_and_two_tabs_make_one_inquiry(client, with_draft):
    with_draft(draft())
    pages = [client.post(reverse("check"), follow=True).content.decode() for _ in range(3)]
    reference = Inquiry.objects.get().reference
    assert all(reference in page for page in pages)
    assert Letter.objects.count() == 2
    assert client.get(reverse("check")).headers["Location"] == reverse("sent")
    assert client.get(reverse("step", args=["goals"])).headers["Location"] == reverse("sent")


def test_after_sending_a_new_questionnaire_may_be_begun(client, with_draft):
    with_draft(draft())
    client.post(reverse("check"))
    first = reverse("step", args=["consent"])
    assert client.get(first).status_code == 200
    given = answers()
    client.post(first, {key: given[key] for key in ("who", "adult", "consent")})
    assert client.get(reverse("step", args=["condition"])).status_code == 200
    assert Inquiry.objects.count() == 1


def test_sending_an_unfinished_draft_leads_to_what_is_missing(client, with_draft):
    with_draft(draft(goals=None))
    response = client.post(reverse("check"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("step", args=["goals"])
    assert not Inquiry.objects.exists()


def test_the_answers_can_be_printed_for_half_an_hour(client, with_draft):
    with_draft(draft(anything_else="my own words"))
    client.post(reverse("check"))
    assert "my own words" in client.get(reverse("sent-answers")).content.decode()
    Inquiry.objects.update(received_at=timezone.now() - timedelta(minutes=31))
    assert client.get(reverse("sent-answers")).status_code == 302
    assert "no longer shown" in client.get(reverse("sent")).content.decode()


def test_unfinished_answers_survive_a_look_at_the_confirmation(client, with_draft):
    saved = draft(goals=None)
    with_draft(saved)
    response = client.get(reverse("sent"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("step", args=["goals"])


def test_a_page_that_comes_after_send_begins_no_draft(client, with_draft):
    saved = draft()
    with_draft(saved)
    client.post(reverse("check"))
    assert drafts.save_answers(saved.pk, {"goals": ["cure"]}) is None
    assert not Draft.objects.exists()


def test_after_withdrawal_the_confirmation_says_that_it_is_erased(client, with_draft):
    with_draft(draft())
    client.post(reverse("check"))
    client.post(reverse("withdraw", args=[withdraw_token(Inquiry.objects.get())]))
    assert "has been erased" in client.get(reverse("sent")).content.decode()
    assert client.get(reverse("sent-answers")).status_code == 302


def test_consent_to_a_text_that_has_changed_is_asked_again(client, with_draft):
    saved = draft()
    Draft.objects.update(consent="en 2020-01-01 0000000000000000")
    with_draft(saved)
    response = client.post(reverse("check"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("step", args=["consent"])
    assert not Inquiry.objects.exists()
    given = answers()
    client.post(reverse("step", args=["consent"]), {key: given[key] for key in ("who", "adult", "consent")})
    client.post(reverse("check"))
    assert Inquiry.objects.exists()


def test_an_expired_draft_gets_a_calm_page_and_loses_its_cookie(client, with_draft, settings):
    saved = draft()
    with_draft(saved)
    saved.delete()
    response = client.post(reverse("check"), follow=True)
    assert response.status_code == 200
    assert "no answers to show" in response.content.decode()
    assert response.cookies[settings.DRAFT_COOKIE_NAME]["max-age"] == 0


def test_a_forged_cookie_is_no_draft(client, settings):
    client.cookies[settings.DRAFT_COOKIE_NAME] = "forged"
    assert client.get(reverse("check")).headers["Location"] == reverse("candidacy")


def test_a_send_right_after_the_start_asks_to_send_once_more(client, with_draft):
    saved = draft()
    Draft.objects.update(started_at=timezone.now())
    with_draft(saved)
    response = client.post(reverse("check"), follow=True)
    assert response.status_code == 422
    assert "That was very fast" in response.content.decode()
    assert "Less pain" in response.content.decode()
    Draft.objects.update(started_at=timezone.now() - services.MINIMUM_FILL_TIME)
    assert client.post(reverse("check")).headers["Location"] == reverse("sent")


def test_a_filled_field_that_people_do_not_see_asks_to_send_once_more(client, with_draft):
    with_draft(draft())
    response = client.post(reverse("check"), {"website": "https://spam.example"}, follow=True)
    page = response.content.decode()
    assert response.status_code == 422
    assert "A field that people cannot see was filled in" in page
    assert "spam.example" not in page
    assert not Inquiry.objects.exists()
    assert client.post(reverse("check"), {"website": ""}).headers["Location"] == reverse("sent")


@pytest.mark.slow
def test_the_twenty_first_send_of_an_hour_is_told_to_wait_and_loses_nothing(client, with_draft, settings):
    settings.CLINIC_PHONE = "+52 664 000 0000"
    for _ in range(20):
        with_draft(draft())
        assert client.post(reverse("check")).status_code == 302
    saved = draft(anything_else="still here")
    with_draft(saved)
    response = client.post(reverse("check"), follow=True)
    page = response.content.decode()
    assert response.status_code == 429
    assert 3600 < int(response.headers["Retry-After"]) <= 4200
    assert "still here" in page
    assert page.index(settings.CLINIC_PHONE) < page.index("Check your answers</h1>")
    assert Inquiry.objects.count() == 20
    assert client.post(reverse("check"), REMOTE_ADDR="127.0.0.9").status_code == 302


def test_repeats_of_a_send_do_not_count(client, with_draft):
    with_draft(draft())
    for _ in range(25):
        assert client.post(reverse("check")).status_code == 302


@pytest.mark.parametrize(("address", "is_asked"), [("ana@gmial.com", True), ("ana@clinic.example", False)])
def test_a_likely_slip_in_the_address_is_pointed_out_and_not_forced(client, with_draft, address, is_asked):
    with_draft(draft(email=address))
    page = client.get(reverse("check")).content.decode()
    assert ("Did you mean ana@gmail.com?" in page) is is_asked
    client.post(reverse("check"))
    assert Inquiry.objects.get().contact["email"] == address


def test_clear_this_device_erases_the_draft_and_every_cookie(settings, with_draft):
    person = with_draft(draft(), Client(enforce_csrf_checks=True))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', person.get(reverse("check")).content.decode())[1]
    assert person.post(reverse("clear"), {"csrfmiddlewaretoken": token}).headers["Location"] == reverse("clear")
    assert not Draft.objects.exists()
    left = {name for name, cookie in person.cookies.items() if cookie["max-age"] != 0}
    assert left == set()
    person.cookies.clear()  # as a browser does with expired cookies
    for _reload in range(2):
        response = person.get(reverse("clear"))
        assert response.status_code == 200
        assert "This device is clear" in response.content.decode()
        assert "csrfmiddlewaretoken" not in response.content.decode()


def test_a_copy_of_the_cookie_shows_nothing_once_the_device_is_cleared(client, with_draft):
    for is_sent in (False, True):
        with_draft(draft())
        if is_sent:
            client.post(reverse("check"))
        copied = Client()
        copied.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
        client.post(reverse("clear"))
        for name in ("check", "sent", "sent-answers"):
            page = copied.get(reverse(name), follow=True).content.decode()
            assert "There are no answers to show" in page
        assert "There are no answers to show" in copied.post(reverse("check"), follow=True).content.decode()
    assert Inquiry.objects.count() == 1


def answers_shown(response) -> str:
    return re.search(r'name="answers" value="(\w+)"', response.content.decode())[1]


def test_send_sends_what_its_page_showed(client, with_draft):
    with_draft(draft())
    shown = answers_shown(client.get(reverse("check")))
    assert client.post(reverse("check"), {"answers": shown}).headers["Location"] == reverse("sent")


def test_answers_that_another_tab_has_changed_are_shown_before_they_are_sent(client, with_draft):
    saved = draft()
    with_draft(saved)
    shown = answers_shown(client.get(reverse("check")))
    drafts.save_answers(saved.pk, {"goals": ["protect"]})
    response = client.post(reverse("check"), {"answers": shown}, follow=True)
    assert response.status_code == 422
    assert "Your answers have changed" in response.content.decode()
    assert "To protect my joints" in response.content.decode()
    assert not Inquiry.objects.exists()
    assert client.post(reverse("check"), {"answers": answers_shown(response)}).headers["Location"] == reverse("sent")


def test_another_persons_answers_are_not_sent_from_a_page_that_showed_somebody_elses(client, with_draft):
    with_draft(draft(name="Ana"))
    shown = answers_shown(client.get(reverse("check")))
    client.post(reverse("clear"))
    with_draft(draft(name="Luz"))
    response = client.post(reverse("check"), {"answers": shown}, follow=True)
    assert "Your answers have changed" in response.content.decode()
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("problem", ["nothing", "too-many", "<b>", ""])
def test_a_problem_that_is_none_is_not_shown(client, with_draft, problem):
    with_draft(draft())
    response = client.get(reverse("check"), {"problem": problem})
    assert response.status_code == 200
    assert "error-summary" not in response.content.decode()


def test_looking_at_the_address_of_clearing_clears_nothing(client, with_draft):
    with_draft(draft())
    assert client.get("/es/candidacy/clear/").headers["Location"] == "/es/candidacy/"
    assert Draft.objects.exists()
