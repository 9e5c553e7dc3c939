"""How often hypothesis tries a property."""

import os

from hypothesis import HealthCheck, settings

# The same code runs a second time there, and only the database differs.
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


def examples(most: int) -> settings:
    """At most so many examples, however long each takes; a quarter of them on PostgreSQL."""
    return settings(
        max_examples=most // 4 if ON_POSTGRESQL else most,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
