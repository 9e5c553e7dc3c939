"""Search by blind index: keyed hashes of names, e-mail addresses and phone numbers."""

import re
import unicodedata

from screening.models import IndexToken, Inquiry, InquiryQuerySet
from screening.privacy.blind_index import blind_index
from screening.questionnaire import phones
from screening.questionnaire.fields import deliverable

PHONE_DIGITS = 10  # the national number in the United States and in Mexico
MAX_QUERY_LENGTH = 200  # characters
MAX_QUERY_WORDS = 10


def fold(text: str) -> str:
    """Case-folded text without accents and (invisible) joiners."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char) and char not in "\u200c\u200d")


def index_tokens(contact: dict) -> set[str]:
    """Tokens of the contact details: one for each word of the names, the e-mail address and the phone number."""
    words = _words(f"{contact.get('name', '')} {contact.get('patient-name', '')}")
    return {blind_index("name", word) for word in words} | _contact_tokens(contact)


def same_person(inquiry: Inquiry) -> InquiryQuerySet:
    """Other inquiries with the same e-mail address or phone number, newest first; perhaps of the same person."""
    tokens = _contact_tokens(inquiry.contact or {})
    with_tokens = IndexToken.objects.filter(token__in=tokens).exclude(inquiry=inquiry)
    return Inquiry.objects.filter(pk__in=with_tokens.values("inquiry")).order_by("-received_at", "pk")


def _contact_tokens(contact: dict) -> set[str]:
    """Tokens of e-mail address and phone number, which people seldom share."""
    tokens = set()
    if contact.get("email"):
        tokens.add(blind_index("email", folded_address(contact["email"])))
    if contact.get("phone"):
        tokens.add(blind_index("phone", _digits(phones.without_extension(contact["phone"]))))
    return tokens


def query_tokens(query: str) -> list[str]:
    """The tokens that an inquiry must all have to match; of names the first MAX_QUERY_WORDS in sorted order."""
    query = query[:MAX_QUERY_LENGTH].strip()
    if "@" in query:
        return [blind_index("email", folded_address(query))]
    number = phones.digits_in(query)
    if len(number) >= 7:
        return [blind_index("phone", _digits(number))]
    return [blind_index("name", word) for word in sorted(_words(query))[:MAX_QUERY_WORDS]]


def folded_address(text: str) -> str:
    """An e-mail address, folded, with its domain in ASCII, so that different domains never match."""
    try:
        return fold(deliverable(text))
    except ValueError:
        return fold(text)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())[-PHONE_DIGITS:]


def encode_tokens(tokens: list[str]) -> str:
    """Tokens as a search term for the URL of the results: only keyed hashes, no personal data."""
    return "~" + "~".join(tokens)


def decode_tokens(term: str) -> list[str]:
    return re.findall(r"~([0-9a-f]{32})", term)
