"""What managers may do with staff accounts, and what they may not."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from screening.accounts.audit_trail import AccountEvent, audit_trail
from screening.accounts.models import Authenticator, Enrolment, Member
from screening.inquiries import services
from tests.accounts.people import enrolled, member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
LIST = reverse("admin:staff_member_changelist")
ADD = reverse("admin:staff_member_add")


def page_of(who, name: str = "change") -> str:
    return reverse(f"admin:staff_member_{name}", args=[who.pk])


def filled(**changed) -> dict:
    """Return the data of the account form."""
    sent = {"username": "ana", "first_name": "Ana", "last_name": "Pérez", "email": "", "group": "Reader"}
    return sent | {"is_active": "on"} | changed


def unticked(**changed) -> dict:
    return {name: value for name, value in filled(**changed).items() if name != "is_active"}


@pytest.fixture
def boss():
    return member("Manager", "boss")


@pytest.fixture
def manager(boss):
    return signed_in(boss)


def test_an_account_is_made_in_its_group_without_a_password(manager, boss):
    response = manager.post(ADD, filled(group="Reviewer", email="ana@clinic.example"))
    made = Member.objects.get(username="ana")
    assert response.status_code == 302
    assert (made.group_name, made.is_staff, made.is_superuser) == ("Reviewer", True, False)
    assert not made.has_usable_password()
    (line,) = audit_trail(made)
    assert (line.what, line.detail, line.by) == (AccountEvent.MADE.label, "Reviewer", "boss")


def test_a_manager_changes_name_group_and_whether_somebody_may_sign_in(manager):
    who = member("Reader")
    manager.post(page_of(who), filled(group="Manager"))
    who = Member.objects.get(pk=who.pk)
    assert (who.group_name, who.first_name, who.is_active) == ("Manager", "Ana", True)
    manager.post(page_of(who), unticked(group="Manager"))
    who = Member.objects.get(pk=who.pk)
    assert not who.is_active
    manager.post(page_of(who), filled(group="Manager"))
    trail = [(line.what, line.detail) for line in audit_trail(who)]
    assert trail == [
        (AccountEvent.REACTIVATED.label, ""),
        (AccountEvent.DEACTIVATED.label, ""),
        (AccountEvent.DETAILS.label, ""),
        (AccountEvent.GROUP.label, "Reader → Manager"),
    ]


GREED = {
    "is_superuser": "on",
    "is_staff": "on",
    "user_permissions": "1",
    "groups": "1",
    "password": "chosen by a manager",
    "usable_password": "true",
    "password1": "chosen by a manager",
    "password2": "chosen by a manager",
    "id": "1",
    "pk": "1",
}


def test_no_account_gets_more_than_a_group_whatever_is_sent(manager):
    who = member("Reader")
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    greedy = GREED | {"user_permissions": every, "groups": [str(group.pk) for group in Group.objects.all()]}
    manager.post(page_of(who), filled() | greedy)
    manager.post(ADD, filled() | greedy)
    for made in Member.objects.exclude(username="boss"):
        assert not made.is_superuser
        assert not made.user_permissions.exists()
        assert not made.has_usable_password()
        assert [group.name for group in made.groups.all()] == ["Reader"]


@pytest.mark.parametrize("group", ["", "Owner", "1", "Manager\x00", "superuser"])
def test_a_group_that_is_none_is_refused(manager, group):
    who = member("Reader")
    assert manager.post(page_of(who), filled(group=group)).status_code == 200
    assert Member.objects.get(pk=who.pk).group_name == "Reader"


def test_a_manager_does_not_touch_the_technician(manager):
    technician = User.objects.create_superuser("technician")
    before = User.objects.filter(pk=technician.pk).values().get()
    assert manager.get(page_of(technician)).status_code == 200  # the list of who has access is visible
    for name, sent in (("change", filled(username="x")), ("link", {}), ("reset", {})):
        assert manager.post(page_of(technician, name), sent).status_code == 403
    assert User.objects.filter(pk=technician.pk).values().get() == before
    assert not Enrolment.objects.exists()


def test_nobody_manages_their_own_account(manager, boss):
    for name, sent in (("change", filled(group="Reader")), ("link", {}), ("reset", {})):
        assert manager.post(page_of(boss, name), sent).status_code == 403
    page = manager.get(page_of(boss)).content.decode()
    assert "This is your own account" in page
    assert "Make an enrolment link" not in page


def test_accounts_are_never_deleted(manager, staff, desk):
    who = member("Reader")
    for client in (manager, desk):
        for path in (f"{LIST}{who.pk}/delete/", f"/admin/auth/user/{who.pk}/delete/"):
            assert client.post(path, {"post": "yes"}).status_code == 404
        client.post(LIST, {"action": "delete_selected", "_selected_action": who.pk, "post": "yes"})
    assert Member.objects.filter(pk=who.pk).exists()


def test_a_user_name_stays_since_records_name_it(manager):
    who = member("Reader")
    manager.post(page_of(who), filled(username="other"))
    assert Member.objects.get(pk=who.pk).username == "reader"


def test_the_button_shows_a_link_this_once(manager, client):
    who = member("Reader")
    response = manager.post(page_of(who, "link"))
    path = re.search(r"http://localhost:8000(/staff/enrol/[^\s<]+/)", response.content.decode())[1]
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(path).status_code == 200
    token = path.split("/")[3]
    for page in (manager.get(page_of(who)), manager.get(page_of(who, "link"), follow=True)):
        assert token not in page.content.decode()
    assert token.partition(".")[2] not in str(dict(manager.session))


def test_making_a_link_is_never_a_get(manager):
    who = member("Reader")
    assert manager.get(page_of(who, "link")).status_code == 302
    assert manager.get(page_of(who, "reset")).status_code == 302
    assert not Enrolment.objects.exists()


def test_a_deactivated_account_gets_no_link_and_loses_the_one_it_had(manager, client):
    who = member("Reader")
    path = re.search(r"/staff/enrol/[^\s<]+/", manager.post(page_of(who, "link")).content.decode())[0]
    manager.post(page_of(who), unticked())
    assert "Activate it first" in manager.post(page_of(who, "link"), follow=True).content.decode()
    manager.post(page_of(who), filled())
    assert client.get(path).status_code == 404


@pytest.mark.slow
def test_who_leaves_with_open_inquiries_leaves_a_reminder(manager):
    who = member("Reviewer")
    made = inquiry()
    services.assign(made, who, who)
    sent = unticked()
    page = manager.post(page_of(who), sent, follow=True).content.decode()
    assert "Open inquiries that are still assigned to this account: 1." in page


def test_resetting_ends_app_recovery_codes_and_link(manager, settings):
    who, _app, _codes = enrolled()
    manager.post(page_of(who, "link"))
    manager.post(page_of(who, "reset"))
    assert not Authenticator.objects.exists()
    assert not Enrolment.objects.exists()
    assert audit_trail(who)[0].what == AccountEvent.CODES_ENDED.label


@pytest.mark.slow
@pytest.mark.parametrize("group", ["Reader", "Reviewer", None])
def test_others_see_and_do_nothing_here(group):
    who = member("Reader", "somebody")
    other = signed_in(member(group))
    for path in (LIST, ADD, page_of(who), page_of(who, "link"), page_of(who, "reset")):
        assert other.get(path).status_code == 403
        assert other.post(path, filled()).status_code == 403
    assert not Enrolment.objects.exists()
    assert "staff/member" not in other.get(reverse("admin:index")).content.decode()


def test_the_list_takes_the_same_queries_for_three_and_for_thirteen(manager, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (2, 10):
        for _ in range(number):
            member("Reader", f"person{Member.objects.count()}")
        with CaptureQueriesContext(connection) as queries:
            manager.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_shows_staff_only(manager):
    User.objects.create_user("patient.portal")
    assert "patient.portal" not in manager.get(LIST).content.decode()
