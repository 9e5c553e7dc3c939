"""Unique canary words: the code that plants them, provokes errors with them, and searches for them."""
