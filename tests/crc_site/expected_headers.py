"""The headers that every answer bears, and those that none does."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
FORBIDDEN = ("Access-Control-Allow-Origin", "Server", "X-Powered-By")


def walls_missing(response) -> list[str]:
    """The names of the headers that are not as they should be."""
    missing = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    present = [name for name in FORBIDDEN if name in response.headers]
    return missing + present + ([] if policy == POLICY else ["Content-Security-Policy"])
