import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection

from screening.models import Draft, Inquiry, Note
from screening.privacy import encryption
from screening.privacy.blind_index import blind_index
from screening.privacy.encryption import DecryptionError, decrypt, encrypt
from tests.builders import draft, inquiry


def test_a_ciphertext_decrypts_only_for_its_own_row_and_field():
    ciphertext = encrypt({"name": "Ana"}, row="1", field="a.b")
    assert "Ana" not in ciphertext
    assert decrypt(ciphertext, row="1", field="a.b") == {"name": "Ana"}
    for row, field in (("2", "a.b"), ("1", "a.c")):
        with pytest.raises(DecryptionError):
            decrypt(ciphertext, row=row, field=field)


def test_a_cut_or_foreign_text_is_refused_without_showing_it():
    ciphertext = encrypt("secret words", row="1", field="a.b")
    for broken in (ciphertext[:-4], ciphertext[:11], "v2.", "v2.abc", "not sealed at all", ""):
        with pytest.raises(DecryptionError) as caught:
            decrypt(broken, row="1", field="a.b")
        assert "secret" not in str(caught.value)


def test_the_stored_form_stays_what_earlier_releases_wrote(settings):
    """The name of its key, and a padding to a power of two: values of other lengths would tell something."""
    settings.FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert encryption._derived(settings.FIELD_KEYS[0]).id == "daf51362"
    assert [len(encryption._padded(bytes(length), 64)) for length in (0, 62, 63, 64, 100)] == [64, 64, 64, 128, 128]


def test_an_older_key_still_decrypts_and_a_lost_one_does_not(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    ciphertext = encrypt("text", row="1", field="a.b")
    settings.FIELD_KEYS = [new, old]
    assert decrypt(ciphertext, row="1", field="a.b") == "text"
    settings.FIELD_KEYS = [new]
    with pytest.raises(DecryptionError):
        decrypt(ciphertext, row="1", field="a.b")


@pytest.mark.django_db
def test_swapped_rows_are_refused():
    first, second = draft(name="Ana"), draft(name="Luz")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM screening_draft WHERE id = %s", [_key(first)])
        (stolen,) = cursor.fetchone()
        cursor.execute("UPDATE screening_draft SET answers = %s WHERE id = %s", [stolen, _key(second)])
    with pytest.raises(DecryptionError):
        _ = Draft.objects.get(pk=second.pk).answers


def _key(row) -> str:
    return row.pk.hex if connection.vendor == "sqlite" else str(row.pk)


@pytest.mark.django_db
def test_an_encrypted_field_is_read_back_saved_untouched_and_never_looked_up():
    loaded = Inquiry.objects.get(pk=inquiry(anything_else="knee since 2019").pk)
    assert loaded.answers["anything-else"] == "knee since 2019"
    before = _stored(loaded)
    loaded = Inquiry.objects.get(pk=loaded.pk)
    loaded.save()
    assert _stored(loaded) == before
    with pytest.raises(FieldError):
        Inquiry.objects.filter(answers="x").exists()
    with pytest.raises(TypeError):
        Inquiry.objects.update(answers={"a": "b"})


@pytest.mark.django_db
def test_a_deferred_encrypted_field_decrypts_too():
    made = inquiry()
    assert Inquiry.objects.defer("contact").get(pk=made.pk).contact["name"] == "Ana Pérez"


@pytest.mark.django_db
def test_many_rows_at_once_are_encrypted_as_well(staff):
    made = inquiry()
    Note.objects.bulk_create([Note(inquiry=made, text="first", author=staff), Note(inquiry=made, text="second")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM screening_note")
        assert not any("first" in text or "second" in text for (text,) in cursor.fetchall())
    assert sorted(note.text for note in Note.objects.all()) == ["first", "second"]


def _stored(loaded) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM screening_inquiry WHERE id = %s", [_key(loaded)])
        return cursor.fetchone()[0]


def test_the_blind_index_depends_on_its_key_and_kind(settings):
    found = blind_index("name", "ana")
    assert len(found) == 32
    assert blind_index("email", "ana") != found
    settings.INDEX_KEY = "another " * 10
    assert blind_index("name", "ana") != found
