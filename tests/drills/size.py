"""How large a drill is: in full for `make drills`, in short for the tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    clients: int  # that send at one time
    sends: int  # finished drafts that are sent while processes are killed
    kills: int  # of one of gunicorn's processes, and as many again of the whole group
    calm_sends: int  # finished drafts that are sent while nothing is killed
    repeated: int  # drafts whose Send is pressed by many at one moment
    presses: int  # at that moment
    restarts: int  # for a new version, while people send
    stopped_sends: int  # finished drafts that are sent while the site is told to end
    reloads: int  # of gunicorn while people send
    owed: int  # inquiries whose letters are owed when the mail workers begin
    mail_rounds: int  # of all moods of the mail server
    mail_sends: int  # finished drafts in each mood
    late_letters: int  # inquiries whose letters are owed while the mail server is down
    worker_kills: int  # of the mail worker while it sends them
    lost_replies: int  # of the mail server that has taken a letter in
    unlucky: int  # that send while the storage fails
    hostile: int  # requests
    words: int  # that hypothesis makes up for them, and as many names of fields and addresses
    bots: int
    visitors: int  # that are people
    may_wait: bool  # for leases to run out; else the drill ends them in the database


FULL = Size(
    clients=50,
    sends=3000,
    kills=20,
    calm_sends=1000,
    repeated=10,
    presses=20,
    restarts=6,
    stopped_sends=300,
    reloads=8,
    owed=150,
    mail_rounds=6,
    mail_sends=40,
    late_letters=100,
    worker_kills=6,
    lost_replies=6,
    unlucky=6,
    hostile=10_000,
    words=400,
    bots=1002,
    visitors=3,
    may_wait=True,
)
SHORT = Size(
    clients=10,
    sends=40,
    kills=1,
    calm_sends=40,
    repeated=1,
    presses=20,
    restarts=1,
    stopped_sends=20,
    reloads=1,
    owed=10,
    mail_rounds=1,
    mail_sends=4,
    late_letters=8,
    worker_kills=2,
    lost_replies=2,
    unlucky=2,
    hostile=300,
    words=50,
    bots=30,
    visitors=1,
    may_wait=False,
)
