"""Secrets that make codes are not readable in the database."""

import pytest
from django.db import connection
from django_otp.models import Device

from screening.accounts.enrolment import create_link
from screening.accounts.models import Authenticator, Enrolment
from screening.privacy.encryption import Ciphertext, DecryptionError
from tests.accounts.people import enrolled

pytestmark = pytest.mark.django_db


def everything_stored() -> str:
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(texts)


def test_no_key_recovery_code_or_link_lies_in_the_database():
    who, app, codes = enrolled()
    token = create_link(who).rstrip("/").rpartition("/")[2]
    stored = everything_stored()
    for secret in (app.key, Enrolment.objects.get().key, token, token.partition(".")[2], *codes):
        assert secret not in stored


def test_a_key_brought_from_another_row_is_refused():
    enrolled()
    enrolled("Reader", "colleague")
    one, other = Authenticator.objects.all()
    Authenticator.objects.filter(pk=one.pk).update(key=Ciphertext(other.__dict__["key"]))
    with pytest.raises(DecryptionError):
        Authenticator.objects.get(pk=one.pk).key  # noqa: B018 (reading opens it)


def test_the_library_finds_an_authenticator_by_the_name_in_the_session():
    _who, app, _codes = enrolled()
    assert Device.from_persistent_id(app.persistent_id) == app
