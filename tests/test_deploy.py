"""The deployment files: permissions and keys are as documented, and referenced files exist."""

import configparser
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
import yaml

from screening.worker import process
from tests.test_tidiness import ROOT

DEPLOY = ROOT / "docs" / "deploy"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "watch")
UNITS = ("crc-web.service", "crc-worker.service")
UNIT_FILES = sorted(file.name for file in (DEPLOY / "systemd").glob("crc-*.*"))
ANALYZE = shutil.which("systemd-analyze")
SECRETS = {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DATABASE_URL", "EMAIL_URL"}
SCRIPTS = ("crc-prepare",)
# systemd's own reader of such files, except that this one drops empty values.
READER = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
SETTINGS = {
    "CLINIC_PHONE=+52 664 555 0100": "+52 664 555 0100",
    "EMAIL_URL=smtp+tls://user:p&ss;w|d@mail.example:587": "smtp+tls://user:p&ss;w|d@mail.example:587",
    'CLINIC_NAME="Clínica  de Ana"': "Clínica  de Ana",
    'CLINIC_ADDRESS="Calle 1\nTijuana"': "Calle 1\nTijuana",
    "SECRET_KEY='a \"b\" \\n `c`'": 'a "b" \\n `c`',
    'SECRET_KEY="a\\"b\\\\c\\`d\\ne"': 'a"b\\c`d\\ne',
    "SECRET_KEY=\"a\" 'b'c d": "abc d",
    'SECRET_KEY=a"b"c#d ;e': 'a"b"c#d ;e',
    "SECRET_KEY=a\\ b\\\nc": "a bc",
    "  SECRET_KEY = padded  ": "padded",
    "# A=comment \\\nB=of two lines\n;C=another\nDEBUG=off": "off",
    "DEBUG=on\nDEBUG=off": "off",
}
NAMED = re.compile(r"(?:systemd|nginx)/[\w.*/-]+")


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_may_more_than_it_needs(name):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_containers_get_secrets_as_files_and_no_rights_back(name):
    service = SERVICES[name]
    assert "cap_add" not in service
    assert not SECRETS & set(service["environment"])
    assert {f"{secret}_FILE" for secret in SECRETS} <= set(service["environment"])
    files = {path.rpartition("/")[2] for path in service["environment"].values() if path.startswith("/run/secrets/")}
    assert files == set(service["secrets"]) <= set(COMPOSE["secrets"])


def test_all_of_the_site_is_one_image_and_starts_on_a_database_that_is_up_to_date():
    assert {SERVICES[name]["image"] for name in OURS} == {"crc-site"}
    waiting = [SERVICES[name]["depends_on"]["migrate"]["condition"] for name in ("web", "worker")]
    assert waiting == ["service_completed_successfully"] * 2


def test_the_base_of_the_image_is_named_by_digest_in_one_place():
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^ARG PYTHON_IMAGE=\S+@sha256:[0-9a-f]{64}$", image, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", image, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    assert "PYTHON_IMAGE" not in (ROOT / "compose.yaml").read_text(encoding="utf-8")


def test_only_nginx_has_ports_and_only_who_sends_mail_and_nginx_a_way_out():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    outside = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert outside == {"nginx", "worker", "watch"}
    assert COMPOSE["networks"]["inside"]["internal"]


def test_what_containers_share_is_where_the_image_and_nginx_have_it():
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    nginx = (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
    for place in ("/run/crc-site", "/srv/backups"):
        assert place in image
        assert any(volume.endswith(f":{place}") for volume in SERVICES["web"]["volumes"])
    inside = [volume.removesuffix(":ro").rpartition(":")[2] for volume in SERVICES["nginx"]["volumes"]]
    for place in ("/run/crc-site", "/etc/nginx/tls", "/etc/nginx/crc-site", "/var/www/acme"):
        assert place in nginx
        assert place in inside


def unit(name: str) -> configparser.ConfigParser:
    """A parsed unit; of repeated names the last value is enough here."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(DEPLOY / "systemd" / name)
    return read


@pytest.mark.parametrize("name", UNITS)
def test_services_run_without_rights_and_end_in_time(name):
    service = unit(name)["Service"]
    assert service["User"] == "crc-site"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["UMask"]) == ("yes", "strict", "0077")
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["TimeoutStopSec"]) > 10


@pytest.mark.parametrize("name", UNITS)
def test_services_that_end_in_any_way_are_started_again_and_leave_no_core_dump(name):
    service = unit(name)["Service"]
    assert (service["Type"], service["Restart"], service["LimitCORE"]) == ("notify", "always", "0")


def test_the_worker_that_hangs_is_started_again():
    assert int(unit("crc-worker.service")["Service"]["WatchdogSec"]) == process.HANG_LIMIT


def test_the_watch_looks_every_five_minutes_with_the_workers_few_rights():
    worker, watch = unit("crc-worker.service")["Service"], unit("crc-watch.service")["Service"]
    own = {"Type", "ExecStart", "Restart", "RestartSec", "WatchdogSec", "TimeoutStartSec"}
    assert {name: watch[name] for name in watch if name not in own} == {
        name: worker[name] for name in worker if name not in own
    }
    assert unit("crc-watch.timer")["Timer"]["OnCalendar"] == "*:0/5"
    assert SERVICES["watch"]["command"][-2] == "300"


@pytest.mark.skipif(not ANALYZE, reason="systemd is not installed")
@pytest.mark.parametrize("name", UNIT_FILES)
def test_systemd_finds_no_fault_in_a_unit(name, tmp_path):
    """Programs, user and folders are those of the site's machine, so those of this one stand in."""
    for file in (DEPLOY / "systemd").glob("crc-*.*"):
        text = re.sub(r"/(?:opt|usr/local)/\S*", "/bin/true", file.read_text(encoding="utf-8"))
        (tmp_path / file.name).write_text(text)
    done = subprocess.run([ANALYZE, "verify", "--man=no", tmp_path / name], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "crc-" in line]) == (0, [])


def test_the_socket_is_where_nginx_connects_and_only_nginx_may_use_it():
    door = unit("crc-web.socket")["Socket"]
    assert f"server unix:{door['ListenStream']};" in (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
    assert (door["SocketUser"], door["SocketMode"]) == ("www-data", "0600")


def test_a_new_release_empties_the_cache_of_nginx():
    text = (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
    (folder,) = re.findall(r"^proxy_cache_path (\S+) ", text, re.MULTILINE)
    assert unit("crc-web.service")["Service"]["ExecStartPost"] == f"-+/usr/bin/find {folder} -type f -delete"
    service = SERVICES["empty-cache"]
    assert service["command"] == ["find", folder, "-type", "f", "-delete"]
    assert service["depends_on"] == {"web": {"condition": "service_healthy"}}
    (volume,) = service["volumes"]
    assert volume == f"cache:{folder}"
    assert volume in SERVICES["nginx"]["volumes"]


def test_nginx_finds_the_static_files_where_a_release_puts_them():
    text = (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
    assert "root /opt/crc-site;" in text
    assert "/opt/crc-site/static/" in (DEPLOY / "systemd" / "crc-prepare").read_text(encoding="utf-8")
    assert "/opt/crc-site/static/" in SERVICES["migrate"]["command"][-1]
    assert "static:/opt/crc-site/static" in SERVICES["migrate"]["volumes"]
    assert "static:/opt/crc-site/static:ro" in SERVICES["nginx"]["volumes"]


@pytest.mark.parametrize("name", ["server.md", "compose.md", "image.md"])
def test_every_file_that_a_page_copies_is_there(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for named in NAMED.findall(text.replace("/etc/systemd/", "").replace("/etc/nginx/", "")):
        assert list(DEPLOY.glob(named)), f"{name} names {named}"


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_stop_at_the_first_thing_that_fails(name):
    file = DEPLOY / "systemd" / name
    assert file.stat().st_mode & 0o111
    assert file.read_text(encoding="utf-8").splitlines()[0] == "#!/bin/sh"
    assert "set -eu" in map(str.strip, file.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def crc_manage():
    loader = SourceFileLoader("crc_manage", str(DEPLOY / "systemd" / "crc-manage"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = writes
    return module


@pytest.mark.parametrize(("text", "value"), SETTINGS.items())
def test_crc_manage_reads_settings_as_the_services_do(crc_manage, text, value):
    assert list(crc_manage.read_settings(text).values()) == [value]


@pytest.mark.skipif(not READER.exists(), reason="systemd is not installed")
@pytest.mark.parametrize(("text", "value"), SETTINGS.items())
def test_these_values_are_what_systemd_reads(tmp_path, text, value):
    (tmp_path / "environment.d").mkdir()
    (tmp_path / "environment.d" / "10.conf").write_text(text)
    done = subprocess.run([READER], env={"XDG_CONFIG_HOME": str(tmp_path)}, capture_output=True, text=True)
    shown = next(line for line in done.stdout.splitlines() if not line.startswith("QT_")).partition("=")[2]
    escapes = {"n": "\n"}
    unescaped = re.sub(r"\\(.)", lambda found: escapes.get(found[1], found[1]), shown.removeprefix('"'))
    assert (unescaped.removesuffix('"') if shown.startswith('"') else unescaped) == value


def test_crc_manage_reads_every_line_that_the_page_writes(crc_manage):
    text = (DEPLOY / "server.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"^cat > /etc/crc-site/site.env <<'END'\n(.*?)^END$", text, re.MULTILINE | re.DOTALL)
    assert len(crc_manage.read_settings(written)) == len(written.splitlines())


@pytest.mark.parametrize("text", ["A=b\nexport B=c", "A=b\nB c", 'A=b\nB="c'])
def test_crc_manage_refuses_a_line_that_systemd_would_ignore_or_read_on(crc_manage, text):
    with pytest.raises(ValueError, match=r"^2$"):
        crc_manage.read_settings(text)


def test_crc_manage_may_be_run():
    assert (DEPLOY / "systemd" / "crc-manage").stat().st_mode & 0o111


def test_the_largest_body_is_the_same_for_nginx_and_the_site(settings):
    limit = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024}k"
    text = (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
    assert f"client_max_body_size {limit};" in text
    assert f"client_body_buffer_size {limit};" in text
