"""Addresses of the questionnaire, below /candidacy/. None of them ever holds an answer."""

from django.urls import path

from screening.inquiries import views as inquiries
from screening.inquiries import withdrawal_views
from screening.questionnaire import views as questionnaire

urlpatterns = [
    path("", questionnaire.start, name="candidacy"),
    path("questions/", questionnaire.questions, name="questions"),
    path("resume/", questionnaire.resume, name="resume"),
    path("clear/", inquiries.clear, name="clear"),
    path("check/", inquiries.check, name="check"),
    path("sent/", inquiries.sent, name="sent"),
    path("sent/answers/", inquiries.sent_answers, name="sent-answers"),
    path("withdraw/<str:token>/", withdrawal_views.withdraw, name="withdraw"),
    path("withdraw/<str:token>/copy/", withdrawal_views.ask_for_copy, name="ask-for-copy"),
    path("copy/<str:token>/", withdrawal_views.copy, name="copy"),
    path("copy/<str:token>/json/", withdrawal_views.copy_as_json, name="copy-as-json"),
    path("<slug:slug>/", questionnaire.step, name="step"),
]
