"""The photographs in content/images/, served as WebP in several widths that are made on first request."""

import io
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps

WIDTHS = (480, 960, 1440)  # pixels; photographs are never enlarged
EXTENSIONS = {".jpg", ".jpeg", ".png", ".webp"}
MAX_MEGAPIXELS = 40


def photographs() -> dict[str, Path]:
    """All photographs, by file name."""
    folder = settings.CONTENT_DIR / "images"
    return {file.name: file for file in sorted(folder.glob("*")) if file.suffix.lower() in EXTENSIONS}


def srcset_of(name: str) -> dict:
    """The context of an <img>: the original's width and height, and (width, URL) pairs in ``sizes``."""
    file = photographs()[name]
    width, height = _dimensions(file, file.stat().st_mtime)
    sizes = [(size, reverse("photograph", args=[name, size])) for size in _widths(width)]
    return {"width": width, "height": height, "sizes": sizes, "largest": sizes[-1][1]}


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def photograph(request: HttpRequest, name: str, width: int) -> HttpResponse:
    """One width of a photograph. Name and width are looked up; no path is built from input."""
    file = photographs().get(name)
    changed = file.stat().st_mtime if file else 0.0
    if file is None or width not in _widths(_dimensions(file, changed)[0]):
        raise Http404
    return HttpResponse(_rendition(file, changed, width), content_type="image/webp")


def _widths(original: int) -> list[int]:
    """The widths served for an original of that width."""
    return sorted({size for size in WIDTHS if size < original} | {min(original, WIDTHS[-1])})


@lru_cache(maxsize=256)
def _dimensions(file: Path, changed: float) -> tuple[int, int]:
    """Width and height after EXIF rotation; ``changed`` is part of the cache key."""
    with Image.open(file) as picture:
        return ImageOps.exif_transpose(picture).size


@lru_cache(maxsize=64)
def _rendition(file: Path, changed: float, width: int) -> bytes:
    """A WebP of that width after EXIF rotation, without metadata such as place and time."""
    with Image.open(file) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((width, upright.height))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    webp = io.BytesIO()
    clean.save(webp, "WEBP", quality=80)
    return webp.getvalue()


@register()
def check_photographs(app_configs: object, **kwargs: Any) -> list[Error]:
    folder = settings.CONTENT_DIR / "images"
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    return [Error(f"{file}: {problem}", id="content.E002") for file in files if (problem := _image_problem(file))]


def _image_problem(file: Path) -> str:
    """A picture's problem, or an empty string. Very large pictures are not decoded."""
    with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
        try:
            with Image.open(file) as picture:
                megapixels = picture.width * picture.height / 1_000_000
                if megapixels > MAX_MEGAPIXELS:
                    return f"this picture has {megapixels:.1f} megapixels; {MAX_MEGAPIXELS} are the most."
                picture.load()
        except Image.DecompressionBombError:
            return f"this picture has far more than {MAX_MEGAPIXELS} megapixels."
        except (OSError, SyntaxError, ValueError):
            return "this picture is broken, or not a picture at all."
    return ""
