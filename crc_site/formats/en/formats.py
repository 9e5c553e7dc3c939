"""Dates in English as the texts write them: July 22, 2020; on the desk Jul 22, 2020, 4:05 p.m., read by all alike."""

DATE_FORMAT = "F j, Y"
SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y, P"
