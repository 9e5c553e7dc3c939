"""The whole database in one encrypted file a day, and back into an empty place; the ledger of erasures beside it."""
