import pytest
from django.test import RequestFactory

from crc_site.env_parsers import LOOPBACK
from crc_site.middleware.client_address import client_address

PROXIES = ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize(
    ("trusted", "peer", "noted", "client"),
    [
        ([], "203.0.113.7", None, "203.0.113.7"),
        ([], "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (PROXIES, "10.0.0.5", "198.51.100.1", "198.51.100.1"),
        (PROXIES, "10.0.0.5", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (PROXIES, "10.0.0.5", "198.51.100.1, 10.0.0.9", "198.51.100.1"),
        (PROXIES, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (PROXIES, "10.0.0.5", None, "10.0.0.5"),
        (PROXIES, "10.0.0.5", "10.0.0.9, 10.0.0.8", "10.0.0.9"),
        (PROXIES, "10.0.0.5", "198.51.100.1, not an address", ""),
        ([], "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ([], "::ffff:203.0.113.7", None, "203.0.113.7"),
        ([], "", None, ""),
        ([], "", "198.51.100.1", "198.51.100.1"),
        (PROXIES, "::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        (PROXIES, "10.0.0.5", "198.51.100.1:5123", "198.51.100.1"),
        (PROXIES, "10.0.0.5", "[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        (PROXIES, "10.0.0.5", "[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        (PROXIES, "10.0.0.5", "unknown", ""),
        (LOOPBACK, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (LOOPBACK, "::1", "198.51.100.1", "198.51.100.1"),
        (LOOPBACK, "127.0.0.9", "198.51.100.1", "127.0.0.9"),
    ],
)
def test_the_client_is_the_nearest_that_is_not_a_trusted_proxy(settings, trusted, peer, noted, client):
    settings.TRUSTED_PROXIES = trusted
    headers = {"x-forwarded-for": noted} if noted is not None else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)) == client
