import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from screening.models import Draft, Inquiry
from screening.questionnaire import drafts, rate_limits
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import CONTACT, answers, draft
from tests.questionnaire.specification import BRANCHES, branch_steps, steps_for

pytestmark = pytest.mark.django_db


def begun_a_minute_ago() -> None:
    Draft.objects.update(started_at=timezone.now() - timedelta(minutes=1))


def post(client, slug, data, query=""):
    return client.post(reverse("step", args=[slug]) + query, data)


def rejected(client, slug, data):
    """Post invalid data and return the page after the redirect to the same address."""
    address = reverse("step", args=[slug])
    response = client.post(address, data, follow=True)
    assert response.redirect_chain == [(address, 302)]
    return response


def fill_in(client, given: dict):
    """Answer page after page up to the check page; return the slugs visited."""
    slugs, address = [], reverse("step", args=["consent"])
    while address != reverse("check"):
        slug = address.split("/")[2]
        slugs.append(slug)
        step = QUESTIONNAIRE.step(slug)
        data = {question.key: given[question.key] for question in step.questions if question.key in given}
        assert client.get(address).status_code == 200
        response = client.post(address, data)
        assert response.status_code == 302, response.content.decode()
        address = response.headers["Location"]
    return slugs


@pytest.mark.slow
@pytest.mark.parametrize("condition", BRANCHES)
def test_each_condition_asks_its_own_questions_and_sends(client, condition):
    slugs = fill_in(client, answers(condition))
    begun_a_minute_ago()
    assert slugs == steps_for(condition)
    response = client.post(reverse("check"), follow=True)
    assert response.status_code == 200
    assert Inquiry.objects.get().reference in response.content.decode()
    assert not Draft.objects.exists()


def test_nothing_chosen_comes_back_with_a_summary_and_what_to_do(client, with_draft):
    with_draft(draft(condition="ra"))
    response = rejected(client, "condition", {})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in page
    assert 'role="alert"' in page
    assert "Choose one answer, or Not sure" in page
    assert "autofocus" in page


def test_an_unknown_choice_is_refused(client, with_draft):
    with_draft(draft())
    assert rejected(client, "condition", {"condition": "gout"}).status_code == 422


