"""Re-encrypts every value with the newest of FIELD_KEYS while the site runs, and reports what cannot be read.

Progress is stored only in the values (their key id), so the next run continues one that was killed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import transaction

from screening.privacy.encryption import (
    Ciphertext,
    DecryptionError,
    EncryptedField,
    decrypt,
    is_encrypted_with_newest_key,
    reencrypt,
)

BATCH = 100  # rows in one transaction, which limits how long a submission waits
_PASSES = 10  # over rows that are locked or changed by others


@dataclass(frozen=True)
class StoredValue:
    """One stored ciphertext."""

    field: EncryptedField
    row: object
    ciphertext: Ciphertext

    @property
    def name(self) -> str:
        return f"{self.field.label} {self.row}"

    @property
    def is_readable(self) -> bool:
        try:
            decrypt(self.ciphertext, row=str(self.row), field=self.field.label)
        except DecryptionError:
            return False
        return True


@dataclass
class KeyReport:
    """Counts of values under the newest key and under older ones, and the field and row of unreadable ones."""

    newest: int = 0
    older: int = 0
    undecryptable: list[str] = field(default_factory=list)


def encrypted_fields() -> list[EncryptedField]:
    found = [field for model in apps.get_models() if not model._meta.proxy for field in model._meta.local_fields]
    return [field for field in found if isinstance(field, EncryptedField)]


def key_report(database: str | None = None) -> KeyReport:
    """Decrypt every value and count; ``database`` is the alias of another than the site's."""
    report = KeyReport()
    for stored in (one for each in encrypted_fields() for batch in _batches(each, database) for one in batch):
        if not stored.is_readable:
            report.undecryptable.append(stored.name)
        elif is_encrypted_with_newest_key(stored.ciphertext):
            report.newest += 1
        else:
            report.older += 1
    return report


def rotate() -> int:
    """Re-encrypt values of an older key or format; returns how many. Unreadable values stay unchanged."""
    return sum(_rotate_field(encrypted) for encrypted in encrypted_fields())


def _rotate_field(encrypted: EncryptedField) -> int:
    done = 0
    for _number in range(_PASSES):
        remaining = 0
        for batch in _batches(encrypted):
            older = [one for one in batch if not is_encrypted_with_newest_key(one.ciphertext) and one.is_readable]
            written = _rewrite_batch(encrypted, older) if older else 0
            done, remaining = done + written, remaining + len(older) - written
        if not remaining:
            break
    return done


def first_values() -> Iterator[StoredValue]:
    """The first values of every field."""
    for encrypted in encrypted_fields():
        yield from next(_batches(encrypted), [])


def _batches(encrypted: EncryptedField, database: str | None = None) -> Iterator[list[StoredValue]]:
    """Every value of a field in batches by primary key, with no lock or cursor open between them."""
    rows = (
        encrypted.model._base_manager.using(database).exclude(**{f"{encrypted.attname}__isnull": True}).order_by("pk")
    )
    found = list(rows.values_list("pk", encrypted.attname)[:BATCH])
    while found:
        yield [StoredValue(encrypted, row, ciphertext) for row, ciphertext in found]
        found = list(rows.filter(pk__gt=found[-1][0]).values_list("pk", encrypted.attname)[:BATCH])


def _rewrite_batch(encrypted: EncryptedField, older: list[StoredValue]) -> int:
    """Write a batch, except values that have changed since they were read; returns how many were written.

    Locked rows are skipped (SKIP LOCKED): waiting for one while holding others could deadlock.
    """
    reencrypted = {
        one: reencrypt(one.ciphertext, row=str(one.row), field=encrypted.label, min_size=encrypted.min_size)
        for one in older
    }
    rows = encrypted.model._base_manager
    with transaction.atomic():
        unlocked = rows.select_for_update(skip_locked=True).filter(pk__in=[one.row for one in older])
        locked_here = set(unlocked.values_list("pk", flat=True))
        as_stored = f"{encrypted.attname}__as_stored"
        return sum(
            rows.filter(**{"pk": one.row, as_stored: one.ciphertext}).update(**{encrypted.attname: ciphertext})
            for one, ciphertext in reencrypted.items()
            if one.row in locked_here
        )
