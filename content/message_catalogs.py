"""Extract the interface's strings and update the catalogs in crc_site/locale, without GNU gettext."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Engine, Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

PYTHON = ("crc_site", "content", "screening")
_KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}

Message = str | tuple[str, ...]


def catalog_file(language: str) -> Path:
    return settings.BASE_DIR / "crc_site" / "locale" / language / "LC_MESSAGES" / "django.po"


def extract_messages() -> set[Message]:
    """All translatable strings; a (singular, plural) pair if there is a plural."""
    return set(_from_python()) | set(_from_templates())


def read_catalog(language: str) -> Catalog:
    with catalog_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update_catalog(language: str) -> list[Message]:
    """Update the catalog to the extracted strings, without fuzzy matches; return the untranslated ones."""
    old = read_catalog(language)
    new = Catalog(
        locale=language,
        domain="django",
        project="crc-site",
        version="-",
        header_comment=old.header_comment,
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    for message in sorted(extract_messages(), key=str):
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known else "")
    with catalog_file(language).open("wb") as file:
        write_po(file, new, width=100, omit_header=False, sort_output=True)
    return untranslated(new)


def untranslated(catalog: Catalog) -> list[Message]:
    return [_hashable(message.id) for message in catalog if message.id and not _is_translated(message.string)]


def _hashable(message: str | Sequence[str]) -> Message:
    return message if isinstance(message, str) else tuple(message)


def _is_translated(string: str | Sequence[str] | None) -> bool:
    return bool(string and (isinstance(string, str) or all(string)))


def _from_python() -> Iterator[Message]:
    for folder in PYTHON:
        for file in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            for _line, message, _comments, _context in extract_from_file("python", file, keywords=_KEYWORDS):
                yield _hashable(message)


def _from_templates() -> Iterator[Message]:
    root = settings.BASE_DIR / "templates"
    engine = Engine.get_default()
    for file in sorted(root.rglob("*.html")):
        nodes = engine.get_template(str(file.relative_to(root))).nodelist
        for node in nodes.get_nodes_by_type(Node):
            if isinstance(node, TranslateNode):
                yield str(node.filter_expression.var.literal)
            elif isinstance(node, BlockTranslateNode):
                singular, _names = node.render_token_list(node.singular)
                plural = node.render_token_list(node.plural)[0] if node.plural else None
                yield (singular, plural) if plural else singular
