"""Telephone numbers: read as people write them, stored in E.164, shown with their country. No request, no form.

The stored form is that of RFC 3966 without its scheme: ``+16192340123``, or ``+16192340123;ext=5`` with an extension.
"""

import re
import unicodedata

import phonenumbers
from babel import Locale
from django.utils.translation import get_language, to_locale
from phonenumbers import PhoneNumber, PhoneNumberFormat

LONGEST_TEXT = 250  # characters, with words such as "my daughter's"
_FEWEST_DIGITS = 7  # of a number without its area code: fewer are no number of their own
_MOST_DIGITS = 18  # of one number: 15 in E.164, and what is dialled in front of them
_STORED = re.compile(r"\+\d{4,15}(?:;ext=\d{1,8})?")

_BEFORE_NUMBER = re.compile(r"^[^\d+]+")
_WHATSAPP_LINK = re.compile(r"(?i)\b(?:wa\.me/|phone=)(?=\d)")
_NUMBER = re.compile(r"\+?(?:[^\w+]*\d)+")
_EXTENSION = re.compile(
    r"(?i)(?<=[\d)])[\s.(/-]*"
    r"(?:[,;]?\s*\b(?:extensi[oó]n|ext|extn|interno|int|anexo|poste|x)[.:=\s]*|(?<=\d)x[.\s]*|[,;#]+\s*)"
    r"(?P<digits>\d{1,8})(?!\d)"
)
_KEYPAD_WORD = re.compile(r"[A-Z]{3,}(?:-?[A-Z]+)*\b")

# Mexico: prefixes that were dialled in front of the ten digits until 2019, and that many people still write.
_MEXICO_AFTER_CODE = re.compile(r"52(?:01|044|045)?1?([2-9]\d{9})")
_MEXICO_TRUNK = re.compile(r"(?:01|044|045)(?:52)?1?([2-9]\d{9})")
_ABROAD = re.compile(r"(?:011|00)([1-9]\d{6,14})")


class SeveralNumbers(ValueError):
    """The text holds more than one telephone number."""


def numbers_meant(text: str) -> list[str]:
    """Every number that a text may stand for, in its stored form: none, one, or one for each country it fits."""
    if not text or len(text) > LONGEST_TEXT:
        return []
    written, extension = _apart(_in_ascii(text))
    meant = [number for number in map(_valid, _with_country_code(written)) if number]
    return [number + extension for number in dict.fromkeys(_likely(meant))]


def digits_in(text: str) -> str:
    """The digits of the one telephone number in a text, without its extension; nothing where there are several."""
    try:
        return _apart(_in_ascii(text))[0].removeprefix("+")
    except SeveralNumbers:
        return ""


def _in_ascii(text: str) -> str:
    """Digits of any script and plus signs of any width as ASCII; a link to a WhatsApp number as the number."""
    usual = unicodedata.normalize("NFKC", text)
    return _WHATSAPP_LINK.sub("+", "".join(str(unicodedata.decimal(char, char)) for char in usual))


def _apart(text: str) -> tuple[str, str]:
    """The digits, led by a plus if there is one, and the extension as it is stored; words around them are dropped."""
    rest = _BEFORE_NUMBER.sub("", text)
    head, extension = rest, ""
    for found in _EXTENSION.finditer(rest):
        if _count_of_digits(rest[: found.start()]) >= _FEWEST_DIGITS:
            head, rest, extension = rest[: found.start()], rest[found.end() :], f";ext={found['digits']}"
            break
    else:
        rest = ""
    number = _NUMBER.match(head)
    if number is None:
        return "", ""
    after = head[number.end() :]
    written = number[0]
    if _count_of_digits(written) < _FEWEST_DIGITS and (word := _KEYPAD_WORD.match(after.lstrip(" -."))):
        written += phonenumbers.convert_alpha_characters_in_number(word[0])
        after = after.partition(word[0])[2]
    if _count_of_digits(after + rest) >= _FEWEST_DIGITS or _count_of_digits(written) > _MOST_DIGITS:
        raise SeveralNumbers
    return re.sub(r"(?!^\+)\D", "", written), extension


def _count_of_digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _with_country_code(written: str) -> list[str]:
    """The readings of plain digits with a country code; the language of the page has no say in it."""
    is_international, digits = written.startswith("+"), written.lstrip("+")
    if abroad := _ABROAD.fullmatch(digits):
        is_international, digits = True, abroad[1]
    if mexican := _MEXICO_AFTER_CODE.fullmatch(digits) or _MEXICO_TRUNK.fullmatch(digits):
        return [f"+52{mexican[1]}"]
    if is_international or len(digits) > 11:
        return [f"+{digits}"]
    if len(digits) == 10:
        return [f"+1{digits}", f"+52{digits}"]
    if len(digits) == 11:
        return _of_eleven(digits)
    return []


def _of_eleven(digits: str) -> list[str]:
    """With the 1 that is dialled within North America, or once was in front of a Mexican mobile; or from elsewhere."""
    if not digits.startswith("1"):
        return [f"+{digits}"]
    return [f"+{digits}"] if _valid(f"+{digits}") else [f"+52{digits[1:]}"]


def _valid(number: str) -> str:
    """The number in E.164, or nothing when no country has numbers like it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(parsed) else ""


def _likely(meant: list[str]) -> list[str]:
    """Montserrat's 664 is Tijuana's too: small countries of +1 are not asked about where Mexico fits."""
    if len(meant) > 1:
        return [number for number in meant if region_of(number) in {"US", "CA", "MX"}]
    return meant


def region_of(number: str) -> str:
    """The country of a stored number as its two letters in ISO 3166; 001 for one of no country, or nothing."""
    parsed = _parsed(number)
    return (phonenumbers.region_code_for_number(parsed) or "") if parsed else ""


def country_of(number: str) -> str:
    """The country's name in the language of the page; nothing for a number of no country."""
    region = region_of(number)
    return Locale.parse(to_locale(get_language() or "en")).territories.get(region, "") if region.isalpha() else ""


def spoken(number: str) -> str:
    """A stored number with the spaces that make it readable; anything else as it is."""
    parsed = _parsed(number)
    if parsed is None:
        return number
    extension, parsed.extension = parsed.extension, None
    readable = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return f"{readable} ext. {extension}" if extension else readable


def with_country(number: str) -> str:
    """A stored number as it is shown to people: with spaces, its extension, and the name of its country."""
    country = country_of(number)
    return f"{spoken(number)} ({country})" if country else spoken(number)


def without_extension(number: str) -> str:
    return number.partition(";")[0]


def _parsed(number: str) -> PhoneNumber | None:
    if not _STORED.fullmatch(number):
        return None
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
