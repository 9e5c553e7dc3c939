"""A link of the error summary scrolls the question, its hint and its error into view, not only the field."""

import pytest

from screening.questionnaire.steps import QUESTIONNAIRE
from tests.journeys.script import path
from tests.pages import follow

pytestmark = [pytest.mark.browser]

SIZES = [(320, 568), (390, 844), (1280, 720)]

# Top of the question, bottom of the linked field (for a tick box, of its label).
_MEASURES = """() => {
    const field = document.activeElement;
    const whole = field.closest("fieldset, .field");
    const parts = [whole.querySelector("legend, label"), ...whole.querySelectorAll(".hint, .error")];
    const bottoms = [field, ...whole.querySelectorAll(`[type=checkbox] + label[for="${field.id}"]`)]
        .map(part => part.closest(".choices") ? field : part).map(part => part.getBoundingClientRect().bottom);
    const tops = parts.map(part => part.getBoundingClientRect().top);
    return [Math.min(...tops), Math.max(...bottoms)];
}"""


def clear_the_page(page) -> None:
    page.evaluate(
        """() => {
            for (const input of document.querySelectorAll("form#step :is(input, textarea):not([type=hidden])")) {
                if (input.type === "radio" || input.type === "checkbox") input.checked = false;
                else input.value = "";
            }
        }"""
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_question_hint_and_error_are_in_view(somebody, language):
    page = somebody.page
    somebody.language = language
    somebody.answers_all("both")
    looked_at = 0
    for step in QUESTIONNAIRE.steps:
        somebody.opens("step", step.slug)
        clear_the_page(page)
        follow(page.locator("form#step .actions button"))
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for link in page.locator(".error-summary a").all():
                link.click()
                top, bottom = page.evaluate(_MEASURES)
                where = f"{path(language, 'step', step.slug)} on {width} x {height}"
                assert top >= 0, f"{where}: the question begins at {top}"
                assert bottom <= height, f"{where}: the field ends at {bottom}"
                looked_at += 1
    assert looked_at >= len(SIZES) * (len(QUESTIONNAIRE.steps) - 1)  # all but the optional text
