"""/healthz: the process responds. /readyz: it can serve, or 503 because of the database or its migrations."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


@dataclass(frozen=True)
class Readiness:
    """An application's report: ``problem`` is why its database is unusable; ``details`` go into the response."""

    problem: str = ""
    details: dict[str, int | str | None] = field(default_factory=dict)


ReadinessCheck = Callable[[], Readiness]
_checks: list[ReadinessCheck] = []


def register_readiness_check(check: ReadinessCheck) -> ReadinessCheck:
    """Register an application's check; it runs only if all migrations are applied."""
    _checks.append(check)
    return check


def health_checks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; responds before the host check, since load balancers send an IP address as Host."""

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
    details: dict[str, int | str | None] = {}
    for check in _checks:
        readiness = check()
        if readiness.problem:
            return JsonResponse({"ready": False, "database": readiness.problem}, status=503)
        details |= readiness.details
    return JsonResponse({"ready": True, "database": "ok", "migrations": "applied", **details})
