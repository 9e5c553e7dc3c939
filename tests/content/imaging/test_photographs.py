import io

import pytest
from PIL import Image

from content.imaging import photographs
from content.rendering import render
from content.templatetags.clinic_texts import html
from tests.content import copies_of_texts

pytestmark = pytest.mark.slow


@pytest.fixture
def images(tmp_path, settings):
    """The folder for the clinic's photographs, in a copy of its texts."""
    settings.CONTENT_DIR = copies_of_texts.copy_of_english(tmp_path)
    folder = settings.CONTENT_DIR / "images"
    folder.mkdir()
    return folder


@pytest.fixture
def room(images):
    """A 1200 × 800 photograph, stored rotated, whose EXIF data names a place."""
    taken = Image.effect_noise((800, 1200), 60).convert("RGB")
    notes = taken.getexif()
    notes[0x0112] = 6  # EXIF orientation: rotated by 90°
    notes[0x010E] = "canary of a place"
    taken.save(images / "waiting-room.jpg", exif=notes)
    return images / "waiting-room.jpg"


def test_a_photograph_comes_in_the_sizes_a_screen_may_need(room, client):
    srcset = photographs.srcset_of("waiting-room.jpg")
    assert (srcset["width"], srcset["height"]) == (1200, 800)
    assert [size for size, _address in srcset["sizes"]] == [480, 960, 1200]
    for size, address in srcset["sizes"]:
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "image/webp"
        assert "public" in answer.headers["Cache-Control"]
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.format, picture.width) == ("WEBP", size)
            assert picture.width > picture.height
        assert b"canary" not in answer.content


@pytest.mark.parametrize(
    "address", ["waiting-room.jpg-481", "nothing.jpg-480", "..%2fsecret.jpg-480", "waiting-room.jpg-99999"]
)
def test_no_other_size_or_file_is_made(room, client, address):
    assert client.get(f"/photographs/{address}.webp").status_code == 404


def test_a_small_photograph_is_not_made_larger(images):
    Image.new("RGB", (300, 200)).save(images / "logo.png")
    assert [size for size, _address in photographs.srcset_of("logo.png")["sizes"]] == [300]


def test_in_a_text_it_keeps_its_place_and_says_what_it_shows(room):
    class Text:
        html = render("![A quiet & light room](photo:waiting-room.jpg)", language="en").html

    shown = html(Text)
    for part in ('alt="A quiet &amp; light room"', 'width="1200"', 'height="800"', "srcset=", 'loading="lazy"', "480w"):
        assert part in shown
    assert "photo:" not in shown


def test_sound_pictures_and_no_pictures_have_no_problem(images):
    Image.new("RGB", (40, 30)).save(images / "front-desk.jpg")
    (images / "team").mkdir()
    Image.new("RGB", (40, 30)).save(images / "team" / "portrait.webp")
    (images / ".DS_Store").write_bytes(b"\0")
    assert photographs.check_photographs(None) == []
    for file in images.rglob("*.*"):
        file.unlink()
    assert photographs.check_photographs(None) == []


def test_a_broken_picture_is_named_by_its_path(images):
    whole = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(whole, "JPEG")
    (images / "half.jpg").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    (images / "words.png").write_text("This is no picture.")
    (images / "empty.webp").write_bytes(b"")
    assert [error.msg for error in photographs.check_photographs(None)] == [
        f"{images / name}: this picture is broken, or not a picture at all."
        for name in ("empty.webp", "half.jpg", "words.png")
    ]


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ((8000, 5001), "this picture has 40.0 megapixels; 40 are the most."),
        ((10_000, 10_000), "this picture has 100.0 megapixels; 40 are the most."),
        ((20_000, 20_000), "this picture has far more than 40 megapixels."),
    ],
)
def test_a_huge_picture_is_named_and_not_decoded(images, size, message):
    Image.new("1", size).save(images / "huge.png")
    assert [error.msg for error in photographs.check_photographs(None)] == [f"{images / 'huge.png'}: {message}"]


def test_a_picture_of_exactly_the_most_is_welcome(images):
    Image.new("1", (8000, 5000)).save(images / "large.png")
    assert photographs.check_photographs(None) == []
