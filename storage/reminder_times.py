"""How long before something its people are reminded. Below the features, since a forecast needs all of them."""

from datetime import timedelta

MEETING_REMINDERS = (timedelta(minutes=60), timedelta(minutes=10))
"""How long before a meeting both sides are reminded: to set off, and to find the table."""
MISSION_REMINDED_BEFORE = timedelta(days=3)
"""How long before the deadline those who have not applied are reminded: a weekend to think, a working day to ask."""
LONGEST_EVENT_REMINDER = timedelta(days=31)
"""Events further away than this have no reminder yet."""
