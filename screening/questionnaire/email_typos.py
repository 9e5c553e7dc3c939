"""Suggests a correction for an e-mail domain that looks like a misspelled common one."""

from difflib import get_close_matches

# The large providers of the United States and Mexico, and real domains that resemble them.
COMMON_DOMAINS = (
    "gmail.com", "hotmail.com", "hotmail.es", "yahoo.com", "yahoo.com.mx", "yahoo.es", "outlook.com", "outlook.es",
    "live.com", "live.com.mx", "icloud.com", "aol.com", "msn.com", "prodigy.net.mx", "comcast.net", "verizon.net",
    "sbcglobal.net", "att.net", "cox.net", "protonmail.com",
)  # fmt: skip
SIMILAR_DOMAINS = (
    "mail.com", "ymail.com", "email.com", "gmx.com", "me.com", "mac.com", "proton.me", "rocketmail.com", "mail.mx",
    "fox.net", "hotmail.com.mx", "outlook.com.mx", "yahoo.ca", "yahoo.co", "yahoo.com.ar", "yahoo.com.br",
)  # fmt: skip
SIMILARITY_CUTOFF = 0.85  # of difflib's ratio: one or two letters wrong, missing or swapped


def suggested_address(address: str) -> str:
    """The address with the common domain that was probably meant, or ""."""
    name, _at, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in COMMON_DOMAINS or domain in SIMILAR_DOMAINS:
        return ""
    matches = get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=SIMILARITY_CUTOFF)
    return f"{name}@{matches[0]}" if matches else ""
