"""A second machine for a drill: another site on the same database, with nginx in front of both."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from screening.inquiries import business_days
from screening.models import Inquiry, Letter, Schedule
from tests import builders
from tests.drills import erasure, inside_site
from tests.drills.backups import backed_up
from tests.drills.environment import Ground
from tests.nginx import nginx
from tests.served import Served, free_port
from tests.visitor import Page, Visitor


@dataclass(frozen=True)
class Pair:
    machines: tuple[Served, Served]
    port: int  # of nginx, in front of both

    def kill(self, number: int) -> None:
        """Kill all processes of one machine, then start its web process and worker again."""
        machine = self.machines[number % 2]
        machine.signal_group(signal.SIGKILL)
        machine.start()

    def logged(self, event: str) -> int:
        return sum(machine.log.count(f'"{event}"') for machine in self.machines)


@contextmanager
def pair(ground: Ground) -> Iterator[Pair]:
    """Run two machines with a shared backup folder, as if mounted on each."""
    backed_up(ground)
    first = ground.site
    folder = first.folder / "second"
    folder.mkdir()
    second = Served(folder, free_port(), first.environment, first.password, first.secret)
    second.start()
    try:
        with nginx(folder / "nginx", *(f"127.0.0.1:{one.port}" for one in (first, second)), tls=False) as front:
            yield Pair((first, second), front.https)
    finally:
        second.stop()


@dataclass
class Wanderer(Visitor):
    """Reads each form at one machine and posts it at the other."""

    elsewhere: str = ""
    crossings: int = field(default=0, init=False)

    def token_of(self, page: Page) -> str:
        found = super().token_of(page)
        self.site, self.elsewhere = self.elsewhere, self.site
        self.crossings += 1
        return found

    def send(self) -> Page:
        page = super().send()
        assert "CRC-" in page.text, page.status
        return page


def everything_due(count: int, first: int) -> dict:
    """Inside the site: create ``count`` inquiries past retention and ``count`` overdue ones, and make all tasks due.

    The rewrite task is excluded: it yields to another worker's backup and is retried later.
    """
    over = [str(builders.inquiry(email=inside_site.email_of(person)).pk) for person in range(first, first + count)]
    late = [
        str(builders.inquiry(email=inside_site.email_of(person)).pk)
        for person in range(first + count, first + 2 * count)
    ]
    now = timezone.now()
    erasure.outlive(over)
    Inquiry.objects.filter(pk__in=late).update(reply_due_at=now - timedelta(days=1))
    Letter.objects.filter(sent_at=None).update(sent_at=now)
    Schedule.objects.exclude(name="rewrite").update(next_at=now)
    return {"late": late, "digests": int(business_days.is_business_day(business_days.start_of_day(now).date()))}


def letters_of(ground: Ground, name: str) -> int:
    return ground.count("screening_letter", f"name = '{name}'")
