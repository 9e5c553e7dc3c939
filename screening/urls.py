"""URLs below /candidacy/. None of them contains an answer."""

from django.urls import path, re_path

from screening.inquiries import patient_page_views, patient_times_views, withdrawal_views
from screening.inquiries import views as inquiries
from screening.questionnaire import views as questionnaire

# Mail programs append the punctuation after a link to it: a bracket, comma or full stop, literally or as an entity.
LINK_AND_MORE = r"^(?P<page>withdraw|copy|inquiry)/(?P<token>[\w-]+(?:\.[\w-]+)+)(?!/$)(?:&\w+;|[^\w-])+$"

urlpatterns = [
    path("", questionnaire.start, name="candidacy"),
    path("questions/", questionnaire.questions, name="questions"),
    path("resume/", questionnaire.resume, name="resume"),
    path("clear/", inquiries.clear, name="clear"),
    path("check/", inquiries.check, name="check"),
    path("sent/", inquiries.sent, name="sent"),
    path("sent/answers/", inquiries.sent_answers, name="sent-answers"),
    path("inquiry/<str:token>/", patient_page_views.inquiry_page, name="inquiry"),
    path("inquiry/<str:token>/code/", patient_page_views.send_code, name="inquiry-code"),
    path("inquiry/<str:token>/open/", patient_page_views.enter_code, name="inquiry-open"),
    path("inquiry/<str:token>/reply/", patient_page_views.reply, name="inquiry-reply"),
    path("inquiry/<str:token>/zone/", patient_times_views.choose_zone, name="inquiry-zone"),
    path("inquiry/<str:token>/take/", patient_times_views.take_time, name="inquiry-take"),
    path("inquiry/<str:token>/other-times/", patient_times_views.ask_for_other_times, name="inquiry-other-times"),
    path("inquiry/<str:token>/cancel/", patient_times_views.cancel_appointment, name="inquiry-cancel"),
    path("inquiry/<str:token>/calendar/", patient_times_views.calendar, name="inquiry-calendar"),
    path("withdraw/<str:token>/", withdrawal_views.withdraw, name="withdraw"),
    path("withdraw/<str:token>/copy/", withdrawal_views.ask_for_copy, name="ask-for-copy"),
    path("copy/<str:token>/", withdrawal_views.copy, name="copy"),
    path("copy/<str:token>/json/", withdrawal_views.copy_as_json, name="copy-as-json"),
    re_path(LINK_AND_MORE, withdrawal_views.only_the_link, name="link-and-more"),
    path("<slug:slug>/", questionnaire.step, name="step"),
]