def test_everything_typed_is_kept_beside_an_error(client, with_draft):
    with_draft(draft())
    response = rejected(client, "contact", {"name": "José Ángel Núñez", "email": "not an address", "phone": "12"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "José Ángel Núñez" in page
    assert 'value="not an address"' in page
    assert 'value="12"' in page


def test_a_forged_step_is_not_found(client):
    assert client.get(reverse("step", args=["forged"])).status_code == 404


def test_a_later_step_leads_to_the_first_unanswered_one(client):
    response = client.get(reverse("step", args=["contact"]))
    assert response.headers["Location"] == reverse("step", args=["consent"])


def test_a_step_of_the_other_branch_leads_back_to_what_is_asked(client, with_draft):
    with_draft(draft(condition="oa", infection=None))
    response = client.get(reverse("step", args=["ra-symptoms"]))
    assert response.headers["Location"] == reverse("step", args=["infection"])


def test_change_returns_to_the_check_page(client, with_draft):
    with_draft(draft())
    response = post(client, "goals", {"goals": ["cure"]}, "?change")
    assert response.headers["Location"] == reverse("check")


def test_a_changed_condition_drops_strays_asks_what_it_opened_then_returns_to_check(client, with_draft):
    saved = draft(condition="ra")
    with_draft(saved)
    address = post(client, "condition", {"condition": "oa"}, "?change").headers["Location"]
    saved.refresh_from_db()
    assert not set(branch_steps("ra")) & set(saved.answers)
    met = []
    while address != reverse("check"):
        slug = address.split("/")[2]
        met.append(slug)
        address = client.post(address, {slug: answers("oa")[slug]}).headers["Location"]
    assert met == branch_steps("oa")


def test_back_leads_to_the_step_before(client, with_draft):
    with_draft(draft(condition="oa"))
    page = client.get(reverse("step", args=["oa-joints"])).content.decode()
    assert f'href="{reverse("step", args=["condition"])}"' in page


def test_none_and_not_sure_stand_alone(client, with_draft):
    with_draft(draft(condition="oa"))
    response = rejected(client, "oa-joint-shape", {"oa-joint-shape": ["none", "bent"]})
    assert response.status_code == 422
    assert "on its own" in response.content.decode()


def test_without_consent_nothing_is_stored(client):
    response = rejected(client, "consent", {"who": "self", "adult": "on"})
    assert response.status_code == 422
    assert not Draft.objects.exists()


def test_nothing_is_pre_selected(client, with_draft):
    with_draft(draft(infection=None))
    page = client.get(reverse("step", args=["infection"])).content.decode()
    assert "checked" not in page


def test_why_we_ask_quotes_the_criterion_of_the_persons_branch(client, with_draft):
    with_draft(draft(condition="ra"))
    page = client.get(reverse("step", args=["infection"])).content.decode()
    assert "#ra-infection" in page
    assert "#oa-infection" not in page


def test_a_contact_needs_what_its_channel_needs(client, with_draft):
    with_draft(draft())
    data = answers(channel="whatsapp", phone="")
    response = rejected(client, "contact", data)
    assert response.status_code == 422
    assert "Enter a phone number, or choose e-mail" in response.content.decode()


def test_for_someone_else_asks_their_name(client, with_draft):
    with_draft(draft(who="other", patient_name="Luz"))
    assert (
        "Name of the person you are filling this in for"
        in client.get(reverse("step", args=["contact"])).content.decode()
    )


def test_a_body_that_is_no_form_does_not_wipe_what_was_written(client, with_draft):
    saved = draft(anything_else="kept")
    with_draft(saved)
    address = reverse("step", args=["anything-else"])
    response = client.post(address, {"a": 1}, content_type="application/json", follow=True)
    assert response.status_code == 422
    saved.refresh_from_db()
    assert saved.answers["anything-else"] == "kept"


def test_two_tabs_add_to_one_draft(client, with_draft):
    saved = draft()
    with_draft(saved)
    post(client, "infection", {"infection": "treated"})
    post(client, "goals", {"goals": ["cure"]})
    saved.refresh_from_db()
    assert (saved.answers["infection"], saved.answers["goals"]) == ("treated", ["cure"])


def test_answers_are_never_cached(client, with_draft):
    with_draft(draft())
    for name, arguments in (("step", ["goals"]), ("check", []), ("candidacy", [])):
        assert "no-store" in client.get(reverse(name, args=arguments)).headers["Cache-Control"]


def test_a_step_takes_few_queries(client, with_draft, django_assert_max_num_queries):
    with_draft(draft())
    with django_assert_max_num_queries(6):
        post(client, "goals", {"goals": ["cure"]})


def test_all_questions_can_be_read_before(client):
    page = client.get(reverse("questions")).content.decode()
    for _step, question in QUESTIONNAIRE.questions():
        if question.kind != "checkbox":
            assert str(question.label) in page


def test_a_step_takes_six_queries_at_most(client, with_draft, django_assert_max_num_queries):
    with_draft(draft())
    for slug in ("condition", "goals", "contact"):
        data = {key: value for key, value in answers().items() if key in {*CONTACT, "condition", "goals"}}
        with django_assert_max_num_queries(6):
            assert client.get(reverse("step", args=[slug])).status_code == 200
        with django_assert_max_num_queries(6):
            assert post(client, slug, data).status_code == 302


@pytest.mark.slow
def test_every_question_page_says_how_long_answers_are_kept(client, with_draft):
    with_draft(draft("both"))
    for step in QUESTIONNAIRE.steps:
        assert "for 24 hours" in client.get(reverse("step", args=[step.slug])).content.decode()


def test_progress_names_a_total_only_when_it_is_certain(client, with_draft):
    with_draft(draft("unsure"))
    assert ">Question 1<" in client.get(reverse("step", args=["condition"])).content.decode()
    total = len(steps_for("unsure")) - 1  # the consent page is no question
    assert f">Question 2 of {total}<" in client.get(reverse("step", args=["infection"])).content.decode()


def test_a_step_that_another_tab_has_closed_meanwhile_leads_onward(client, with_draft, monkeypatch):
    saved = draft("both")
    with_draft(saved)
    saving = drafts.save_answers

    def save_after_the_other_tab(draft_id, given, consent):
        saving(draft_id, {"condition": "oa"})
        return saving(draft_id, given, consent)

    monkeypatch.setattr(drafts, "save_answers", save_after_the_other_tab)
    response = post(client, "ra-symptoms", {"ra-symptoms": "no"})
    assert response.headers["Location"] == reverse("check")
    assert "ra-symptoms" not in Draft.objects.get(pk=saved.pk).answers


def test_an_answer_to_a_forgotten_draft_gets_an_explanation(client):
    for address in (reverse("step", args=["goals"]), reverse("check")):
        page = client.post(address, {"goals": ["cure"]}, follow=True).content.decode()
        assert "There are no answers to show" in page


def test_a_text_of_consent_that_changed_on_the_way_is_shown_again(client):
    given = {key: answers()[key] for key in ("who", "adult", "consent")}
    response = rejected(client, "consent", given | {"shown": "en 2020-01-01 0000000000000000"})
    assert response.status_code == 422
    assert "This text has changed" in response.content.decode()
    assert not Draft.objects.exists()
    shown = re.search(r'name="shown" value="([^"]+)"', response.content.decode())[1]
    assert post(client, "consent", given | {"shown": shown}).status_code == 302


def test_the_language_changes_while_an_answer_is_being_changed(client, with_draft):
    with_draft(draft())
    page = client.get(reverse("step", args=["goals"]) + "?change").content.decode()
    assert 'formaction="/es/candidacy/goals/?change"' in page


READING = {"reading": "es"}  # posted by the button of the other language


def test_another_language_shows_what_was_typed_without_a_word_and_saves_nothing(client, with_draft):
    saved = draft(anything_else="before")
    with_draft(saved)
    typed = {"name": "José Ángel", "email": "not an address", "phone": "12", "channel": "phone"}
    response = client.post("/es/candidacy/contact/", typed | READING, follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="es"' in page
    for value in ("José Ángel", "not an address", "12"):
        assert f'value="{value}"' in page
    assert re.search(r'value="phone"[^>]*checked', page)
    assert "error" not in page
    assert 'action="/es/candidacy/contact/"' in page
    assert Draft.objects.get(pk=saved.pk).answers == saved.answers


def test_another_language_takes_along_that_an_answer_was_taken_back(client, with_draft):
    with_draft(draft(goals=["cure"]))
    assert "checked" not in client.post("/es/candidacy/goals/", READING, follow=True).content.decode()
    page = client.post(
        "/es/candidacy/goals/?change", READING | {"goals": ["protect", "else"]}, follow=True
    ).content.decode()
    assert page.count("checked") == 2
    assert 'formaction="/candidacy/goals/?change"' in page


def test_another_language_before_the_first_answer_begins_no_draft(client):
    typed = READING | {"who": "other", "adult": "on", "shown": "en 1 2"}
    response = client.post("/es/candidacy/consent/", typed, follow=True)
    assert response.status_code == 200
    assert response.content.decode().count("checked") == 2
    assert not Draft.objects.exists()
    assert drafts.draft_id_from(response.wsgi_request) is None


def test_another_language_opens_no_later_step(client, with_draft):
    with_draft(draft(infection=None))
    response = client.post("/es/candidacy/contact/", READING)
    assert response.headers["Location"] == "/es/candidacy/infection/"


def test_a_long_paste_is_not_cut_by_the_browser(client, with_draft):
    with_draft(draft())
    for slug in ("anything-else", "contact"):
        assert "maxlength" not in client.get(reverse("step", args=[slug])).content.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "question", "error", "shown"),
    [
        ("en", "Which country is this phone number from?", "Choose the country", "+52 951 234 0123 (Mexico)"),
        ("es", "¿De qué país es este número de teléfono?", "Elija el país", "+52 951 234 0123 (México)"),
    ],
)
def test_a_number_of_two_countries_is_asked_about_once_and_the_check_page_names_the_country(
    client, with_draft, language, question, error, shown
):
    with_draft(draft(phone=None))
    with override(language):
        address, check = reverse("step", args=["contact"]), reverse("check")
    typed = CONTACT | {"phone": "951 234 0123", "channel": "phone"}
    assert question not in client.get(address).content.decode()
    page = client.post(address, typed, follow=True).content.decode()
    for words in (question, error, 'value="951 234 0123"', 'href="#id_phone-country_0"'):
        assert words in page
    assert not re.search(r'name="phone-country"[^>]*checked', page)
    answered = client.post(address, typed | {"phone-country": "mx"})
    assert answered.headers["Location"] == check
    saved = Draft.objects.get().answers
    assert saved["phone"] == "+529512340123"
    assert "phone-country" not in saved
    assert shown in client.get(check).content.decode()
    page = client.get(address).content.decode()
    assert 'value="+52 951 234 0123"' in page
    assert question not in page


def test_the_question_about_the_country_goes_along_into_another_language(client, with_draft):
    with_draft(draft(phone=None))
    typed = CONTACT | {"phone": "951 234 0123", "phone-country": "us", "reading": "es"}
    page = rejected(client, "contact", typed).content.decode()
    assert re.search(r'name="phone-country" value="us"[^>]*checked', page)


def hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def test_what_was_not_accepted_is_shown_as_often_as_it_is_asked_for_and_gone_once_it_is_right(client, with_draft):
    with_draft(draft(name="Ana"))
    address = reverse("step", args=["contact"])
    rejected(client, "contact", CONTACT | {"name": "José Ángel", "email": "no address"})
    for _again in range(2):
        page = client.get(address)
        assert page.status_code == 422
        assert 'value="José Ángel"' in page.content.decode()
    assert client.get(reverse("step", args=["goals"])).status_code == 200
    assert Draft.objects.get().answers["name"] == "Ana"
    assert client.post(address, CONTACT | {"name": "José Ángel"}).headers["Location"] == reverse("check")
    page = client.get(address)
    assert page.status_code == 200
    assert 'value="José Ángel"' in page.content.decode()
    assert Draft.objects.get().rejected_input is None


def test_the_first_pages_choices_wait_in_the_cookie_and_nothing_longer_does(client):
    response = rejected(client, "consent", {"who": "other", "adult": "on", "note": "x" * 50, "shown": "y" * 500})
    assert response.status_code == 422
    assert response.content.decode().count(" checked") == 2
    assert not Draft.objects.exists()
    cookie = client.cookies[drafts.settings.DRAFT_COOKIE_NAME]
    assert cookie["httponly"]
    assert len(cookie.value) < 500
    assert client.get("/es/candidacy/consent/").status_code == 422


def test_a_cookie_that_was_changed_brings_nothing_back(client):
    rejected(client, "consent", {"who": "other"})
    client.cookies[drafts.settings.DRAFT_COOKIE_NAME] = client.cookies[drafts.settings.DRAFT_COOKIE_NAME].value + "x"
    assert client.get(reverse("step", args=["consent"])).status_code == 200


def test_a_page_made_for_other_answers_comes_back_and_saves_nothing(client, with_draft):
    with_draft(draft())
    former = client.get(reverse("step", args=["contact"]))
    client.post(reverse("check"))
    saved = draft(name="Luz", email="luz@example.com")
    with_draft(saved)
    typed = CONTACT | {"name": "Ana", "made_for": hidden(former, "made_for")}
    response = rejected(client, "contact", typed)
    assert response.status_code == 422
    assert "This page belongs to other answers" in response.content.decode()
    assert 'value="Ana"' in response.content.decode()
    assert Draft.objects.get().answers == saved.answers
    assert client.post(reverse("step", args=["contact"]), typed | {"made_for": hidden(response, "made_for")}).url


def test_a_page_names_its_draft_without_telling_its_id(client, with_draft):
    saved = draft()
    with_draft(saved)
    made_for = hidden(client.get(reverse("step", args=["goals"])), "made_for")
    assert made_for
    assert saved.pk.hex not in made_for
    assert made_for != drafts.page_token(draft())


def test_the_first_page_of_two_tabs_may_be_sent_twice(client):
    given = {key: answers()[key] for key in ("who", "adult", "consent")} | {"made_for": ""}
    for who in ("self", "other"):
        assert post(client, "consent", given | {"who": who}).headers["Location"] == reverse("step", args=["condition"])
    assert Draft.objects.get().answers["who"] == "other"


@pytest.mark.parametrize("hindered", ["by the other language's button", "by the limit"])
def test_a_page_made_for_other_answers_says_so_whatever_else_hinders_it(client, with_draft, monkeypatch, hindered):
    with_draft(draft())
    former = client.get(reverse("step", args=["contact"]))
    with_draft(saved := draft(name="Luz"))
    typed = CONTACT | {"name": "Ana", "made_for": hidden(former, "made_for")}
    if hindered == "by the limit":
        monkeypatch.setattr(rate_limits, "STEPS", rate_limits.RateLimit("steps", 1))
        rate_limits.check_rate_limit(rate_limits.STEPS, "127.0.0.1")
    else:
        typed |= READING
    assert "This page belongs to other answers" in rejected(client, "contact", typed).content.decode()
    assert Draft.objects.get(pk=saved.pk).answers["name"] == "Luz"


def form_on(response) -> str:
    """The hidden name by which a browser recognizes the form."""
    return re.search(r'<input type="hidden" name="(\w{32})">', response.content.decode())[1]


def test_a_browser_knows_the_form_again_until_something_was_saved_or_another_value_is_shown(client, with_draft):
    saved = draft(goals=["cure"])
    with_draft(saved)
    address = reverse("step", args=["goals"])
    first = form_on(client.get(address))
    assert form_on(client.get(address)) == first
    wrong = form_on(rejected(client, "goals", {"goals": ["cure", "forged"]}))
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        post(client, "goals", {"goals": ["cure"]})
    assert len({first, wrong, form_on(client.get(address))}) == 3
