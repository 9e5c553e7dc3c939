"""URLs below /staff/ beside those of the accounts. The pages of the desk are in the admin: `desk/admin.py`."""

from django.urls import path

from screening.desk.appointments.feed import feed

urlpatterns = [
    path("calendar/<str:token>.ics", feed, name="calendar-feed"),
]
