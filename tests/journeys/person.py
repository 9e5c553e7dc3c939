"""A patient whose state is prepared inside the site, which is fast, and who then views it in Chromium."""

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from playwright.sync_api import Page

from tests.builders import answers
from tests.inside import Inside
from tests.journeys import staff_at_work
from tests.journeys.script import path, say
from tests.pages import follow
from tests.served import Served, wait_for
from tests.visitor import Visitor


@dataclass
class Somebody:
    site: Served
    database: Connection
    page: Page
    visitor: Visitor
    process: Inside
    language: str = "en"

    def begins(self) -> None:
        given = answers()
        self.visitor.post("/candidacy/consent/", {key: given[key] for key in ("who", "adult", "consent")})
        self._hands_over()

    def answers_all(self, condition: str = "both", **changed) -> None:
        """Have answered up to the check page; the start is a minute ago."""
        own = {"language": self.language, "email": self.email}
        self.visitor.keep("draft", self.process.run(staff_at_work.finished_draft, condition, own | changed))
        self._hands_over()

    def sends(self) -> None:
        assert self.visitor.post("/candidacy/check/", {}).address.endswith("/candidacy/sent/")

    def puts_back(self, time: str, minutes: int) -> None:
        """Move a timestamp of the draft back by ``minutes``."""
        new = f"datetime({time}, '{-minutes} minutes')"
        changed = self.database.execute(f"UPDATE screening_draft SET {time} = {new} WHERE id = ?", [self.draft_id])
        assert changed.rowcount == 1

    @contextmanager
    def at_the_limit(self):
        """When the block ends, raise the rate limit counters that it created above the limit."""
        before = {client for (client,) in self.database.execute("SELECT client FROM screening_tally")}
        yield
        clients = {client for (client,) in self.database.execute("SELECT client FROM screening_tally")} - before
        for client in clients:
            self.database.execute("UPDATE screening_tally SET times = 1000 WHERE client = ?", [client])

    @property
    def email(self) -> str:
        """An address of this person's own: the daily limit of mails counts by mailbox."""
        return f"ana-{self.visitor.headers['X-Forwarded-For'].replace('.', '-')}@example.com"

    @property
    def draft_id(self) -> str:
        """The draft's id as SQLite stores it, from the cookie."""
        cookies = {cookie.name: cookie.value for cookie in self.visitor.cookies}
        return cookies["draft"].partition(":")[0].replace("-", "")

    @property
    def reference(self) -> str:
        found = self.database.execute("SELECT reference FROM screening_inquiry WHERE draft_id = ?", [self.draft_id])
        return found.fetchone()[0]

    def meanwhile(self, function: Callable, *arguments: Any) -> Any:
        """Run a function inside the site, about this person's inquiry."""
        return self.process.run(function, self.reference, *arguments)

    def opens(self, name: str, *args: str) -> None:
        self.page.goto(self.site.address + path(self.language, name, *args))

    def is_at(self, heading: str) -> bool:
        return self.page.locator("h1").inner_text() == say(self.language, heading)

    def sees_notice(self, words: str) -> bool:
        """The notice must have the focus."""
        return self.page.locator("[role=alert]:focus h2").inner_text() == say(self.language, words)

    def reads(self) -> str:
        return self.page.locator("main").inner_text()

    def offers(self, words: str) -> bool:
        return self.page.get_by_role("link", name=say(self.language, words), exact=True).count() == 1

    def presses(self, words: str) -> None:
        self._uses("button", words)

    def follows(self, words: str) -> None:
        self._uses("link", words)

    def _uses(self, role: str, words: str) -> None:
        control = self.page.locator("main").get_by_role(role, name=say(self.language, words), exact=True)
        follow(control.first)

    def link_of_mail(self, kind: str) -> str:
        """Return the withdrawal or copy link from this patient's mail."""
        link = re.compile(rf"https?://\S+/candidacy/{kind}/\S+/")
        found = wait_for(lambda: [link.search(text) for text in self._mails() if link.search(text)])
        assert found, "no such mail"
        return found[0][0]

    def code_of_mail(self) -> str:
        """Return the newest code from this patient's mail."""
        code = re.compile(r"(?m)^.*: (\d{6})$")
        found = wait_for(lambda: [code.search(text)[1] for text in self._mails() if code.search(text)])
        assert found, "no such mail"
        return found[-1]

    def _mails(self) -> list[str]:
        reference = self.reference
        return [mail.text for mail in self.site.mails() if reference in mail.text]

    def _hands_over(self) -> None:
        cookies = [{"name": one.name, "value": one.value, "url": self.site.address} for one in self.visitor.cookies]
        self.page.context.add_cookies(cookies)
