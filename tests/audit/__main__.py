"""`python -m tests.audit [lighthouse | pages]` (`make audit`): one table, and above it what is wrong.

Ends with 1 if a target is not met, with 2 if a program is missing.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

import tests.environment  # noqa: F401 (the environment is set before Django reads it)
from tests.audit import npm
from tests.report import Result, table
from tests.served import Served, serve

PARTS = ("lighthouse", "pages")
SHOWN = 40  # findings of one program


def main(parts: list[str]) -> int:
    if not set(parts) <= set(PARTS):
        sys.exit(f"The parts are: {', '.join(PARTS)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
    django.setup()
    results: list[Result] = []
    try:
        npm.install()
        with tempfile.TemporaryDirectory(prefix="audit-") as folder:
            site = serve(Path(folder), TRUSTED_PROXIES="127.0.0.1")
            try:
                results.extend(audit(site, Path(folder), parts or PARTS))
            finally:
                site.stop()
    except npm.NotInstalled as problem:
        sys.stderr.write(f"make audit cannot run: {problem}\n{table(results) if results else ''}\n")
        return 2
    sys.stdout.write(f"Lighthouse: performance, accessibility, best practices, SEO\n{table(results)}\n")
    return 0 if all(result.is_met for result in results) else 1


def audit(site: Served, folder: Path, parts: list[str] | tuple[str, ...]) -> Iterator[Result]:
    from tests.audit import lighthouse, pages  # they need Django
    from tests.conftest import CHROMIUM

    if not CHROMIUM:
        raise npm.NotInstalled("Chromium is missing (Debian: chromium-headless-shell or chromium).")
    if "lighthouse" in parts:
        for result, lost in lighthouse.scores(site, CHROMIUM):
            say([] if result.is_met else lost)
            yield result
    if "pages" in parts:
        findings = pages.look_at_all(site, CHROMIUM, folder)
        for program, found in findings.found.items():
            say([f"{program}: {one}" for one in found[:SHOWN]])
            say([f"{program}: {dict(pages.by_rule(found))}"] if len(found) > SHOWN else [])
        yield from findings.results()


def say(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
