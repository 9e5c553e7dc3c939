"""The groups' migration is reversible and can be repeated."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("screening", "0003_desk")]
AFTER = [("screening", "0004_rights")]


def migrate_to(target) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(target)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_back_and_forth_leaves_the_same_groups():
    def groups() -> dict:
        return {group.name: group.permissions.count() for group in Group.objects.all()}

    latest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == "screening"]
    migrate_to(BEFORE)
    migrate_to(latest)
    at_first = groups()
    assert set(at_first) == {"Reader", "Reviewer", "Manager"}
    migrate_to(BEFORE)
    assert groups() == {}
    Group.objects.create(name="Reader")  # as if created by hand
    migrate_to(latest)
    assert groups() == at_first
