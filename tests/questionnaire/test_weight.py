import pytest
from django.urls import reverse
from django.utils.translation import override

from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import draft

pytestmark = pytest.mark.django_db

MOST = 12 * 1024  # bytes on the wire, with style sheets and logo already in the browser's cache


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("step", QUESTIONNAIRE.steps, ids=lambda step: step.slug)
def test_a_step_is_light(client, with_draft, language, step):
    with_draft(draft("both", who="other", patient_name="Ana"))
    with override(language):
        response = client.get(reverse("step", args=[step.slug]))
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
    assert len(response.content) + headers <= MOST
