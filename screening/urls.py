"""Addresses of the questionnaire, below /candidacy/. None of them ever holds an answer."""

from django.urls import path

from screening.inquiries import views as inquiries
from screening.questionnaire import views as questionnaire

urlpatterns = [
    path("", questionnaire.start, name="candidacy"),
    path("questions/", questionnaire.questions, name="questions"),
    path("resume/", questionnaire.resume, name="resume"),
    path("clear/", questionnaire.clear, name="clear"),
    path("check/", inquiries.check, name="check"),
    path("sent/", inquiries.sent, name="sent"),
    path("sent/answers/", inquiries.sent_answers, name="sent-answers"),
    path("withdraw/<str:token>/", inquiries.withdraw, name="withdraw"),
    path("<slug:slug>/", questionnaire.step, name="step"),
]
