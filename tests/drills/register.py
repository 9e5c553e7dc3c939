"""Every subject, in the order of the table. A new promise is a drill of one of them, or a module and a line here."""

from tests.drills import (
    backups,
    bots,
    erased,
    expiry,
    hostile,
    keys,
    mail_arrives,
    mail_trouble,
    sends,
    storage,
    workers,
)

SUBJECTS = [sends, workers, mail_trouble, mail_arrives, storage, expiry, hostile, bots, keys, erased, backups]

# Takes minutes, and does next to nothing but wait: it goes on beside those that stand above it.
WAITING = mail_arrives
