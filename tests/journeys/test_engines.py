"""What people do most, in three browser engines, on a phone's width and a desk's."""

import re

import pytest

from tests.builders import answers
from tests.engines import wait_until
from tests.journeys.reader import ENGINES, Reader
from tests.journeys.script import answer, assert_reads_back, begin, pages, path, say, send
from tests.served import wait_for
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server]
in_each_engine = pytest.mark.parametrize("started", ENGINES, indirect=True)

MAIN_GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"
PHONE, DESK = (390, 844), (1280, 800)
TERM = "document.querySelector('.prose > p > .term')"


@pytest.fixture
def reader(engine, site):
    return Reader(engine, site.address)


@in_each_engine
def test_a_person_with_ra_asks_in_spanish_on_a_phone(reader):
    reader.engine.resize(*PHONE)
    reader.open(path("es", "candidacy"))
    begin(reader, "ra", "es", name="Rosa Núñez")
    assert reader.engine.run("return document.documentElement.scrollWidth <= innerWidth")


@in_each_engine
def test_a_person_with_both_asks_in_english_makes_mistakes_goes_back_changes_and_withdraws(reader, site):
    reader.open(path("en", "candidacy"))
    reader.go_on(say("en", "Start the questionnaire"))
    way = pages("both", "en", name="Bea Both", email="bea@example.org")
    for page in way[:3]:
        reader.go_on(say("en", "Continue"))
        assert say("en", "There is a problem") in reader.read()
        answer(reader, [page], "en")
    reader.go_on(say("en", "Back"))
    reader.press("Español")
    reader.press("English")
    answer(reader, way[2:], "en")
    assert_reads_back(reader, way)
    change = "[...document.querySelectorAll('main a')].find(a => a.textContent.trim().startsWith('Change'))"
    reader.follow(change)
    answer(reader, way[:1], "en")
    assert reader.place == path("en", "check")
    reference = send(reader, "en")
    link = re.compile(r"https?://\S+/candidacy/withdraw/\S+/")
    texts = wait_for(lambda: [mail.text for mail in site.mails() if reference in mail.text and link.search(mail.text)])
    reader.open(link.search(texts[0])[0])
    reader.press(say("en", "Erase my answers"))
    assert say("en", "Your answers are erased") in reader.engine.run("return document.querySelector('h1').innerText")


@in_each_engine
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_word_explains_itself_where_it_stands(reader, size):
    reader.engine.resize(*size)
    reader.open(MAIN_GUIDE)
    is_open = f"document.getElementById({TERM}.getAttribute('popovertarget')).matches(':popover-open')"
    reader.engine.run(f"{TERM}.scrollIntoView(); {TERM}.click()")
    wait_until(reader.engine, is_open)
    meaning = f"document.getElementById({TERM}.getAttribute('popovertarget')).getBoundingClientRect()"
    assert reader.engine.run(
        f"const box = {meaning}; return box.left >= 0 && box.right <= innerWidth && box.height > 40"
    )
    reader.engine.run(f"{TERM}.click()")
    assert not reader.engine.run(f"return {is_open}")


@in_each_engine
def test_a_guide_prints(reader):
    reader.open("/guides/treatment-day/")
    paper = reader.engine.print()
    assert paper.startswith(b"%PDF")
    assert len(paper) > 20_000


@in_each_engine
def test_staff_sign_in_open_an_inquiry_and_save_a_mark_on_a_phone_and_at_a_desk(reader, site, from_elsewhere):
    visitor = Visitor(site.address, headers=from_elsewhere)
    visitor.answer_everything(answers("oa", name="Olga Desk"))
    reference = visitor.send().reference
    reader.engine.resize(*PHONE)
    assert wait_for(lambda: is_signed_in(reader, site))  # each code works once
    for size, question in ((PHONE, "Which scan?"), (DESK, "Of which knee?")):
        reader.engine.resize(*size)
        reader.open(f"/admin/screening/inquiry/?q={reference}")
        reader.press(f"Olga Desk {reference}")
        reader.engine.run("document.getElementById('id_mark-oa-imaging_1').click()")
        reader.engine.run(f"document.getElementById('id_note-oa-imaging').value = '{question}'")
        reader.press("Save marks and notes")
        assert "Marks and notes are saved." in reader.engine.run("return document.body.innerText")


def is_signed_in(reader, site) -> bool:
    reader.open("/admin/")
    for field, text in (("username", "staff"), ("password", site.password), ("otp_token", site.code())):
        reader.engine.run(f"document.getElementById('id_{field}').value = '{text}'")
    reader.press("Sign in")
    return reader.engine.run("return !document.getElementById('id_otp_token')")
