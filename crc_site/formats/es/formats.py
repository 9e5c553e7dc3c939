"""Spanish dates on the desk, unambiguous: 22 jul 2020, 16:05."""

SHORT_DATE_FORMAT = "j b Y"
SHORT_DATETIME_FORMAT = "j b Y, H:i"
