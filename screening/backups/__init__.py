"""Encrypted backups of the whole database, one file a day, and how they are restored."""
