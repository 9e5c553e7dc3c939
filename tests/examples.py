"""Hypothesis settings of all tests."""

import os

from hypothesis import HealthCheck, settings

# Parallel tests may be slow; function-scoped fixtures are shared by all examples on purpose.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("patient")

# On PostgreSQL only the database differs, so fewer examples are enough; `make fast` sets EXAMPLES_DIVISOR.
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
DIVISOR = int(os.environ.get("EXAMPLES_DIVISOR", "4" if ON_POSTGRESQL else "1"))


def examples(most: int) -> settings:
    """At most ``most`` examples, divided by DIVISOR."""
    return settings(max_examples=max(most // DIVISOR, 1))
