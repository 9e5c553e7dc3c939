"""Hypothesis settings of all tests."""

import os

from hypothesis import HealthCheck, settings

# Parallel tests may be slow; function-scoped fixtures are shared by all examples on purpose.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("patient")

# On PostgreSQL only the database differs, so fewer examples are enough.
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


def examples(most: int) -> settings:
    """At most ``most`` examples, a quarter of them on PostgreSQL."""
    return settings(max_examples=most // 4 if ON_POSTGRESQL else most)
