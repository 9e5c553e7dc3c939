"""Keys of one-time codes that lay unencrypted in django-otp's own table are sealed, and that table goes."""

from base64 import b32encode

from django.apps.registry import Apps
from django.db import migrations

FORMER = "otp_totp_totpdevice"


def seal_keys(apps: Apps, schema_editor) -> None:
    connection = schema_editor.connection
    if FORMER not in connection.introspection.table_names():
        return
    authenticators = apps.get_model("staff", "Authenticator").objects.using(connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT user_id, key, last_t FROM {FORMER} WHERE confirmed AND step = 30 ORDER BY id")
        former = {user_id: (key, last_t) for user_id, key, last_t in cursor.fetchall()}
        for user_id, (key, last_t) in former.items():
            key = b32encode(bytes.fromhex(key)).decode()
            authenticators.create(user_id=user_id, name="app", key=key, last_step=last_t)
        cursor.execute(f"DROP TABLE {FORMER}")


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [migrations.RunPython(seal_keys, migrations.RunPython.noop)]
