"""Re-encrypts every value with the newest of FIELD_KEYS while the site runs, and reports what cannot be read.

Fields are found by looking at the models. Progress is stored in the values alone (their key id), so a run that is
killed is continued by the next.
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

BATCH = 100  # rows in one transaction: whoever sends meanwhile waits for as many at most
_PASSES = 10  # over what others hold just then


@dataclass(frozen=True)
class StoredValue:
    """One stored ciphertext."""

    field: EncryptedField
    row: object
    ciphertext: Ciphertext

    @property
    def named(self) -> str:
        return f"{self.field.label} {self.row}"

    @property
    def opens(self) -> bool:
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
    unopened: list[str] = field(default_factory=list)


def encrypted_fields() -> list[EncryptedField]:
    found = [field for model in apps.get_models() if not model._meta.proxy for field in model._meta.local_fields]
    return [field for field in found if isinstance(field, EncryptedField)]


def key_report() -> KeyReport:
    """Decrypt every value and count."""
    found = KeyReport()
    for held in (held for sealed in encrypted_fields() for batch in _batches(sealed) for held in batch):
        if not held.opens:
            found.unopened.append(held.named)
        elif is_encrypted_with_newest_key(held.ciphertext):
            found.newest += 1
        else:
            found.older += 1
    return found


def rotate() -> int:
    """Re-encrypt what is under an older key or form; returns how many. Unreadable values stay."""
    return sum(_rotate_field(sealed) for sealed in encrypted_fields())


def _rotate_field(sealed: EncryptedField) -> int:
    done = 0
    for _number in range(_PASSES):
        left = 0
        for batch in _batches(sealed):
            older = [held for held in batch if not is_encrypted_with_newest_key(held.ciphertext) and held.opens]
            written = _rewrite_batch(sealed, older) if older else 0
            done, left = done + written, left + len(older) - written
        if not left:
            break
    return done


def _batches(sealed: EncryptedField) -> Iterator[list[StoredValue]]:
    """Every value of a field in batches by primary key; no lock or cursor stays open in between."""
    rows = sealed.model._base_manager.exclude(**{f"{sealed.attname}__isnull": True}).order_by("pk")
    found = list(rows.values_list("pk", sealed.attname)[:BATCH])
    while found:
        yield [StoredValue(sealed, row, ciphertext) for row, ciphertext in found]
        found = list(rows.filter(pk__gt=found[-1][0]).values_list("pk", sealed.attname)[:BATCH])


def _rewrite_batch(sealed: EncryptedField, older: list[StoredValue]) -> int:
    """Write a batch, except values that have changed since they were read; returns how many were written.

    Locked rows are skipped (SKIP LOCKED): waiting for one while holding others could deadlock.
    """
    anew = {
        held: reencrypt(held.ciphertext, row=str(held.row), field=sealed.label, min_size=sealed.min_size)
        for held in older
    }
    rows = sealed.model._base_manager
    with transaction.atomic():
        free = rows.select_for_update(skip_locked=True).filter(pk__in=[held.row for held in older])
        mine = set(free.values_list("pk", flat=True))
        unchanged = f"{sealed.attname}__as_stored"
        return sum(
            rows.filter(**{"pk": held.row, unchanged: held.ciphertext}).update(**{sealed.attname: ciphertext})
            for held, ciphertext in anew.items()
            if held.row in mine
        )
