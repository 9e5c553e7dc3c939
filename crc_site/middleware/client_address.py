"""The client's IP address behind trusted proxies."""

import ipaddress
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Some proxies add the port: 203.0.113.9:5123, [2001:db8::1]:443.
_HOST_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def client_address(request: HttpRequest) -> str:
    """The nearest address that is not in TRUSTED_PROXIES; for IPv6 its /64, all of which one client may use.

    Addresses left of it in X-Forwarded-For come from the client and are not trusted. A peer without an address is a
    proxy that connects through a Unix socket.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [peer, *_forwarded_for(request)] if peer else _forwarded_for(request)
    nearest = next((hop for hop in hops if not _is_trusted(hop)), hops[-1] if hops else "")
    return _network(_address(nearest))


def _forwarded_for(request: HttpRequest) -> list[str]:
    """The addresses of X-Forwarded-For, nearest first."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return [hop.strip() for hop in reversed(hops) if hop.strip()]


def _is_trusted(hop: str) -> bool:
    address = _address(hop)
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=1)
def _networks(cidrs: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in cidrs]


def _address(hop: str) -> Address | None:
    with_port = _HOST_PORT.fullmatch(hop)
    try:
        address = ipaddress.ip_address((with_port["v6"] or with_port["v4"]) if with_port else hop)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: Address | None) -> str:
    if address is None:
        return ""  # all clients without a valid address count as one
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))
