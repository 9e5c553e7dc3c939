import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.one_row.settings"
application = get_wsgi_application()

from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from tests.bench.one_row.models import Row  # noqa: E402 (needs the application that was just set up)

if Row._meta.db_table not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Row)
connection.close()


def one_row(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Row.objects.create(text="x" * 200)
    return HttpResponse("kept")


urlpatterns = [path("", one_row)]
