"""Debian's Prometheus scrapes a real site with the shipped rules: they fire when it is not well."""

import json
import re
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import yaml

from tests.backups.places import BACKUP_RECIPIENT
from tests.outbox.smtp import postman_at_work
from tests.served import HANG, ROOT, Served, free_port, serve, wait_for

SHIPPED = ROOT / "docs" / "deploy" / "prometheus"
RULES = {rule["alert"]: rule for rule in yaml.safe_load((SHIPPED / "alerts.yaml").read_text())["groups"][0]["rules"]}
DASHBOARD = json.loads((SHIPPED / "dashboard.json").read_text())

WELL = {
    'up{job="crc-site"}': "1",
    "crc_database_up": "1",
    "crc_worker_missing": "0",
    "crc_watch_last_look_timestamp_seconds": "0+60",
    "crc_letters_oldest_owed_seconds": "0",
    "crc_letters_failed": "0",
    "crc_backup_last_timestamp_seconds": "0",
    "crc_backup_verified_timestamp_seconds": "0",
    "crc_backup_verification_failed": "0",
    "crc_backup_size_bytes": "1000",
    "crc_erasure_log_unfiled": "0",
    'crc_disk_free_bytes{of="backups"}': "5e10",
    "crc_certificate_days": "30",
    "crc_inquiries_overdue": "0",
    'crc_request_seconds_count{route="guide", status="500"}': "0+1",
}
# What makes each alert fire; the rest is as on a site that is well.
FIRING = {
    "SiteUnreachable": {'up{job="crc-site"}': "0"},
    "DatabaseAway": {"crc_database_up": "0"},
    "WorkerMissing": {"crc_worker_missing": "1"},
    "WatchMissing": {"crc_watch_last_look_timestamp_seconds": "-1801"},
    "LettersLate": {"crc_letters_oldest_owed_seconds": "901"},
    "LetterRefused": {"crc_letters_failed": "1"},
    "BackupMissing": {"crc_backup_last_timestamp_seconds": "-130000"},
    "BackupUnproven": {"crc_backup_verification_failed": "1"},
    "ErasuresUnfiled": {"crc_erasure_log_unfiled": "2"},
    "DiskNearlyFull": {'crc_disk_free_bytes{of="backups"}': "999000000"},
    "CertificateEnds": {"crc_certificate_days": "13"},
    "RepliesOverdue": {"crc_inquiries_overdue": "1"},
    "ServerErrors": {'crc_request_seconds_count{route="guide", status="500"}': "0+5"},
}

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]


def promtool(*arguments: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run(["promtool", *arguments], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_shipped_files_are_valid(tmp_path):
    for file in SHIPPED.iterdir():
        shutil.copy(file, tmp_path)
    promtool("check", "rules", tmp_path / "alerts.yaml")
    promtool("check", "config", tmp_path / "prometheus.yaml")


def test_every_rule_is_tried():
    assert list(FIRING) == list(RULES)


@pytest.mark.parametrize("name", [None, *FIRING])
def test_what_is_wrong_fires_its_alert_and_no_other(tmp_path, name):
    shutil.copy(SHIPPED / "alerts.yaml", tmp_path)
    series = WELL | FIRING.get(name, {})
    case = {
        "interval": "1m",
        "input_series": [{"series": one, "values": f"{value}x90"} for one, value in series.items()],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                "eval_time": "90m",
                "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1}] if name else [],
            }
        ],
    }
    tests = {"rule_files": ["alerts.yaml"], "evaluation_interval": "1m", "tests": [case]}
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    promtool("test", "rules", tmp_path / "tests.yaml")


def test_rules_and_dashboard_ask_for_figures_that_the_site_has(site_figures):
    asked = [rule["expr"] for rule in RULES.values()]
    asked += [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    named = {name for text in asked for name in re.findall(r"crc_\w+", text)}
    assert named - {"crc_request_seconds_count", "crc_request_seconds_bucket"} <= site_figures
    assert site_figures - named == set()


@pytest.fixture
def site_figures() -> set[str]:
    """The names in screening/metrics.py."""
    source = (ROOT / "screening" / "metrics.py").read_text()
    moments = {f"crc_{name}_timestamp_seconds" for name in re.findall(r'_moment\("(\w+)"', source)}
    gauges = {f"crc_{name}" for name in re.findall(r'_gauge\("(\w+)"', source)}
    return moments | gauges | set(re.findall(r'"(crc_\w+)"', source))


@contextmanager
def prometheus(folder: Path, site: Served):
    """Prometheus that looks each second; yields a function that returns the names of the firing alerts."""
    rules = re.sub(r"for: \w+", "for: 1s", (SHIPPED / "alerts.yaml").read_text())
    (folder / "alerts.yaml").write_text(rules)
    config = yaml.safe_load((SHIPPED / "prometheus.yaml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    target = {"job_name": "crc-site", "static_configs": [{"targets": [f"127.0.0.1:{site.port}"]}]}
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(config | {"scrape_configs": [target]}))
    port = free_port()
    command = ["prometheus", f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]

    def firing() -> set[str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts") as answer:
                alerts = json.load(answer)["data"]["alerts"]
        except OSError:
            return set()
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}

    process = subprocess.Popen(command)
    try:
        yield firing
    finally:
        process.terminate()
        process.wait(timeout=HANG)


@pytest.mark.server
def test_a_real_prometheus_notices_a_dead_worker_a_missing_backup_and_a_refused_letter(tmp_path):
    (tmp_path / "backups").mkdir()
    with postman_at_work("550 no such user") as (_postman, port):
        site = serve(
            tmp_path,
            METRICS="on",
            BACKUP_DIR=f"{tmp_path}/backups",
            BACKUP_RECIPIENTS=BACKUP_RECIPIENT,
            EMAIL_URL=f"smtp://127.0.0.1:{port}",
        )
        try:
            assert wait_for(lambda: list((tmp_path / "backups").glob("*.backup")))
            with prometheus(tmp_path, site) as firing:
                time.sleep(6)
                assert wait_for(lambda: firing() == set()), firing()  # the trial restore takes its time
                # A letter whose time for another try is over.
                letter = (
                    "INSERT INTO screening_letter (id, name, owed_at, next_try_at, tries) VALUES"
                    " ('00000000000000000000000000000001', 'purge-stopped', datetime('now', '-41 minutes'),"
                    " datetime('now'), 0)"
                )
                execute(site, letter)
                assert wait_for(lambda: firing() == {"LetterRefused"}), firing()
                for file in (tmp_path / "backups").glob("*.backup"):
                    file.unlink()
                assert wait_for(lambda: firing() == {"LetterRefused", "BackupMissing"}), firing()
                site.worker.kill()
                site.worker.wait()
                later = "UPDATE screening_schedule SET leased_until = NULL, next_at = datetime(next_at, '-4 minutes')"
                execute(site, later)
                assert wait_for(lambda: "WorkerMissing" in firing()), firing()
        finally:
            site.stop()


def execute(site: Served, statement: str) -> None:
    with closing(sqlite3.connect(site.folder / "db.sqlite3", timeout=HANG)) as database, database:
        database.execute(statement)
