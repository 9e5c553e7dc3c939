import pytest
from django.test import RequestFactory

from crc_site.clients import client_address

PROXIES = ["10.0.0.0/8", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "192.0.2.1", "203.0.113.7"),  # not a proxy of ours: what it says is not believed
        ("10.0.0.5", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.5", "6.6.6.6, 192.0.2.1", "192.0.2.1"),  # left of the rightmost may be forged
        ("10.0.0.5", "6.6.6.6, 192.0.2.1, 10.0.0.6", "192.0.2.1"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.6", "10.0.0.6"),
        ("10.0.0.5", "192.0.2.1, not an address", "10.0.0.5"),
        ("10.0.0.5", "192.0.2.1,,", "10.0.0.5"),
        ("2001:db8::1", "2001:470::7", "2001:470::7"),
        ("", "192.0.2.1", ""),
        ("a socket", "192.0.2.1", "a socket"),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_trusted_proxy(settings, peer, forwarded, address):
    settings.TRUSTED_PROXIES = PROXIES
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


def test_without_a_proxy_nobody_is_believed(settings):
    settings.TRUSTED_PROXIES = []
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "192.0.2.1"})
    assert client_address(request) == "127.0.0.1"
