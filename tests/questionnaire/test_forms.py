import pytest
from crispy_forms.utils import render_crispy_form
from django.forms.boundfield import BoundField

from screening.questionnaire.forms import StepForm
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import answers

pytestmark = pytest.mark.django_db
OF_CHOICES = ("one_of", "several")


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
