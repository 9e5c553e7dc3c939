"""Every subject, in the order of the table. A new promise is a drill of one of them, or a module and a line here."""

from tests.drills import (
    backups,
    bots,
    deploys,
    erased,
    expiry,
    hostile,
    keys,
    machines,
    mail_arrives,
    mail_trouble,
    sends,
    storage,
    workers,
)

SUBJECTS = [
    sends,
    workers,
    deploys,
    mail_trouble,
    mail_arrives,
    storage,
    expiry,
    hostile,
    bots,
    keys,
    erased,
    backups,
    machines,
]

# Several machines never share a SQLite file.
ON_POSTGRESQL_ALONE = [machines]

# Its seconds are a promise: nothing else goes on meanwhile. The first of the table.
ALONE = sends

# Takes minutes, and does next to nothing but wait: it goes on beside those that stand above it, but for the one alone.
WAITING = mail_arrives
