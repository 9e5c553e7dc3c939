"""The encrypted and hashed values of an inquiry, and a search for them in the database's files."""

from pathlib import Path

from django.db import connection

from screening.models import Inquiry
from screening.privacy.key_rotation import encrypted_fields


def noted(inquiry: Inquiry) -> list[bytes]:
    """Return every keyed hash of an inquiry, and 32 bytes of every ciphertext, which are unique."""
    return [token.encode() for token in inquiry.tokens.values_list("token", flat=True)] + [
        str(ciphertext)[40:72].encode() for ciphertext in _ciphertexts(inquiry)
    ]


def _ciphertexts(inquiry: Inquiry):
    for field in encrypted_fields():
        of_inquiry = {"pk"} if field.model is Inquiry else {"inquiry"} & {one.name for one in field.model._meta.fields}
        for name in of_inquiry:
            found = field.model.objects.filter(**{name: inquiry.pk, f"{field.attname}__isnull": False})
            yield from found.values_list(field.attname, flat=True)


def found_of(sought: list[bytes]) -> int:
    """Return how many of the values are found in the flushed files or in PostgreSQL's statistics."""
    everything = b"\0".join([*(file.read_bytes() for file in files() if file.is_file()), samples()])
    return sum(one in everything for one in sought)


def samples() -> bytes:
    """Return the values that ANALYZE sampled; in the files they are compressed."""
    if connection.vendor == "sqlite":
        return b""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws(' ', " + ", ".join(f"stavalues{n}::text" for n in range(1, 6)) + ") FROM pg_statistic"
        )
        return "\0".join(values for (values,) in cursor.fetchall()).encode()


def files() -> list[Path]:
    """SQLite's file and journals; PostgreSQL's relations and remaining WAL."""
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        return list(database.parent.glob(f"{database.name}*"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, current_setting('data_directory') FROM pg_database WHERE datname = current_database()"
        )
        oid, place = cursor.fetchone()
        for statement in (
            "SELECT pg_switch_wal()",
            "CHECKPOINT",
            "SELECT pg_switch_wal()",
            "CHECKPOINT",
        ):
            cursor.execute(statement)
    return [*Path(place, "base", str(oid)).iterdir(), *Path(place, "pg_wal").iterdir()]
