"""All subjects in the table's order. A new promise becomes a drill of a subject, or a new module listed here."""

from tests.drills import (
    backups,
    bots,
    cached_pages,
    deploys,
    erasure,
    flooding,
    hostile,
    key_rotation,
    mail_arrives,
    mail_trouble,
    session_expiry,
    several_machines,
    storage,
    submissions,
    times,
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
    times,
    key_rotation,
    erasure,
    backups,
    # These leave several inquiries of one person, and withdrawn ones, while the former count inquiries by person.
    flooding,
    cached_pages,
    several_machines,
]

# Several machines cannot share a SQLite file.
ON_POSTGRESQL_ALONE = [several_machines]

# They ask the database for nothing that the tests do not ask of both.
ON_SQLITE_ALONE = [deploys, mail_trouble, mail_arrives, session_expiry, hostile, bots, cached_pages]

# Behind the web server that docs/deploy sets up.
BEHIND_NGINX = [cached_pages, several_machines]

# First and one after the other: their times are promises, they stop the database server, or they read all its files.
ALONE = [submissions, deploys, mail_trouble, storage, erasure]

# The others run beside each other, the longest first.
LANES = 3
LONGEST = [mail_arrives, key_rotation]
