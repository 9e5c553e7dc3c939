"""The pictures that stand for a guide or page, as templates of shapes; `docs/content.md` tells how they are drawn."""

from pathlib import Path

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

# By the slug of a guide or page, the path of its picture's template.
PICTURES = {
    str(file.relative_to(_TEMPLATES / "content" / "pictures").with_suffix("")): str(file.relative_to(_TEMPLATES))
    for file in sorted((_TEMPLATES / "content" / "pictures").rglob("*.html"))
}
