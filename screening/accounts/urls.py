from django.urls import path

from screening.accounts import views

urlpatterns = [
    path("enrol/<str:token>/", views.enrol, name="enrol"),
    path("passkey/", views.sign_in_by_passkey, name="passkey"),
    path("language/", views.choose_language, name="staff-language"),
]
