"""/metrics answers this machine, and others with the token only; it counts over all processes and names no path."""

import os
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.served import Served, serve, wait_for

TOKEN = "canary-token-" + "abcdefghij" * 5

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(settings) -> None:
    settings.METRICS, settings.METRICS_TOKEN = True, TOKEN


def status(address: str, forwarded: str = "", **headers: str) -> int:
    """The answer to a new client, whose middleware is made for the settings of now."""
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    return Client(REMOTE_ADDR=address, headers={"host": "127.0.0.1:443"} | headers).get("/metrics").status_code


def test_it_is_off_unless_set():
    assert status("127.0.0.1", host="localhost") == 404


@pytest.mark.parametrize(
    ("address", "forwarded"), [("127.0.0.1", ""), ("::1", ""), ("127.0.0.1", "127.0.0.1"), ("", "127.0.0.1")]
)
def test_this_machine_reads_it(on, address, forwarded):
    assert status(address, forwarded) == 200


@pytest.mark.parametrize(
    ("address", "forwarded"),
    [
        ("203.0.113.9", ""),
        ("127.0.0.1", "203.0.113.9"),
        ("", "127.0.0.1, 203.0.113.9"),
        ("", ""),
        ("203.0.113.9", "::1"),
    ],
)
def test_others_need_the_token(on, settings, address, forwarded):
    assert status(address, forwarded) != 200
    for wrong in (TOKEN, f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", "Bearer ñ"):
        assert status(address, forwarded, authorization=wrong) != 200
    assert status(address, forwarded, authorization=f"Bearer {TOKEN}") == 200
    settings.METRICS_TOKEN = None
    for wrong in (f"Bearer {TOKEN}", "Bearer None", "Bearer "):
        assert status(address, forwarded, authorization=wrong) != 200


@pytest.fixture(scope="module")
def counting(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("metrics")
    site = serve(folder, METRICS="on", WEB_CONCURRENCY="3", TMPDIR=str(folder))
    yield site
    site.stop()


def counts(site: Served) -> dict[tuple[str, str], int]:
    text = urllib.request.urlopen(f"{site.address}/metrics").read().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        (sample.labels["route"], sample.labels["status"]): int(sample.value)
        for sample in samples
        if sample.name == "crc_request_seconds_count"
    }


def visit(site: Served, path: str) -> None:
    with suppress(OSError):
        urllib.request.urlopen(site.address + path).read()


@pytest.mark.server
def test_it_counts_over_all_processes_by_the_routes_name(counting):
    before = counts(counting).get(("guide", "200"), 0)
    for _ in range(40):
        visit(counting, "/guides/what-we-use/")
        visit(counting, "/guides/zyxcanary/")
    after = counts(counting)
    assert after["guide", "200"] == before + 40
    assert after["-", "404"] == 40
    text = urllib.request.urlopen(f"{counting.address}/metrics").read().decode()
    assert "canary" not in text
    assert "what-we-use" not in text


@pytest.mark.server
def test_a_process_that_ends_takes_no_count_with_it_and_leaves_no_further_file(counting):
    for _ in range(20):
        visit(counting, "/")
    before = counts(counting)["home", "200"]
    for pid in (children := counting.web_children()):
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: len(set(counting.web_children()) - set(children)) == 3)
    visit(counting, "/")
    assert counts(counting)["home", "200"] == before + 1
    files = {file.name for file in counting.folder.glob("crc-metrics-*/*.db")}
    assert files <= {f"histogram_{slot}.db" for slot in range(3)}


@pytest.mark.server
def test_at_the_end_the_files_are_deleted(counting):
    counting.stop()
    assert list(counting.folder.glob("crc-metrics-*")) == []
