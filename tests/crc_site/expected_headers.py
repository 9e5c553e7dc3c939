"""The headers that every response must have, and those that none may have."""

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


def wrong_headers(response) -> list[str]:
    """Return the names of missing, wrong or forbidden headers."""
    missing = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    present = [name for name in FORBIDDEN if name in response.headers]
    return missing + present + ([] if policy == POLICY else ["Content-Security-Policy"])
