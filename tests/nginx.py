"""Run a real nginx on loopback with docs/deploy/nginx/site.conf; ports, folders and upstreams are replaced."""

import datetime
import ipaddress
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.served import HANG, ROOT, free_port, wait_for

SHIPPED = ROOT / "docs" / "deploy" / "nginx"
NAME = "www.clinic.example"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

# The module of Debian's package libnginx-mod-http-brotli-static.
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

# The relevant parts of Debian's nginx.conf: access and error logs, which site.conf must override, and compression.
NGINX_CONF = """
{modules}
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 768; }}
http {{
    sendfile on; tcp_nopush on; access_log {folder}/debian.log; gzip on;
    default_type application/octet-stream; types {{ text/html html; }}
    {temporary}
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    folder: Path
    http: int
    https: int  # plain HTTP if ``tls`` is false

    @property
    def logged(self) -> str:
        """The access and error logs so far."""
        time.sleep(1.2)  # the log is buffered for a second
        names = ("access.log", "debian.log", "error.log")
        return "".join((self.folder / name).read_text(encoding="utf-8") for name in names)

    def cached(self) -> list[Path]:
        """The files of the cache."""
        return sorted(file for file in (self.folder / "cache").rglob("*") if file.is_file())

    def empty_cache(self) -> None:
        """Do what a new release does."""
        for file in self.cached():
            file.unlink()


def program() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def nginx(folder: Path, *upstreams: str, tls: bool = True, changes: dict[str, str] | None = None) -> Iterator[Nginx]:
    """Run nginx in front of the upstreams, with ``changes`` to the shipped file.

    It cannot write temporary files, so a request that needs one fails.
    """
    folder.mkdir()
    made = Nginx(folder, free_port(), free_port())
    make_certificate(folder)
    shutil.copytree(SHIPPED / "pages", folder / "pages")
    if BROTLI.exists():
        shutil.copy(SHIPPED / "brotli.conf", folder / "pages")
    (folder / "opt").mkdir()
    (folder / "opt" / "static").symlink_to(ROOT / ".static")
    (folder / "site.conf").write_text(site_conf(made, upstreams, tls=tls, changes=changes or {}), encoding="utf-8")
    (folder / "nginx.conf").write_text(nginx_conf(folder), encoding="utf-8")
    command = [program(), "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_until_it_listens(made.https, running)
        for name in TEMPORARY:
            (folder / name).rmdir()
            (folder / name).write_text("")
        yield made
    finally:
        running.terminate()
        running.wait(timeout=HANG)


def site_conf(made: Nginx, upstreams: tuple[str, ...], *, tls: bool, changes: dict[str, str]) -> str:
    """Return the shipped site.conf with test values. Fails if a value to replace is missing."""
    text = (SHIPPED / "site.conf").read_text(encoding="utf-8")
    text = put(text, "server unix:/run/crc-site/web.sock;", " ".join(f"server {one};" for one in upstreams))
    for old, new in changes.items():
        text = put(text, old, new)
    text = put(text, "listen 80;", f"listen 127.0.0.1:{made.http};")
    text = put(text, "listen 443 ssl http2;", f"listen 127.0.0.1:{made.https}{' ssl http2' if tls else ''};")
    text = put(text, "/etc/nginx/tls/", f"{made.folder}/")
    text = put(text, "/var/cache/crc-site", f"{made.folder}/cache")
    text = put(text, "/opt/crc-site", f"{made.folder}/opt")
    text = put(text, "/var/log/nginx", f"{made.folder}")
    return put(text, "/etc/nginx/crc-site", f"{made.folder}/pages")


def put(text: str, old: str, new: str) -> str:
    assert old in text, f"site.conf has no {old}"
    return text.replace(old, new)


def nginx_conf(folder: Path) -> str:
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
    user = "user root;" if os.geteuid() == 0 else ""  # only the owner can read a test's folder
    modules = f"load_module {BROTLI};" if BROTLI.exists() else ""
    return NGINX_CONF.format(folder=folder, temporary=temporary, user=user, modules=modules)


def wait_until_it_listens(port: int, running: subprocess.Popen) -> None:
    def listens() -> bool:
        assert running.poll() is None, "nginx does not start"
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", port)) == 0

    assert wait_for(listens), "nginx does not listen"


def make_certificate(folder: Path) -> None:
    """Self-signed, valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    today = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(hours=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(private)
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))


def style_of(page: str) -> str:
    """Return the content of the page's <style> element."""
    return re.search(r"<style>(.*)</style>", page, re.DOTALL)[1]
