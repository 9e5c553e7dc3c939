"""How far the clocks of several machines may differ. What is further ahead was written while a clock was wrong."""

from datetime import timedelta

CLOCK_TOLERANCE = timedelta(minutes=5)
