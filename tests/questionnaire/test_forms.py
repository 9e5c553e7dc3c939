import pytest
from crispy_forms.utils import render_crispy_form
from django.forms.boundfield import BoundField
from django.utils.translation import override

from screening.questionnaire.forms import StepForm
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import CONTACT, answers

pytestmark = pytest.mark.django_db
OF_CHOICES = ("single_choice", "multiple_choice")


def asked_with_choices(form: StepForm) -> list[BoundField]:
    return [field for field in form if field.field.question.kind in OF_CHOICES]


@pytest.mark.parametrize("slug", [step.slug for step in QUESTIONNAIRE.steps])
@pytest.mark.parametrize("data", [None, {"nothing": "of it"}], ids=["as answered", "refused"])
def test_a_choice_is_written_as_its_widget_writes_it(slug, data):
    form = StepForm(QUESTIONNAIRE.step(slug), answers("both"), data=data)
    page = render_crispy_form(form)
    for field in asked_with_choices(form):
        assert all(str(choice.tag()) in page for choice in field)
        assert page.count(f'name="{field.html_name}"') == len(list(field))


CONTACT_STEP = QUESTIONNAIRE.step("contact")
TWO_COUNTRIES = CONTACT | {"phone": "951 234 0123", "channel": "phone"}


def contact_form(**given: str) -> StepForm:
    return StepForm(CONTACT_STEP, answers(), data=TWO_COUNTRIES | given)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", ["951 234 0123", "646 234 0123", "(951) 234-0123 cell"])
def test_a_number_of_two_countries_is_asked_about_with_nothing_chosen(language, typed):
    with override(language):
        form = contact_form(phone=typed)
        assert set(form.errors) == {"phone-country"}
        page = render_crispy_form(form)
    assert list(form.fields).index("phone-country") == list(form.fields).index("phone") + 1
    assert [value for value, _label in form.fields["phone-country"].choices] == ["us", "mx"]
    assert not any("checked" in choice.tag() for choice in form["phone-country"])
    assert f'value="{typed}"' in page
    assert ("México" if language == "es" else "Mexico") in page


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("us", "951 234 0123", "+19512340123"),
        ("mx", "951 234 0123", "+529512340123"),
        ("us", "646 234 0123 x12", "+16462340123;ext=12"),
        ("mx", "646 234 0123", "+526462340123"),
        ("ca", "639 234 5678", "+16392345678"),
    ],
)
def test_the_chosen_country_makes_the_number_and_is_no_answer_itself(country, typed, stored):
    form = contact_form(phone=typed, **{"phone-country": country})
    assert form.is_valid(), form.errors
    assert form.answers()["phone"] == stored
    assert set(form.answers()) == set(CONTACT)


@pytest.mark.parametrize("country", ["", "ca", "forged", "US"])
def test_a_country_that_the_number_does_not_fit_is_asked_again(country):
    assert set(contact_form(**{"phone-country": country}).errors) == {"phone-country"}


@pytest.mark.parametrize("typed", ["+1 951 234 0123", "+52 951 234 0123", "619 234 0123", "", "12", "hello"])
def test_no_country_is_asked_where_there_is_no_doubt(typed):
    form = contact_form(phone=typed, **{"phone-country": "mx"})
    form.is_valid()
    assert "phone-country" not in form.fields


def test_a_number_that_is_held_is_never_asked_about():
    assert "phone-country" not in StepForm(CONTACT_STEP, answers(phone="+529512340123")).fields


def test_the_question_and_its_answer_go_along_into_another_language():
    typed = TWO_COUNTRIES | {"phone-country": "mx"}
    form = StepForm(CONTACT_STEP, answers(), typed=typed)
    assert not form.errors
    assert form["phone-country"].value() == "mx"
    assert form["phone"].value() == "951 234 0123"
