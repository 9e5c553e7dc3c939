"""The site's URLs, plus views that fail in different ways."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.urls import path

from crc_site.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401

ANSWER = "ana@clinic.example has had RA since 2019"
FAILURES = {
    "fault": ValueError(ANSWER),
    "forbidden": PermissionDenied(ANSWER),
    "suspicious": SuspiciousOperation(ANSWER),
    "database-away": OperationalError(ANSWER),
    "database-gone": InterfaceError(ANSWER),
}


def fail(request, name):
    raise FAILURES[name]


urlpatterns = [path("fails/<str:name>/", fail, name="fails"), *urlpatterns]
