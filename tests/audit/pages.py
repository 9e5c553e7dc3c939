"""Every page and state in each language, looked at by axe, IBM's checker and, as the server sent it, html-validate."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from content.page_cache import public_paths
from tests.audit import npm
from tests.inside import Inside
from tests.journeys.input_methods import Mouse
from tests.journeys.person import Somebody
from tests.journeys.screenshots import IN_BOTH_SCHEMES, run_axe
from tests.journeys.script import LANGUAGES, answer, pages, path, say
from tests.journeys.states import STATES
from tests.report import Result
from tests.served import HANG, Served
from tests.visitor import Visitor, from_elsewhere

PHONE = {"viewport": {"width": 390, "height": 844}}
ALSO = ["/find/", "/find/?q=wear+and+tear", "/es/find/?q=artrosis", "/es/find/?q=xyzzy", "/nowhere/", "/es/nowhere/"]
IBM = npm.MODULES / "accessibility-checker-engine" / "ace.js"
# A checker does not see, or misunderstands, what a closed element hides.
UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
CHECK = """async () => {
    const report = await new ace.Checker().check(document, ["IBM_Accessibility"]);
    const isFailure = one => one.value[0] === "VIOLATION" && one.value[1] === "FAIL";
    return report.results.filter(isFailure).map(one => `${one.ruleId}: ${one.message} ${one.snippet}`);
}"""


@dataclass
class Findings:
    """What was found, by program, each with the page that it was found on."""

    folder: Path
    looked_at: int = 0
    found: dict[str, list[str]] = field(default_factory=lambda: {"axe": [], "IBM": [], "html-validate": []})

    def look(self, page: Page, sent: list[Response]) -> None:
        """Look at the page as it is; ``sent``: the documents that the server sent, of which it is the newest."""
        self.looked_at += 1
        page.evaluate(UNFOLD)
        where = f"{self.looked_at:03d} {page.locator('html').get_attribute('lang')} {page.title()}"
        for scheme, rules in IN_BOTH_SCHEMES.items():
            axe = run_axe(page, scheme, rules).response["violations"]
            self.found["axe"] += [f"{where} in {scheme}: {one['id']}: {one['nodes'][0]['html']}" for one in axe]
        page.add_script_tag(path=IBM)
        self.found["IBM"] += [f"{where}: {one}" for one in page.evaluate(CHECK)]
        (self.folder / f"{self.looked_at:03d}.html").write_bytes(sent[-1].body())

    def validate(self) -> None:
        """Validate all the documents in one go, which is quick."""
        config = str(npm.FOLDER / "html-validate.json")
        # Into a file: Node ends before a pipe has taken more than 64 KB.
        written = self.folder / "report.json"
        done = npm.run(
            "html-validate", "--config", config, "--formatter", f"json={written}", str(self.folder / "*.html")
        )
        if not written.exists():
            raise npm.NotInstalled(f"html-validate did not run: {(done.stderr.strip() or done.stdout.strip())[:300]}")
        report = json.loads(written.read_text(encoding="utf-8"))
        self.found["html-validate"] = [
            f"{Path(file['filePath']).name}, line {one['line']}: {one['ruleId']}: {one['message']}"
            for file in report
            for one in file["messages"]
        ]

    def results(self) -> Iterator[Result]:
        on = f"{self.looked_at} pages and states"
        for program, target in (("axe", "violations"), ("IBM", "failures"), ("html-validate", "errors")):
            found = self.found[program]
            yield Result(f"{program} on {on}", f"0 {target}", str(len(found)), not found)


def look_at_all(site: Served, chromium: str, folder: Path) -> Findings:
    documents = folder / "documents"
    documents.mkdir()
    findings = Findings(documents)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        _look_at_all(site, browser, findings)
        browser.close()
    findings.validate()
    return findings


def _look_at_all(site: Served, browser: Browser, findings: Findings) -> None:
    with closing(Inside(site.environment)) as process:
        visit = partial(_visit, site, process, browser, findings)
        for address in [*public_paths(), *ALSO]:
            visit(lambda somebody, address=address: somebody.page.goto(site.address + address))
        for language in LANGUAGES:
            for reach, _heading in STATES:
                visit(reach, language)
            _questions(site, browser, findings, language)


def _visit(
    site: Served, process: Inside, browser: Browser, findings: Findings, reach: Callable, language: str = "en"
) -> None:
    """Look at what a new person sees who reaches a state."""
    header = from_elsewhere()
    context = browser.new_context(**PHONE, bypass_csp=True, reduced_motion="reduce", extra_http_headers=header)
    page = context.new_page()
    sent = _documents(page)
    database = site.folder / "db.sqlite3"
    with closing(sqlite3.connect(database, timeout=HANG, isolation_level=None)) as connection:
        reach(Somebody(site, connection, page, Visitor(site.address, headers=header), process, language))
    findings.look(page, sent)
    context.close()


def _questions(site: Served, browser: Browser, findings: Findings, language: str) -> None:
    """Look at each question, and at what it says to an empty answer."""
    header = from_elsewhere()
    context = browser.new_context(**PHONE, bypass_csp=True, reduced_motion="reduce", extra_http_headers=header)
    walker = Mouse(context.new_page())
    sent = _documents(walker.page)
    walker.open(site.address + path(language, "step", "consent"))
    for one in pages("both", language, who="other", patient_name="José Pérez"):
        findings.look(walker.page, sent)
        if one.chosen:
            walker.go_on(say(language, "Continue"))
            findings.look(walker.page, sent)
        answer(walker, [one], language)
    context.close()


def _documents(page: Page) -> list[Response]:
    """A list of the documents that the page loads, as it loads them; redirects have no body and are left out."""
    sent: list[Response] = []

    def note(response: Response) -> None:
        is_document = response.request.resource_type == "document" and response.frame == page.main_frame
        if is_document and not 300 <= response.status < 400:
            sent.append(response)

    page.on("response", note)
    return sent


def by_rule(found: list[str]) -> Counter[str]:
    """How often each rule was broken."""
    return Counter(one.split(": ")[1] for one in found)
