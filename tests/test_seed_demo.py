"""`manage.py seed_demo` adds inquiries up to the requested number, only with DEBUG; a second run changes nothing."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from screening.models import Inquiry, Letter

pytestmark = pytest.mark.django_db


def seed(number: int) -> str:
    out = StringIO()
    call_command("seed_demo", inquiries=number, stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_it_fills_up_to_the_number_wanted_and_no_further(settings):
    settings.DEBUG = True
    for wanted, there in ((2, 2), (2, 2), (30, 30), (10, 30)):
        seed(wanted)
        assert Inquiry.objects.count() == there


@pytest.mark.slow
def test_the_first_three_are_mailed_and_the_others_have_a_history(settings):
    settings.DEBUG = True
    seed(60)
    assert Letter.objects.unsent().count() == 6
    assert Inquiry.objects.closed().exists()
    workers = get_user_model().objects.filter(username__in=("demo-reviewer", "demo-manager"))
    assert set(Inquiry.objects.exclude(assignee=None).values_list("assignee", flat=True)) <= {one.pk for one in workers}


def test_it_says_how_to_sign_in_and_refuses_where_patients_write(settings):
    settings.DEBUG = True
    assert "demo / a demo password" in seed(1)
    settings.DEBUG = False
    with pytest.raises(CommandError):
        seed(5)
    assert Inquiry.objects.count() == 1
