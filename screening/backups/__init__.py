"""The whole database in one encrypted file a day, and its restoration into an empty database."""
