"""What nginx stores of a hundred journeys: public pages, byte for byte as the site sends them, and nothing else."""

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from content.page_cache import public_paths
from tests.builders import answers
from tests.drills import inside_site, session_expiry
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.nginx import Nginx, nginx
from tests.report import Result
from tests.visitor import Visitor

CANARY = "zyxcanary"
CODINGS = {"br": "br, gzip", "gzip": "gzip", "": ""}
_KEY = re.compile(rb"\nKEY: ([^|\n]*)\|(br|gzip|)\n")
_SMALL = ("/robots.txt", "/sitemap.xml", "/share/home.png")


def nothing_private_in_the_cache(ground: Ground, size: Size) -> Iterator[Result]:
    with nginx(ground.site.folder / "nginx", f"127.0.0.1:{ground.site.port}", tls=False) as front:
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda number: journey(ground, front, number), range(size.journeys)))
        files = front.cached()
        wrong = [problem for file in files if (problem := wrong_with(ground, front, file))]
    ground.forget_letters()
    pages = len(list(public_paths()))
    yield Result(
        f"nginx's cache after {size.journeys} journeys of patients and staff",
        "every public page, nothing else",
        f"{len(files)} files of {pages} pages, {len(wrong)} wrong {sorted(set(wrong)) or ''}",
        all(done) and not wrong and len(files) >= pages * min(size.journeys, len(CODINGS)),
    )


def journey(ground: Ground, front: Nginx, number: int) -> bool:
    """A patient reads pages, looks something up, asks, sends, opens their own page and withdraws; staff look on."""
    accepted = list(CODINGS.values())[number % len(CODINGS)]
    address = f"203.0.113.{number + 1}"
    reader = Visitor(f"http://127.0.0.1:{front.https}", headers={"X-Forwarded-For": address})
    paths = [*public_paths(), *_SMALL]
    for path in paths if number < len(CODINGS) else paths[number % 5 :: 5]:
        read(reader, path, accepted)
    reader.get(f"/find/?q={CANARY}")
    reader.get(f"/guides/?{CANARY}")
    reader.answer_everything(
        answers("both", name=f"{CANARY} Ana", email=f"{CANARY}{number}@example.com", anything_else=CANARY)
    )
    sent = reader.send()
    for path in ("/", "/guides/", "/candidacy/sent/", "/candidacy/sent/answers/", "/candidacy/questions/"):
        reader.get(path)
    page, withdraw = (path_of(reader.link(f"/candidacy/{name}/")) for name in ("inquiry", "withdraw"))
    reader.post(f"{page}code/", {}, form=page)
    reader.get(page)
    if number % 20 == 0:
        staff = Visitor(reader.site, headers=reader.headers)
        session_expiry.sign_in(staff, ground, ground.inside(inside_site.newest_record))
    reader.post(f"{withdraw}copy/", {}, form=withdraw)
    reader.post(withdraw, {})
    return "CRC-" in sent.text


def read(reader: Visitor, path: str, accepted: str) -> None:
    """Get a page with this Accept-Encoding, and with the cookies that the visitor has."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in reader.cookies)
    headers = {"Accept-Encoding": accepted, "Cookie": cookies, **reader.headers}
    urllib.request.urlopen(urllib.request.Request(reader.site + path, headers=headers)).read()


def path_of(address: str) -> str:
    return urllib.parse.urlsplit(address).path


def wrong_with(ground: Ground, front: Nginx, file: Path) -> str:
    """What is wrong with a file of the cache, or ""."""
    stored = file.read_bytes()
    key = _KEY.search(stored)
    if CANARY.encode() in stored or b"Set-Cookie" in stored or not key:
        return "private"
    path, coding = key[1].decode().removeprefix("127.0.0.1"), key[2].decode()
    if path not in {*public_paths(), *_SMALL}:
        return path
    _head, _end, body = stored.partition(b"\r\n\r\n")
    request = urllib.request.Request(ground.site.address + path, headers={"Accept-Encoding": CODINGS[coding]})
    request.add_header("Host", f"127.0.0.1:{front.https}")
    return "" if urllib.request.urlopen(request).read() == body else f"{path} differs"


DRILLS = (nothing_private_in_the_cache,)
