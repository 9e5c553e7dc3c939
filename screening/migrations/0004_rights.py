"""The groups of staff, with what each may do."""

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

READER = {("screening", "view_inquiry")}
REVIEWER = READER | {("screening", "change_inquiry")}
MANAGER = REVIEWER | {
    ("screening", "assign_inquiry"),
    ("screening", "export_inquiry"),
    ("screening", "hold_inquiry"),
    ("screening", "erase_inquiry"),
    ("screening", "view_all_events"),
    ("staff", "view_member"),
    ("staff", "add_member"),
    ("staff", "change_member"),
}
GROUPS = {"Reader": READER, "Reviewer": REVIEWER, "Manager": MANAGER}


def make_groups(apps: Apps, schema_editor) -> None:
    """Django makes permissions after all migrations, too late for the groups; so here it is asked to make them now."""
    database = schema_editor.connection.alias
    for app in ("staff", "screening"):
        create_permissions(installed.get_app_config(app), verbosity=0, using=database, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    for name, rights in GROUPS.items():
        group, _is_new = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.set(
            [permissions.get(content_type__app_label=app, codename=codename) for app, codename in sorted(rights)]
        )


def remove_groups(apps: Apps, schema_editor) -> None:
    database = schema_editor.connection.alias
    apps.get_model("auth", "Group").objects.using(database).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0003_desk"),
        ("staff", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="inquiry",
            options={
                "verbose_name": "inquiry",
                "verbose_name_plural": "inquiries",
                "permissions": [
                    ("assign_inquiry", "Can assign an inquiry to others"),
                    ("export_inquiry", "Can export inquiries"),
                    ("hold_inquiry", "Can put an inquiry on legal hold"),
                    ("erase_inquiry", "Can erase an inquiry on request"),
                    ("view_all_events", "Can see what all staff did"),
                ],
            },
        ),
        migrations.RunPython(make_groups, remove_groups),
    ]
