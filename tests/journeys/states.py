"""Every state of the questionnaire's pages other than its questions: how to reach it, and its heading.

To add a state, add a function and a row of STATES.
"""

from contextlib import contextmanager

from tests.journeys import staff_at_work
from tests.journeys.person import Somebody
from tests.pages import follow


def a_first_visit(somebody: Somebody) -> None:
    somebody.opens("candidacy")
    assert somebody.offers("Start the questionnaire")


def a_visit_with_a_draft(somebody: Somebody) -> None:
    somebody.begins()
    somebody.opens("candidacy")
    assert somebody.offers("Go on where you stopped")


def the_list_of_questions(somebody: Somebody) -> None:
    somebody.opens("questions")


def check(somebody: Somebody) -> None:
    somebody.answers_all(who="other", patient_name="José Pérez", phone="")
    somebody.opens("check")


def a_likely_slip_in_the_address(somebody: Somebody) -> None:
    somebody.answers_all(email="ana@gmial.com")
    somebody.opens("check")
    assert "ana@gmail.com" in somebody.reads()


def sent_too_soon(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.puts_back("started_at", minutes=-60)  # a slow machine takes a while to press Send
    somebody.opens("check")
    somebody.presses("Send")
    assert somebody.sees_notice("That was very fast")


def a_hidden_field_filled_in(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.opens("check")
    somebody.page.locator("[name=website]").fill("https://clinic.example")
    somebody.presses("Send")
    assert somebody.sees_notice("It was not sent yet")


def too_many_sends(somebody: Somebody) -> None:
    somebody.answers_all()
    with somebody.at_the_limit():
        somebody.sends()
    somebody.answers_all()
    somebody.opens("check")
    somebody.presses("Send")
    assert somebody.sees_notice("Please wait a little")


def too_many_answers(somebody: Somebody) -> None:
    somebody.answers_all()
    with somebody.at_the_limit():
        somebody.begins()
    somebody.opens("step", "infection")
    somebody.presses("Continue")
    assert somebody.sees_notice("Please wait a little")


def just_sent(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.sends()
    somebody.opens("sent")
    assert somebody.offers("See or print your answers")


def sent_half_an_hour_ago(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.sends()
    changed = "UPDATE screening_inquiry SET received_at = datetime(received_at, '-31 minutes') WHERE draft_id = ?"
    somebody.database.execute(changed, [somebody.draft_id])
    somebody.opens("sent")
    assert not somebody.offers("See or print your answers")


def the_answers_once_more(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.sends()
    somebody.opens("sent-answers")


def about_to_withdraw(somebody: Somebody) -> None:
    just_sent(somebody)
    somebody.follows("Withdraw my answers")


def about_to_withdraw_without_an_address(somebody: Somebody) -> None:
    somebody.answers_all(email="", channel="phone")
    somebody.sends()
    somebody.opens("sent")
    somebody.follows("Withdraw my answers")


def a_copy_asked_for(somebody: Somebody) -> None:
    about_to_withdraw(somebody)
    somebody.presses("Send me a copy")


def a_copy(somebody: Somebody) -> None:
    a_copy_asked_for(somebody)
    somebody.page.goto(somebody.link_of_mail("copy"))
    assert somebody.reference in somebody.reads()


def a_copy_that_no_longer_opens(somebody: Somebody) -> None:
    somebody.opens("copy", "forged")


def the_link_of_the_own_page(somebody: Somebody) -> None:
    just_sent(somebody)
    somebody.follows("Open your page")


def a_code_asked_for(somebody: Somebody) -> None:
    the_link_of_the_own_page(somebody)
    somebody.presses("Send me a code")


def a_wrong_code(somebody: Somebody) -> None:
    a_code_asked_for(somebody)
    right = somebody.code_of_mail()
    somebody.page.locator("[name=code]").fill(f"{(int(right) + 1) % 1_000_000:06}")
    somebody.presses("Open my page")
    assert somebody.sees_notice("This code does not fit")


def the_own_page(somebody: Somebody) -> None:
    a_code_asked_for(somebody)
    somebody.page.locator("[name=code]").fill(somebody.code_of_mail())
    somebody.presses("Open my page")
    assert somebody.page.locator("#reply").count() == 1


def a_message_sent(somebody: Somebody) -> None:
    the_own_page(somebody)
    somebody.page.locator("[name=text]").fill("It hurts less now.")
    somebody.presses("Send message")
    assert "It hurts less now." in somebody.reads()


def an_empty_message(somebody: Somebody) -> None:
    the_own_page(somebody)
    somebody.presses("Send message")
    assert somebody.sees_notice("There is a problem")


def times_offered(somebody: Somebody) -> None:
    the_own_page(somebody)
    somebody.meanwhile(staff_at_work.offer_times, 400)
    somebody.page.reload()
    assert somebody.page.locator("form.message").count() == 3


def times_in_another_zone(somebody: Somebody) -> None:
    times_offered(somebody)
    somebody.page.locator(".zone summary").click()
    somebody.page.locator("#id_zone").select_option("America/New_York")
    somebody.presses("Show")
    somebody.page.locator(".zone summary").click()


def a_time_taken(somebody: Somebody) -> None:
    times_offered(somebody)
    follow(somebody.page.locator("form.message button").nth(1))
    assert "https://meet.example/room" in somebody.reads()


def an_appointment_about_to_be_cancelled(somebody: Somebody) -> None:
    times_offered(somebody)
    somebody.meanwhile(staff_at_work.confirm_the_first)
    somebody.page.reload()
    somebody.page.locator(".cancel summary").click()


def an_appointment_cancelled(somebody: Somebody) -> None:
    an_appointment_about_to_be_cancelled(somebody)
    follow(somebody.page.locator(".cancel button"))


def a_time_taken_meanwhile(somebody: Somebody) -> None:
    times_offered(somebody)
    somebody.meanwhile(staff_at_work.take_the_first_for_somebody_else)
    follow(somebody.page.locator("form.message button").first)
    assert somebody.sees_notice("This time was taken meanwhile")


def other_times_asked_for_at_too_great_length(somebody: Somebody) -> None:
    times_offered(somebody)
    somebody.page.locator(".other-times summary").click()
    somebody.page.locator("#times-text").fill("x" * 2001)
    somebody.presses("Ask for other times")
    assert somebody.sees_notice("There is a problem")


def the_own_page_without_an_address(somebody: Somebody) -> None:
    somebody.answers_all(email="", channel="phone")
    somebody.sends()
    somebody.opens("sent")
    somebody.follows("Open your page")


def withdrawn(somebody: Somebody) -> None:
    about_to_withdraw(somebody)
    somebody.presses("Erase my answers")


def sent_and_withdrawn(somebody: Somebody) -> None:
    withdrawn(somebody)
    somebody.opens("sent")


def a_forged_link(somebody: Somebody) -> None:
    somebody.opens("withdraw", "forged")


def cleared(somebody: Somebody) -> None:
    a_visit_with_a_draft(somebody)
    somebody.presses("Clear this device")


def sent_and_cleared(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.sends()
    somebody.opens("step", "goals")
    assert somebody.is_at("We have your answers")
    somebody.presses("Clear this device")
    assert somebody.page.context.cookies() == []


def expired(somebody: Somebody) -> None:
    somebody.begins()
    somebody.puts_back("expires_at", minutes=24 * 60)
    somebody.opens("sent")


def a_number_of_two_countries(somebody: Somebody) -> None:
    somebody.answers_all(phone="")
    somebody.opens("step", "contact")
    somebody.page.locator("[name=phone]").fill("951 234 0123")
    somebody.presses("Continue")
    assert somebody.page.locator("[name=phone-country]:checked").count() == 0
    assert somebody.page.locator("[name=phone-country]").count() == 2


def a_page_open_too_long(somebody: Somebody) -> None:
    somebody.opens("step", "consent")
    newer = {"name": "csrf", "value": "a" * 32, "url": somebody.site.address}
    somebody.page.context.add_cookies([newer])
    somebody.presses("Continue")


def cookies_refused(somebody: Somebody) -> None:
    somebody.opens("step", "consent")
    somebody.page.context.clear_cookies()
    somebody.presses("Continue")


def an_origin_hidden_by_the_browser(somebody: Somebody) -> None:
    just_sent(somebody)
    somebody.follows("Withdraw my answers")
    hiding = "Object.assign(document.createElement('meta'), {name: 'referrer', content: 'no-referrer'})"
    somebody.page.evaluate(f"document.head.append({hiding})")
    somebody.presses("Erase my answers")
    assert "24" not in somebody.reads()


def no_such_question(somebody: Somebody) -> None:
    somebody.opens("step", "nowhere")


def a_form_of_too_many_fields(somebody: Somebody) -> None:
    somebody.opens("step", "consent")
    somebody.page.evaluate(
        """() => {
            const form = document.querySelector("main form");
            for (let number = 0; number < 401; number++) {
                form.append(Object.assign(document.createElement("input"), {type: "hidden", name: `x${number}`}));
            }
        }"""
    )
    somebody.presses("Continue")


@contextmanager
def broken(somebody: Somebody, breaking: str, mending: str):
    somebody.database.execute(breaking)
    try:
        yield
    finally:
        somebody.database.execute(mending)


def a_fault(somebody: Somebody) -> None:
    somebody.answers_all()
    somebody.sends()
    renaming = "UPDATE screening_wordingversion SET content = replace(content, '{}', '{}')"
    names = ('"steps":', '"steps-away":')
    with broken(somebody, renaming.format(*names), renaming.format(*reversed(names))):
        somebody.opens("sent-answers")


def a_pause(somebody: Somebody) -> None:
    somebody.begins()
    renaming = "ALTER TABLE {} RENAME TO {}"
    names = ("screening_draft", "screening_draft_away")
    with broken(somebody, renaming.format(*names), renaming.format(*reversed(names))):
        somebody.opens("step", "condition")


STATES = [
    (a_first_visit, "Am I a candidate?"),
    (a_visit_with_a_draft, "Am I a candidate?"),
    (the_list_of_questions, "All questions"),
    (check, "Check your answers"),
    (a_likely_slip_in_the_address, "Check your answers"),
    (sent_too_soon, "Check your answers"),
    (a_hidden_field_filled_in, "Check your answers"),
    (too_many_sends, "Check your answers"),
    (too_many_answers, "Do you have an infection right now?"),
    (just_sent, "We have your answers"),
    (sent_half_an_hour_ago, "We have your answers"),
    (the_answers_once_more, "Your answers"),
    (about_to_withdraw, "Withdraw your answers"),
    (about_to_withdraw_without_an_address, "Withdraw your answers"),
    (a_copy_asked_for, "Your copy is on its way"),
    (a_copy, "Your copy"),
    (a_copy_that_no_longer_opens, "This link no longer opens"),
    (the_link_of_the_own_page, "Your inquiry"),
    (a_code_asked_for, "Your inquiry"),
    (a_wrong_code, "Your inquiry"),
    (the_own_page, "Your inquiry"),
    (a_message_sent, "Your inquiry"),
    (an_empty_message, "Your inquiry"),
    (times_offered, "Your inquiry"),
    (times_in_another_zone, "Your inquiry"),
    (a_time_taken, "Your inquiry"),
    (an_appointment_about_to_be_cancelled, "Your inquiry"),
    (an_appointment_cancelled, "Your inquiry"),
    (a_time_taken_meanwhile, "Your inquiry"),
    (other_times_asked_for_at_too_great_length, "Your inquiry"),
    (the_own_page_without_an_address, "Your inquiry"),
    (withdrawn, "Your answers are erased"),
    (sent_and_withdrawn, "Your answers are erased"),
    (a_forged_link, "This link does not work"),
    (cleared, "This device is clear"),
    (sent_and_cleared, "This device is clear"),
    (expired, "There are no answers to show"),
    (a_number_of_two_countries, "How can we reach you?"),
    (a_page_open_too_long, "This page was open too long"),
    (cookies_refused, "Your browser sent no cookie"),
    (an_origin_hidden_by_the_browser, "Your browser hides where the form came from"),
    (no_such_question, "We cannot find that page"),
    (a_form_of_too_many_fields, "We could not read that request"),
    (a_fault, "Something went wrong on our side"),
    (a_pause, "Please try again in a minute"),
]
