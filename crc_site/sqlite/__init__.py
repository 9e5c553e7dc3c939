"""Django's SQLite with one thing added: those who write take turns. See docs/decisions/0016."""
