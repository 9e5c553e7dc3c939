"""The interface's strings: found in the code and the templates, and kept in crc_site/locale without system gettext."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

PYTHON = ("crc_site", "content", "screening")
_KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}

Message = str | tuple[str, str]


def catalog_file(language: str) -> Path:
    return settings.BASE_DIR / "crc_site" / "locale" / language / "LC_MESSAGES" / "django.po"


def extract_messages() -> set[Message]:
    """Every string of the interface; a pair where it has a plural."""
    return set(_from_python()) | set(_from_templates())


def read_catalog(language: str) -> Catalog:
    with catalog_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update_catalog(language: str) -> list[Message]:
    """Bring the catalogue to what the code says, and return what is left to translate. Nothing is guessed."""
    held = read_catalog(language)
    kept = {"creation_date": held.creation_date, "revision_date": held.revision_date}
    nobody = dict.fromkeys(("msgid_bugs_address", "last_translator", "language_team", "version"), "-")
    header = {"project": "crc-site", "header_comment": held.header_comment, "fuzzy": False}
    fresh = Catalog(locale=language, domain="django", **header, **nobody, **kept)
    for message in sorted(extract_messages(), key=str):
        known = held.get(message if isinstance(message, str) else message[0])
        fresh.add(message, known.string if known else "")
    with catalog_file(language).open("wb") as file:
        write_po(file, fresh, width=100, omit_header=False, sort_output=True)
    return untranslated(fresh)


def untranslated(catalogue: Catalog) -> list[Message]:
    return [message.id for message in catalogue if message.id and not _is_translated(message.string)]


def _is_translated(string: str | tuple[str, ...]) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def _from_python() -> Iterator[Message]:
    for folder in PYTHON:
        for file in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            for _line, message, _comments, _context in extract_from_file("python", file, keywords=_KEYWORDS):
                yield message


def _from_templates() -> Iterator[Message]:
    root = settings.BASE_DIR / "templates"
    for file in sorted(root.rglob("*.html")):
        nodes = get_template(str(file.relative_to(root))).template.nodelist
        for node in nodes.get_nodes_by_type(TranslateNode):
            yield str(node.filter_expression.var.literal)
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield (singular, plural) if plural else singular
