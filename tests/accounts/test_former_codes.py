"""A migration encrypts the plain keys of django-otp's table; they still make the same codes."""

from base64 import b32encode
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from screening.accounts.models import Authenticator
from tests.accounts.people import member

pytestmark = pytest.mark.django_db
migration = import_module("screening.accounts.migrations.0002_sealed_keys")
KEY = "00112233445566778899aabbccddeeff00112233"


def test_a_former_key_is_encrypted_and_its_table_gone():
    who = member("Reader")
    with connection.cursor() as cursor:
        columns = "id integer, user_id integer, confirmed boolean, key text, step integer, last_t integer"
        cursor.execute(f"CREATE TABLE otp_totp_totpdevice ({columns})")
        row = "INSERT INTO otp_totp_totpdevice VALUES (%s, %s, %s, %s, 30, 7)"
        cursor.execute(row, [1, who.pk, True, KEY])
        cursor.execute(row, [2, who.pk, False, "ff" * 20])
    migration.seal_keys(apps, SimpleNamespace(connection=connection))
    app = Authenticator.objects.get()
    assert (app.user_id, app.key, app.last_step) == (who.pk, b32encode(bytes.fromhex(KEY)).decode(), 7)
    assert "otp_totp_totpdevice" not in connection.introspection.table_names()


def test_where_there_were_no_codes_nothing_happens():
    migration.seal_keys(apps, SimpleNamespace(connection=connection))
    assert not Authenticator.objects.exists()
