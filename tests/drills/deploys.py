"""A new version is deployed while people send: connections wait at the socket, which systemd keeps open."""

import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.drills import inside_site, senders
from tests.drills.environment import Ground
from tests.drills.senders import Sending
from tests.drills.size import Size
from tests.report import Result
from tests.served import Served, wait_for

# What systemd does between fork and exec: the socket becomes file descriptor 3, meant for this process.
_HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass
class Activated(Served):
    """A site whose socket is kept open by the drill."""

    door: socket.socket

    def start_web(self) -> None:
        handed = str(self.door.fileno())
        gunicorn = (sys.executable, "-m", "gunicorn", "-c", "crc_site/gunicorn.conf.py")
        self.web = self._start("-c", _HAND_OVER, handed, *gunicorn, group=0, pass_fds=[self.door.fileno()])

    def restart(self) -> None:
        """Do what `systemctl restart crc-web crc-worker` does, including the migration before the web process."""
        self.stop()
        self.manage("migrate", "--verbosity", "0")
        self.start()


@contextmanager
def activated(ground: Ground) -> Iterator[Activated]:
    site = ground.site
    site.stop()
    with socket.create_server(("127.0.0.1", site.port), backlog=2048) as door:
        served = Activated(site.folder, site.port, site.environment, site.password, site.secret, door)
        served.start()
        try:
            yield served
        finally:
            served.stop()
    site.start()


def deploys(ground: Ground, size: Size) -> Iterator[Result]:
    people = ground.inside(inside_site.finished_drafts, size.calm_sends, ground.next_person(size.calm_sends))
    sending, restarts = Sending(), size.restarts
    with activated(ground) as site, ThreadPoolExecutor(size.clients) as pool:
        for sender in people:
            pool.submit(senders.send, site.port, sender, sending)
        for number in range(restarts):
            enough = len(people) * (number + 1) // (restarts + 1)
            wait_for(lambda enough=enough: len(sending.acknowledged) >= enough)
            site.restart()
    found = ground.inside(inside_site.account, sending.acknowledged)
    wrong = found["lost"] + found["doubled"] + found["in part"]
    errors, refused = sending.server_errors, len(sending.refused)
    longest = max(answer.seconds for answer in sending.answers if answer)
    yield Result(
        f"Started anew {restarts} times while {size.clients} send",
        "0 posts fail, 0 lost or doubled",
        f"{errors} × 5xx, {sending.broken}, {refused} turned away of {len(sending.answers)}; {wrong} wrong",
        (errors, sending.breaks, refused, wrong) == (0, [], 0, 0) and len(sending.acknowledged) == len(people),
    )
    yield Result(
        f"Started anew {restarts} times: longest wait", "< 15 s", f"{longest:.1f} s", longest < 15, is_timed=True
    )


DRILLS = (deploys,)
