from django.urls import path

from screening.accounts import views

urlpatterns = [
    path("enrol/<str:token>/", views.enrol, name="enrol"),
    path("language/", views.choose_language, name="staff-language"),
]
