"""Where a request comes from: the address of the client, seen through the proxies that are trusted."""

import ipaddress
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Some proxies write the port too: 203.0.113.9:5123, [2001:db8::1]:443.
_HOST_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def client_address(request: HttpRequest) -> str:
    """The nearest address that is not one of TRUSTED_PROXIES; an IPv6 client is its /64, since it may take any of it.

    What stands left of it in X-Forwarded-For was written by the client, who may write anything. A peer without an
    address speaks through a socket of this machine, as only a proxy does.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [peer, *_forwarded_for(request)] if peer else _forwarded_for(request)
    nearest = next((hop for hop in hops if not _is_trusted(hop)), hops[-1] if hops else "")
    return _network(_address(nearest))


def _forwarded_for(request: HttpRequest) -> list[str]:
    """The proxies' notes, the nearest first."""
    noted = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return [hop.strip() for hop in reversed(noted) if hop.strip()]


def _is_trusted(hop: str) -> bool:
    address = _address(hop)
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=1)
def _networks(written: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in written]


def _address(hop: str) -> Address | None:
    with_port = _HOST_PORT.fullmatch(hop)
    try:
        address = ipaddress.ip_address((with_port["v6"] or with_port["v4"]) if with_port else hop)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: Address | None) -> str:
    if address is None:
        return ""  # no address at all: all such clients count as one
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))
