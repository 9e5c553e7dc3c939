"""Dates in English as the texts write them: July 22, 2020."""

DATE_FORMAT = "F j, Y"
