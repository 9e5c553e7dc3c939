"""The groups match the table, and each predicate holds for exactly its groups."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User

from screening.accounts import permissions
from tests.accounts.people import member

pytestmark = pytest.mark.django_db

# The groups with each permission, as documented.
TABLE = {
    permissions.may_open: {"Reader", "Reviewer", "Manager"},
    permissions.may_edit: {"Reviewer", "Manager"},
    permissions.may_assign_others: {"Manager"},
    permissions.may_export: {"Manager"},
    permissions.may_hold: {"Manager"},
    permissions.may_erase: {"Manager"},
    permissions.may_see_all_events: {"Manager"},
    permissions.may_manage_staff: {"Manager"},
}


@pytest.mark.parametrize("may", TABLE, ids=lambda may: may.__name__)
def test_a_right_is_had_by_exactly_the_groups_of_the_table(may):
    assert {group for group in permissions.GROUP_PERMISSIONS if may(member(group))} == TABLE[may]
    assert not may(member(None))
    assert not may(AnonymousUser())
    assert may(User.objects.create_superuser("technician"))


@pytest.mark.parametrize("group", permissions.GROUP_PERMISSIONS)
def test_the_migration_made_each_group_with_exactly_its_rights(group):
    granted = Group.objects.get(name=group).permissions.select_related("content_type")
    assert {f"{right.content_type.app_label}.{right.codename}" for right in granted} == permissions.GROUP_PERMISSIONS[
        group
    ]


def test_there_are_no_other_groups_and_each_is_explained():
    assert (
        set(Group.objects.values_list("name", flat=True))
        == set(permissions.GROUP_PERMISSIONS)
        == set(permissions.GROUP_LABELS)
    )


@pytest.mark.parametrize("group", permissions.GROUP_PERMISSIONS)
def test_a_deactivated_member_has_no_right_left(group):
    gone = member(group, is_active=False)
    assert not any(may(gone) for may in TABLE)
