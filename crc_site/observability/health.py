"""/healthz: the process answers. /readyz: it can serve, or why not; 503 for the database or its migrations only."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


def health_checks(get_response):
    """Answers before the host check, since a load balancer asks by address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _no_store(JsonResponse({"alive": True}))
        if request.path == "/readyz":
            return _no_store(_readiness())
        return get_response(request)

    return middleware


def _no_store(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _readiness() -> JsonResponse:
    try:
        return _readiness_checks()
    except Error:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)


def _readiness_checks() -> JsonResponse:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return JsonResponse({"ready": False, "database": "ok", "migrations": "waiting"}, status=503)
    from screening.backups.restore_marker import is_restore_unfinished
    from screening.models import Letter

    if is_restore_unfinished():
        return JsonResponse({"ready": False, "database": "a restore into it was not finished"}, status=503)

    return JsonResponse(
        {
            "ready": True,
            "database": "ok",
            "migrations": "applied",
            "oldest_unsent_mail_seconds": Letter.objects.age_of_oldest_unsent(),
        }
    )
