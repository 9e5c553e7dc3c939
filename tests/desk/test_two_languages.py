import pytest
from django.urls import reverse

from screening.inquiries import services
from tests.builders import draft

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_staff_read_question_and_answer_as_the_patient_did_and_the_answer_in_their_own_language(desk):
    made = services.submit(draft("oa", language="es", anything_else="Me duele al caminar").pk, "es")
    page = desk.get(reverse("admin:screening_inquiry_change", args=[made.pk])).content.decode()
    for words in ("¿Un médico le ha dicho qué tan severa es su OA?", "Moderada", "Moderate"):
        assert words in page
    assert page.count("Me duele al caminar") == 1
    assert 'lang="es"' in page
