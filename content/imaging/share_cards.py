"""Share cards: the picture shown with a shared link, drawn from the page's title."""

import io
from collections.abc import Iterator
from functools import cache, lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageColor, ImageDraw, ImageFont

from content.documents import Guide, Page

WIDTH, HEIGHT = 1200, 630
# The colours of tokens.css.
COLOURS = {
    "ground": "#faf6ee",
    "ink": "#16302f",
    "muted": "#3f5755",
    "teal": "#0c5a57",
    "ra": "#a8442a",
    "oa": "#1f5f8b",
    "bone": "#fff5df",
    "cartilage": "#84c1b6",
}
# Colours that meet at an edge, and the number of steps between them.
EDGES = [
    *(("ground", colour) for colour in ("ink", "muted", "teal", "ra")),
    ("ra", "oa"),
    ("oa", "teal"),
    *(("teal", colour) for colour in ("bone", "cartilage")),
    ("bone", "cartilage"),
]
SHADES = 12

# Left, top, right, bottom. Text stays inside its box.
NAME_BOX = (80, 64, 800, 120)
TITLE_BOX = (80, 168, 800, 508)
ADDRESS_BOX = (80, 532, 800, 578)
PANEL_LEFT = 880
SUPERSAMPLING = 3  # drawn this many times larger, then reduced, for smooth edges

# The mark of static/img/mark.svg on a 40 × 40 grid: each line is a start point and cubic Bézier curves.
BONES = [
    [
        (15.5, 6),
        (15.5, 6, 15.5, 9.2, 15.5, 9.2),
        (15.5, 11.4, 11.2, 12.2, 11.2, 15.2),
        (11.2, 17.8, 13.6, 19.1, 15.8, 18.1),
        (18.5, 16.9, 21.5, 16.9, 24.2, 18.1),
        (26.4, 19.1, 28.8, 17.8, 28.8, 15.2),
        (28.8, 12.2, 24.5, 11.4, 24.5, 9.2),
        (24.5, 9.2, 24.5, 6, 24.5, 6),
    ],
    [(15.5, 34), (15.5, 34, 15.5, 30.8, 15.5, 30.8), (15.5, 28.6, 11.2, 27.8, 11.2, 24.8)],
    [(24.5, 34), (24.5, 34, 24.5, 30.8, 24.5, 30.8), (24.5, 28.6, 28.8, 27.8, 28.8, 24.8)],
]
CARTILAGE = [(11.2, 24.8), (15.8, 22.8, 24.2, 22.8, 28.8, 24.8)]

Box = tuple[int, int, int, int]
Font = ImageFont.FreeTypeFont


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def share_card(request: HttpRequest, document: Guide | Page) -> HttpResponse:
    return HttpResponse(card_for(document), content_type="image/png")


def card_for(document: Guide | Page) -> bytes:
    return draw_card(document.title, settings.CLINIC_NAME, urlsplit(settings.SITE_URL).hostname or "")


@lru_cache(maxsize=256)
def draw_card(title: str, clinic: str, address: str) -> bytes:
    """A PNG of 1200 × 630 pixels: clinic name, title and address beside the mark on a panel."""
    image = Image.new("RGB", (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), COLOURS["ground"])
    draw = ImageDraw.Draw(image)
    _draw_panel(draw)
    _draw_text(draw, clinic, NAME_BOX, "Semibold", range(40, 19, -2), COLOURS["teal"])
    _draw_text(draw, title, TITLE_BOX, "Bold", range(80, 35, -2), COLOURS["ink"])
    _draw_text(draw, address, ADDRESS_BOX, "Regular", range(30, 19, -2), COLOURS["muted"])
    smooth = image.reduce(SUPERSAMPLING)
    png = io.BytesIO()
    smooth.quantize(palette=_palette(), dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


@cache
def _palette() -> Image.Image:
    """The palette of a card: the colours of EDGES and the shades between them."""
    palette = Image.new("P", (1, 1))
    shades = [
        round(one + (other - one) * step / SHADES)
        for ground, colour in EDGES
        for step in range(SHADES + 1)
        for one, other in zip(*map(ImageColor.getrgb, (COLOURS[ground], COLOURS[colour])), strict=True)
    ]
    palette.putpalette(shades)
    return palette


def _draw_panel(draw: ImageDraw.ImageDraw) -> None:
    """Draw the teal panel with the mark, and to its left a stripe for each condition."""
    for left, colour in ((PANEL_LEFT - 24, "ra"), (PANEL_LEFT - 12, "oa"), (PANEL_LEFT, "teal")):
        draw.rectangle((left * SUPERSAMPLING, 0, WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), fill=COLOURS[colour])
    for line in BONES:
        _draw_line(draw, line, COLOURS["bone"])
    _draw_line(draw, CARTILAGE, COLOURS["cartilage"])


def _draw_line(draw: ImageDraw.ImageDraw, line: list, colour: str) -> None:
    scale, left, top, weight = (
        9.5 * SUPERSAMPLING,
        (PANEL_LEFT - 30) * SUPERSAMPLING,
        125 * SUPERSAMPLING,
        20 * SUPERSAMPLING,
    )
    for x, y in _points_along(line):
        draw.circle((left + x * scale, top + y * scale), weight / 2, fill=colour)


def _points_along(line: list, steps: int = 60) -> Iterator[tuple[float, float]]:
    x, y = line[0]
    yield x, y
    for ax, ay, bx, by, end_x, end_y in line[1:]:
        for t in (step / steps for step in range(1, steps + 1)):
            s = 1 - t
            weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
            yield (
                sum(weight * along for weight, along in zip(weights, (x, ax, bx, end_x), strict=True)),
                sum(weight * along for weight, along in zip(weights, (y, ay, by, end_y), strict=True)),
            )
        x, y = end_x, end_y


def _draw_text(draw: ImageDraw.ImageDraw, text: str, box: Box, cut: str, sizes: range, colour: str) -> None:
    """Draw ``text`` as large as it fits, vertically centred in ``box``."""
    left, top, right, bottom = (edge * SUPERSAMPLING for edge in box)
    lines, font = _fit_text(" ".join(text.split()), right - left, bottom - top, cut, sizes)
    top += (bottom - top - _line_height(font) * len(lines)) // 2
    for number, line in enumerate(lines):
        draw.text((left, top + number * _line_height(font)), line, font=font, fill=colour)


def _fit_text(text: str, width: int, height: int, cut: str, sizes: range) -> tuple[list[str], Font]:
    """The lines, and the largest font in which they fit; in the smallest font they are truncated."""
    for size in sizes:
        font = _typeface(cut, size * SUPERSAMPLING)
        lines = _wrapped(text, font, width)
        room = height // _line_height(font)
        if len(lines) <= room and all(font.getlength(line) <= width for line in lines):
            return lines, font
    kept = [*lines[: room - 1], " ".join(lines[room - 1 :])]
    return [_shortened(line, font, width) for line in kept if line], font


def _wrapped(text: str, font: Font, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(line: str, font: Font, width: int) -> str:
    if font.getlength(line) <= width:
        return line
    fits = max(end for end in range(len(line) + 1) if end == 0 or font.getlength(f"{line[:end]}…") <= width)
    return f"{line[:fits].rstrip()}…"


def _line_height(font: Font) -> int:
    """The distance between baselines in pixels: ascent plus descent."""
    ascent, descent = font.getmetrics()
    return ascent + descent


@cache
def _typeface(cut: str, size: int) -> Font:
    name = "SourceSerifPro" if cut == "Regular" else f"SourceSerifPro{cut}"
    return ImageFont.truetype(font_files_ttf[name], size)
