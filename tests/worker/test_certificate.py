"""The certificate that a real TLS server shows: its end is recorded, or why it cannot be read."""

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from screening.models import CheckResult
from screening.worker.certificate import check_certificate

pytestmark = pytest.mark.django_db
ENDS = datetime(2026, 1, 31, 12, tzinfo=UTC)  # long over, and read all the same


@contextmanager
def tls_server(folder):
    """A server on a free loopback port with a self-signed certificate; yields its address and the names asked for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(ENDS - timedelta(days=30)).not_valid_after(ENDS)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + pem)
    context, asked = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    context.load_cert_chain(folder / "server.pem")
    context.sni_callback = lambda _socket, asked_for, _context: asked.append(asked_for)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            accepted, _address = listening.accept()
            with context.wrap_socket(accepted, server_side=True):
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname(), asked
        thread.join(20)


def test_the_end_is_that_of_the_certificate_that_is_shown_for_the_sites_name(settings, tmp_path):
    settings.SITE_URL = "https://www.clinic.example"
    with tls_server(tmp_path) as (address, asked):
        settings.CERTIFICATE_ADDRESS = address
        check_certificate(timezone.now())
    result = CheckResult.of(CheckResult.CERTIFICATE)
    assert (result.problem, result.details) == ("", {"expires_at": ENDS.isoformat()})
    assert asked == ["www.clinic.example"]


def test_a_server_that_is_away_is_named_and_no_old_end_is_left(settings):
    now = timezone.now()
    CheckResult.record(CheckResult.CERTIFICATE, now, expires_at=ENDS.isoformat())
    settings.CERTIFICATE_ADDRESS = ("127.0.0.1", 1)
    check_certificate(now)
    result = CheckResult.of(CheckResult.CERTIFICATE)
    assert result.problem == "cannot be read at CERTIFICATE_ADDRESS: Connection refused"
    assert result.details == {}


def test_without_an_address_nothing_is_looked_at():
    check_certificate(timezone.now())
    assert not CheckResult.objects.exists()
