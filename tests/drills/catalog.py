"""Every subject, in the order of the table. A new promise is a drill of one of them, or a module and a line here."""

from tests.drills import (
    backups,
    bots,
    deploys,
    erasure,
    hostile,
    key_rotation,
    mail_arrives,
    mail_trouble,
    session_expiry,
    several_machines,
    storage,
    submissions,
    workers,
)

SUBJECTS = [
    submissions,
    workers,
    deploys,
    mail_trouble,
    mail_arrives,
    storage,
    session_expiry,
    hostile,
    bots,
    key_rotation,
    erasure,
    backups,
    several_machines,
]

# Several machines never share a SQLite file.
ON_POSTGRESQL_ALONE = [several_machines]

# Its seconds are a promise: nothing else goes on meanwhile. The first of the table.
ALONE = submissions

# Takes minutes, and does next to nothing but wait: it goes on beside those that stand above it, but for the one alone.
WAITING = mail_arrives
