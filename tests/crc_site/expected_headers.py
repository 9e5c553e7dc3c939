"""The headers that every response must have, and those that none may have."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# Not on staff's pages, where a script could otherwise read other records.
FOR_VISITORS = {"connect-src 'self'"}
FORBIDDEN = ("Access-Control-Allow-Origin", "Server", "X-Powered-By")


def wrong_headers(response) -> list[str]:
    """Return the names of missing, wrong or forbidden headers."""
    missing = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    is_for_staff = response.request["PATH_INFO"].startswith(("/admin/", "/staff/"))
    expected = POLICY if is_for_staff else POLICY | FOR_VISITORS
    present = [name for name in FORBIDDEN if name in response.headers]
    return missing + present + ([] if policy == expected else ["Content-Security-Policy"])
