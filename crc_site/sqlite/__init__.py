"""Django's SQLite backend with a write lock. See docs/decisions/0016."""
