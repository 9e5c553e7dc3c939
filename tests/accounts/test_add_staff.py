import io
import re

import pytest
from django.core.management import CommandError, call_command

from screening.accounts.models import Enrolment, Member
from tests.accounts.people import enrolled, member

pytestmark = pytest.mark.django_db


def add_staff(*arguments: str) -> str:
    out = io.StringIO()
    call_command("add_staff", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("group", ["Reader", "Reviewer", "Manager"])
def test_an_account_is_made_with_its_group_and_a_link(client, group):
    output = add_staff("ana", "--group", group, "--email", "ana@clinic.example")
    made = Member.objects.get()
    assert (made.group_name, made.email, made.is_staff, made.is_superuser) == (group, "ana@clinic.example", True, False)
    assert not made.has_usable_password()
    path = re.search(r"http://localhost:8000(/staff/enrol/\S+/)$", output.strip())[1]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ana"], "Say which group"),
        (["reader", "--group", "Reader"], "There is an account named reader already"),
        (["ana maria", "--group", "Reader"], "Enter a valid username"),
        (["ana", "--group", "Reader", "--email", "nowhere"], "Enter a valid email"),
        (["ana", "--group", "Owner"], "invalid choice"),
        (["nobody", "--again"], "There is no active account of staff named nobody"),
        (["gone", "--again"], "There is no active account of staff named gone"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_made(arguments, message):
    member("Reader")
    member("Reader", "gone", is_active=False)
    with pytest.raises(CommandError, match=message):
        add_staff(*arguments)
    assert Member.objects.count() == 2
    assert not Enrolment.objects.exists()


def test_an_account_that_is_there_gets_a_new_link_and_keeps_the_rest():
    who, _app, _codes = enrolled("Manager")
    assert "/staff/enrol/" in add_staff("manager", "--again")
    who.refresh_from_db()
    assert who.group_name == "Manager"
    assert who.is_enrolled
