"""Parses phone numbers as people write them, and formats them with their country.

They are stored as in RFC 3966 without the scheme: ``+16192340123``, or ``+16192340123;ext=5`` with an extension.
"""

import re
import unicodedata

import phonenumbers
from babel import Locale
from django.utils.translation import get_language, to_locale
from phonenumbers import PhoneNumber, PhoneNumberFormat

LONGEST_TEXT = 250  # characters, including words such as "my daughter's"
_FEWEST_DIGITS = 7  # of a number without its area code
_MOST_DIGITS = 18  # of one number: 15 in E.164, plus a dialling prefix
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

# Mexico: prefixes that were dialled before the ten digits until 2019; many people still write them.
_MEXICO_AFTER_CODE = re.compile(r"52(?:01|044|045)?1?([2-9]\d{9})")
_MEXICO_TRUNK = re.compile(r"(?:01|044|045)(?:52)?1?([2-9]\d{9})")
_ABROAD = re.compile(r"(?:011|00)([1-9]\d{6,14})")


class SeveralNumbers(ValueError):
    """The text contains more than one phone number."""


def numbers_meant(text: str) -> list[str]:
    """All numbers that a text may mean, in the stored form: none, one, or one per country. Raises SeveralNumbers."""
    if not text or len(text) > LONGEST_TEXT:
        return []
    written, extension = _split_extension(_to_ascii(text))
    valid = [number for number in map(_to_e164, _with_country_code(written)) if number]
    return [number + extension for number in dict.fromkeys(_most_likely(valid))]


def digits_in(text: str) -> str:
    """The digits of the phone number in a text, without extension; "" if there are several numbers."""
    try:
        return _split_extension(_to_ascii(text))[0].removeprefix("+")
    except SeveralNumbers:
        return ""


def _to_ascii(text: str) -> str:
    """Convert digits of any script and full-width signs to ASCII, and a WhatsApp link to its number."""
    normalized = unicodedata.normalize("NFKC", text)
    return _WHATSAPP_LINK.sub("+", "".join(str(unicodedata.decimal(char, char)) for char in normalized))


def _split_extension(text: str) -> tuple[str, str]:
    """The digits, with a leading plus if there is one, and the extension as stored; other text is dropped."""
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
    """All readings of the digits with a country code; independent of the page's language."""
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
        return _with_eleven_digits(digits)
    return []


def _with_eleven_digits(digits: str) -> list[str]:
    """Eleven digits: with the 1 of North America or the former 1 of Mexican mobiles, or with another country code."""
    if not digits.startswith("1"):
        return [f"+{digits}"]
    return [f"+{digits}"] if _to_e164(f"+{digits}") else [f"+52{digits[1:]}"]


def _to_e164(number: str) -> str:
    """The number in E.164, or "" if it is not valid in any country."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(parsed) else ""


def _most_likely(numbers: list[str]) -> list[str]:
    """Of several numbers only those of the US, Canada and Mexico: Montserrat's area code 664 is also Tijuana's."""
    if len(numbers) > 1:
        return [number for number in numbers if region_of(number) in {"US", "CA", "MX"}]
    return numbers


def region_of(number: str) -> str:
    """The ISO 3166 code (two letters) of a stored number; "001" if it has no country, "" if it is unknown."""
    parsed = _parse(number)
    return (phonenumbers.region_code_for_number(parsed) or "") if parsed else ""


def country_of(number: str) -> str:
    """The country's name in the active language, or ""."""
    region = region_of(number)
    return Locale.parse(to_locale(get_language() or "en")).territories.get(region, "") if region.isalpha() else ""


def spoken(number: str) -> str:
    """A stored number formatted with spaces; any other text unchanged."""
    parsed = _parse(number)
    if parsed is None:
        return number
    extension, parsed.extension = parsed.extension, None
    readable = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return f"{readable} ext. {extension}" if extension else readable


def with_country(number: str) -> str:
    """A stored number formatted with spaces, extension and country name."""
    country = country_of(number)
    return f"{spoken(number)} ({country})" if country else spoken(number)


def without_extension(number: str) -> str:
    return number.partition(";")[0]


def _parse(number: str) -> PhoneNumber | None:
    if not _STORED.fullmatch(number):
        return None
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
