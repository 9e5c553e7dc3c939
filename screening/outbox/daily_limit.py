"""Nobody is flooded through us: at most three confirmations, copies and codes go to one mailbox in any day.

Whoever asks for them, and in however many inquiries. The worker counts, so what a sender sees does not differ, not even
in time. A code is not counted if the browser that asks for it has entered one before: whoever did that reads the
mailbox. Letters of staff and notices of their messages are not counted either.
"""

from datetime import timedelta

from django.db import transaction

from screening.inquiries import search, services
from screening.models import Letter
from screening.questionnaire.rate_limits import RateLimit, RateLimited, check_rate_limit

MAILS = RateLimit("mails", 3, timedelta(days=1))
LIMITED = ("received", "copy", "code")


class LimitReached(Exception):
    """MAILS were sent to this mailbox within the last day."""


def count(letter: Letter) -> None:
    """Count a letter at its first try, and only then. Raises LimitReached."""
    address = letter.inquiry and letter.inquiry.contact and letter.inquiry.contact.get("email")
    if not address or letter.within_limit or not _is_limited(letter):
        return
    try:
        with transaction.atomic():
            check_rate_limit(MAILS, mailbox(address))
            Letter.objects.filter(pk=letter.pk).update(within_limit=True)
    except RateLimited:
        raise LimitReached from None


def mailbox(address: str) -> str:
    """An address without what many providers ignore: dots, and a tag after a plus sign."""
    local, _at, domain = search.folded_address(address).rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _is_limited(letter: Letter) -> bool:
    if letter.name == "code":
        access = services.find_access(letter.pk)
        return access is None or not access.is_from_reader
    return letter.name in LIMITED
