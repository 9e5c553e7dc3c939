"""How patiently and how often hypothesis tries a property."""

import os

from hypothesis import HealthCheck, settings

# Tests that run side by side may be slow; a fixture that lasts for all examples is meant.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("patient")

# The same code runs a second time there, and only the database differs.
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


def examples(most: int) -> settings:
    """At most so many examples; a quarter of them on PostgreSQL."""
    return settings(max_examples=most // 4 if ON_POSTGRESQL else most)
