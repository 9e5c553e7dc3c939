"""Dates in Spanish on the desk: 22 jul 2020, 16:05, which nobody reads as another month."""

SHORT_DATE_FORMAT = "j b Y"
SHORT_DATETIME_FORMAT = "j b Y, H:i"
