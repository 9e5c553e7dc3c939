"""Nobody is flooded through us: many senders, each at an address of their own, name the same mailbox."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from screening.outbox.daily_limit import MAILS, mailbox
from tests.drills import inside_site
from tests.drills.client import ask
from tests.drills.environment import Ground
from tests.drills.senders import SENT, is_acknowledged, press_send
from tests.drills.size import Size
from tests.report import Result
from tests.served import wait_for

VICTIM = "victim@example.com"
_LINK = re.compile(r"/candidacy/(inquiry|withdraw)/[^/\"]+/")
_OWN = re.compile(r"CRC-\w+-\w+|/candidacy/(inquiry|withdraw)/[^/\"]+/|value=\"\w+\"")


def one_victim(ground: Ground, size: Size) -> Iterator[Result]:
    """Every sender names the victim's mailbox, each in a spelling of their own; some ask for a code and a copy too."""
    ground.forget_letters()
    named = [f"vic.tim+{number}@example.com" for number in range(size.flooders)]
    people = ground.inside(inside_site.drafts_naming, named, ground.next_person(size.flooders))
    early, late = people[: size.flooders // 20 or 1], people[-1:]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda sender: press_send(ground.site.port, sender), people))
    seen = [ask_for_more(ground, sender) for sender in early]
    ground.execute("UPDATE screening_letter SET sent_at = owed_at WHERE name = 'new-inquiry' AND sent_at IS NULL")
    first_worker, _second = ground.site.worker, ground.site.start_worker()  # the limit holds for several workers too
    wait_for(lambda: not ground.unsent_letters())
    first_worker.terminate()
    first_worker.wait()
    seen += [ask_for_more(ground, sender) for sender in late]
    wait_for(lambda: not ground.unsent_letters())
    kept, asked = ground.inside(inside_site.withheld, named), size.flooders + 2 * len(seen)
    arrived = sum(mailbox(address) == mailbox(VICTIM) for address in ground.post.handler.recipients)
    acknowledged = sum(map(is_acknowledged, answers))
    yield Result(
        f"Mails to one mailbox, named by {size.flooders} senders",
        f"≤ {MAILS.maximum}; inquiries kept, an event for each mail withheld",
        f"{arrived} of {asked}; {acknowledged} acknowledged, {kept['inquiries']} kept, {kept['events']} events",
        arrived == MAILS.maximum
        and acknowledged == kept["inquiries"] == size.flooders
        and kept["events"] == asked - arrived,
    )
    yield Result(
        "What they see, before and after",
        "no difference",
        f"{len(set(seen))} of {len(seen)} kinds",
        len(set(seen)) == 1,
    )


def ask_for_more(ground: Ground, sender: dict) -> tuple:
    """Ask for a code and a copy; return all that the sender sees, without what differs between any two inquiries."""

    def see(method: str, path: str, fields: dict | None = None) -> tuple[int, str, str]:
        answer = ask(ground.site.port, method, path, fields, person=sender["person"], draft=sender["draft"])
        return answer.status, _OWN.sub("", answer.location), _OWN.sub("", answer.text)

    confirmation = ask(ground.site.port, "GET", SENT, person=sender["person"], draft=sender["draft"]).text
    links = {found[1]: found[0] for found in _LINK.finditer(confirmation)}
    code = see("POST", f"{links['inquiry']}code/", {})
    copy = see("POST", f"{links['withdraw']}copy/", {})
    return code, copy, see("GET", f"{links['withdraw']}copy/"), _OWN.sub("", confirmation)


DRILLS = (one_victim,)
