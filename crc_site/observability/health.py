"""/healthz: the process answers. /readyz: it can serve, or why not; 503 for the database or its migrations only."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


@dataclass(frozen=True)
class Readiness:
    """What an application reports: ``problem`` says why its database cannot be used; ``details`` go into the body."""

    problem: str = ""
    details: dict[str, int | None] = field(default_factory=dict)


ReadinessCheck = Callable[[], Readiness]
_checks: list[ReadinessCheck] = []


def register_readiness_check(check: ReadinessCheck) -> ReadinessCheck:
    """Add an application's check; it runs once the migrations are known to be applied."""
    _checks.append(check)
    return check


def health_checks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
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
    details: dict[str, int | None] = {}
    for check in _checks:
        readiness = check()
        if readiness.problem:
            return JsonResponse({"ready": False, "database": readiness.problem}, status=503)
        details |= readiness.details
    return JsonResponse({"ready": True, "database": "ok", "migrations": "applied", **details})
