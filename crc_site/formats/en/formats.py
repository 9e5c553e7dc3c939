"""English dates: July 22, 2020 in texts; on the desk the unambiguous Jul 22, 2020, 4:05 p.m."""

DATE_FORMAT = "F j, Y"
SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y, P"
