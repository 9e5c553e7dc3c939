"""Where a request comes from: the address of the client, seen through the proxies that are trusted."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The nearest address that is not one of TRUSTED_PROXIES; an IPv6 client is its /64, since it may take any of it.

    What stands left of it in X-Forwarded-For was written by the client, who may write anything.
    """
    hops = [request.META.get("REMOTE_ADDR", ""), *_forwarded(request)]
    nearest = next((hop for hop in hops if not _is_trusted(hop)), hops[-1])
    return _network(nearest)


def _forwarded(request: HttpRequest) -> list[str]:
    """The proxies' notes, the nearest first."""
    noted = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return [hop.strip() for hop in reversed(noted) if hop.strip()]


def _is_trusted(hop: str) -> bool:
    try:
        address = ipaddress.ip_address(hop)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES)


def _network(hop: str) -> str:
    try:
        address = ipaddress.ip_address(hop)
    except ValueError:
        return ""  # no address at all: all such clients count as one
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))
